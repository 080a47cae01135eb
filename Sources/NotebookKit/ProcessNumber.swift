#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The process's number: what is displayed after a restart has a name of its own by it.
func processNumber() -> Int { Int(getpid()) }

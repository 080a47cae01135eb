#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The `anneal` program.
@main
struct Main {
  static func main() {
    let code = CommandLineTool().run(
      Array(CommandLine.arguments.dropFirst()), console: .process())
    exit(code.rawValue)
  }
}

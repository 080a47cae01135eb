import CPUBackend
import Kernels
public import Networks

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What trainings run on here: the processor, with the best kernels that it has.
///
/// - Parameter threads: Threads that share the work, ≥ 1; nil for as many as there are processors.
/// - Returns: The backend; it holds no threads of its own until something is compiled for it.
/// - Throws: `KernelError` where the environment variable `ANNEAL_KERNELS` names kernels that this
///   processor cannot run.
public func machineBackend(threads: Int? = nil) throws -> any Backend {
  CPUBackend(
    variant: try KernelVariant.selected(environment: kernelChoice()),
    threadCount: threads ?? max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))))
}

/// The part of the environment in which kernels may be chosen.
private func kernelChoice() -> [String: String] {
  guard let name = unsafe getenv("ANNEAL_KERNELS") else { return [:] }
  return ["ANNEAL_KERNELS": unsafe String(cString: name)]
}

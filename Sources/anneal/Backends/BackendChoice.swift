import CPUBackend
import Kernels
import Networks

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The one place where a backend is chosen.
struct BackendChoice: Sendable {
  /// What `--device` takes.
  enum Device: String, CaseIterable, Sendable { case auto, cpu, cuda }

  static let device = Option.value(
    "device", "DEVICE", .choice(Device.allCases) { $0.rawValue }, default: "auto",
    "auto or cpu; this build has no cuda")

  static let convolution = Option.value(
    "convolution", "HOW", .choice(ConvolutionAlgorithm.allCases) { $0.rawValue },
    default: "auto", "auto, direct or winograd")

  /// The instruction set of the processor's kernels.
  let variant: KernelVariant
  /// The threads that share the work of each kernel.
  let threadCount: Int
  /// How the processor computes convolutions.
  let convolution: ConvolutionAlgorithm

  /// Chooses what to run on.
  ///
  /// - Parameters:
  ///   - device: What was asked for.
  ///   - threads: The threads asked for; as many as there are processors if `nil`.
  ///   - convolution: How the processor computes convolutions.
  ///   - environment: Where `ANNEAL_KERNELS` may name an instruction set.
  /// - Throws: `CommandError` if the device is not there, `KernelError` if the instruction set is not.
  init(
    device: Device = .auto, threads: Int?, convolution: ConvolutionAlgorithm = .auto,
    environment: [String: String]
  ) throws {
    guard device != .cuda else {
      throw CommandError.failure(
        .unavailable, "this build has no CUDA backend; --device cpu is there")
    }
    variant = try KernelVariant.selected(environment: environment)
    threadCount = threads ?? ProcessInfo.processInfo.activeProcessorCount
    self.convolution = convolution
  }

  /// The backend itself.
  var backend: any Backend { cpuBackend }

  /// The backend that runs on the processor.
  private var cpuBackend: CPUBackend {
    CPUBackend(variant: variant, threadCount: threadCount, convolution: convolution)
  }

  /// The backend with a clock at every operation.
  func profilingBackend(_ profile: Profile, now: @escaping @Sendable () -> Double) -> any Backend {
    ProfilingBackend(cpuBackend, profile: profile, now: now)
  }

  /// What the machine can do at best on the same kernels and threads, measured now.
  func measurePeak() -> MachinePeak {
    KernelLibrary(variant: variant, pool: ThreadPool(threadCount: threadCount)).machinePeak()
  }

  /// In words: `cpu, avx2 kernels, 2 threads`.
  var description: String {
    "cpu, \(variant.rawValue) kernels, \(threadCount) thread\(threadCount == 1 ? "" : "s")"
  }
}

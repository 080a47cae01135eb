import CPUBackend
import CUDABackend
import Kernels
import Networks
import Training

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The one place where a backend is chosen.
struct BackendChoice: Sendable {
  /// What `--device` takes.
  enum Device: Hashable, Sendable {
    /// The process's GPU, the first for one alone, if there is one that can be used, else the processor.
    case auto
    /// The processor.
    case cpu
    /// An NVIDIA GPU by its number, from 0; without one that of the process among those of the machine.
    case cuda(Int?)
  }

  static let device = Option.value(
    "device", "DEVICE", .device, default: "auto", "auto, cpu, cuda or cuda:N")

  static let convolution = Option.value(
    "convolution", "HOW", .choice(ConvolutionAlgorithm.allCases) { $0.rawValue },
    default: "auto", "auto, direct or winograd")

  static let numerics = Option.value(
    "numerics", "HOW", .numerics, default: "fast", "GPU: fast, strict, reproducible")

  /// The instruction set of the processor's kernels.
  let variant: KernelVariant
  /// The threads that share the work of each kernel.
  let threadCount: Int
  /// How the processor computes convolutions.
  let convolution: ConvolutionAlgorithm
  /// What keeps a GPU from being used although there is a driver; `nil` if nothing does.
  let notice: String?
  /// The backend of the GPU that was chosen; `nil` for the processor.
  private var cuda: CUDABackend?

  /// Chooses what to run on.
  ///
  /// - Parameters:
  ///   - device: What was asked for.
  ///   - threads: The threads asked for; as many as there are processors if `nil`.
  ///   - convolution: How the processor computes convolutions.
  ///   - numerics: What a GPU's convolutions may do to numbers.
  ///   - localRank: This process's number among those of the machine, ≥ 0; they take its GPUs in turn.
  ///   - environment: Where `ANNEAL_KERNELS` may name an instruction set and `ANNEAL_CUDA_PATH`
  ///     folders of libraries.
  /// - Throws: `CUDABackendError` if a GPU was asked for that cannot be used, `KernelError` if the
  ///   instruction set is not there.
  init(
    device: Device = .cpu, threads: Int?, convolution: ConvolutionAlgorithm = .auto,
    numerics: ConvolutionNumerics = ConvolutionNumerics(), localRank: Int = 0,
    environment: [String: String]
  ) throws {
    variant = try KernelVariant.selected(environment: environment)
    threadCount = threads ?? ProcessInfo.processInfo.activeProcessorCount
    self.convolution = convolution
    switch device {
    case .cpu: (cuda, notice) = (nil, nil)
    case .cuda(let number):
      let index = try number ?? Self.index(localRank, environment)
      (cuda, notice) = (try Self.gpu(index, numerics, environment: environment), nil)
    case .auto:
      do throws(CUDABackendError) {
        let index = try Self.index(localRank, environment)
        (cuda, notice) = (try Self.gpu(index, numerics, environment: environment), nil)
      } catch {
        // A machine without a GPU is no surprise; one with a GPU and without cuDNN may be.
        cuda = nil
        notice = error.meansNoDevice ? nil : error.description
      }
    }
  }

  /// The choice of a command line; what keeps a GPU from being used is reported.
  ///
  /// - Parameters:
  ///   - arguments: Of a command with the options of `RecipeOptions.backends`.
  ///   - threads: The threads asked for; as many as there are processors if `nil`.
  ///   - console: Where to report, and the environment.
  /// - Returns: The choice.
  /// - Throws: As the initialiser does.
  static func read(
    _ arguments: Arguments, threads: Int?, _ console: Console
  ) throws -> BackendChoice {
    let choice = try BackendChoice(
      device: try arguments(device), threads: threads, convolution: try arguments(convolution),
      numerics: try arguments(numerics),
      localRank: try ProcessPlace(environment: console.environment)?.localRank ?? 0,
      environment: console.environment)
    if let notice = choice.notice { console.report("the processor is used: \(notice)") }
    return choice
  }

  /// The GPU of a process: they are dealt out in turn, whatever the environment lets a process see.
  private static func index(
    _ localRank: Int, _ environment: [String: String]
  ) throws(CUDABackendError) -> Int {
    guard localRank > 0 else { return 0 }
    let count = try CUDABackend.deviceCount(LibrarySearch(environment: environment))
    return localRank % max(1, count)
  }

  /// The same choice in a team, all of whose processes ask for it.
  ///
  /// - Parameters:
  ///   - host: Connects the processes.
  ///   - patience: Seconds that sums between GPUs may take, > 0.
  ///   - environment: Names folders of libraries.
  /// - Returns: The choice, the collective that goes with it, and which way gradients go, in words, where
  ///   there is a GPU in any process.
  /// - Throws: `TrainingError` with who has gone.
  func joined(
    _ host: any Collective, patience: Double, environment: [String: String]
  ) throws -> (choice: BackendChoice, collective: any Collective, route: String?) {
    do throws(CollectiveError) {
      let route = try GradientRoute(
        cuda, host, LibrarySearch(environment: environment), patience: patience)
      var choice = self
      choice.cuda = route.backend
      return (choice, route.collective, route.description)
    } catch {
      throw TrainingError.collective(error)
    }
  }

  /// The backend of a GPU.
  ///
  /// - Parameters:
  ///   - index: The GPU's number, from 0.
  ///   - numerics: What convolutions may do to numbers.
  ///   - environment: Names folders of libraries and caches.
  /// - Returns: The backend.
  /// - Throws: What is missing, or what the driver refuses.
  static func gpu(
    _ index: Int, _ numerics: ConvolutionNumerics, environment: [String: String]
  ) throws(CUDABackendError) -> CUDABackend {
    try CUDABackend(
      LibrarySearch(environment: environment), device: index, numerics: numerics,
      environment: environment, stop: stop)
  }

  /// Ends the process: a program has no way to report that the GPU under it failed.
  @Sendable private static func stop(_ error: CUDABackendError) -> Never {
    let console = Console.process()
    if isReported(error, console.environment) {
      console.report("error: \(error.description.onOneLine)")
    }
    exit(ExitCode.unavailable.rawValue)
  }

  /// What all processes of a team find, one of them says.
  static func isReported(_ error: CUDABackendError, _ environment: [String: String]) -> Bool {
    guard case .brokenTeam(let cause) = error,
      let rank = (try? ProcessPlace(environment: environment))?.rank, rank > 0
    else { return true }
    return ProcessTeam.reports(TrainingError.collective(cause), rank: rank)
  }

  /// The backend itself.
  var backend: any Backend {
    if let cuda { cuda } else { cpuBackend }
  }

  /// Whether it is the processor that runs.
  var isProcessor: Bool { cuda == nil }

  /// The backend that runs on the processor.
  private var cpuBackend: CPUBackend {
    CPUBackend(variant: variant, threadCount: threadCount, convolution: convolution)
  }

  /// The processor's backend with a clock at every operation.
  func profilingBackend(_ profile: Profile, now: @escaping @Sendable () -> Double) -> any Backend {
    ProfilingBackend(cpuBackend, profile: profile, now: now)
  }

  /// What the processor can do at best on the same kernels and threads, measured now.
  func measurePeak() -> MachinePeak {
    KernelLibrary(variant: variant, pool: ThreadPool(threadCount: threadCount)).machinePeak()
  }

  /// In words: `cpu, avx2 kernels, 2 threads`, or a GPU with its libraries.
  var description: String {
    cuda?.arithmetic
      ?? "cpu, \(variant.rawValue) kernels, \(threadCount) thread\(threadCount == 1 ? "" : "s")"
  }
}

extension ValueKind where Value == BackendChoice.Device {
  /// The name of a device.
  static var device: ValueKind {
    ValueKind(
      expected: "auto, cpu, cuda or cuda:N with a GPU's number from 0",
      completion: .words(["auto", "cpu", "cuda"])
    ) { word in
      switch word {
      case "auto": .auto
      case "cpu": .cpu
      case "cuda": .cuda(nil)
      default:
        word.hasPrefix("cuda:")
          ? Int(word.dropFirst(5)).flatMap { $0 >= 0 ? .cuda($0) : nil } : nil
      }
    }
  }
}

extension ValueKind where Value == ConvolutionNumerics {
  /// What a GPU's convolutions may do to numbers, as words between commas.
  static var numerics: ValueKind {
    ValueKind(
      expected: "fast, strict, reproducible or strict,reproducible",
      completion: .words(["fast", "strict", "reproducible", "strict,reproducible"])
    ) { text in
      var numerics = ConvolutionNumerics()
      let words = text.split(separator: ",", omittingEmptySubsequences: false)
      for word in words {
        switch word {
        case "fast" where words.count == 1: break
        case "strict": numerics.float32 = .strict
        case "reproducible": numerics.isReproducible = true
        default: return nil
        }
      }
      return Set(words).count == words.count ? numerics : nil
    }
  }
}

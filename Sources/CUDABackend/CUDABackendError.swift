public import Networks

/// Why a graph cannot run on an NVIDIA GPU: what was expected, what was found, where.
public enum CUDABackendError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no driver in any of the places.
  case noDriver(searched: [String])
  /// A library is in none of the places.
  case missingLibrary(String, use: String, file: String, searched: [String])
  /// A file was found that cannot be loaded or lacks what is needed.
  case unusableLibrary(String, use: String, path: String, reason: String)
  /// The driver knows no GPU.
  case noDevice(driver: String)
  /// There are fewer GPUs than the number asked for, which counts from 0.
  case unknownDevice(index: Int, count: Int)
  /// A library refused a call.
  case failedCall(library: String, call: String, reason: String)
  /// The compiler refused one of our own sources.
  case uncompiled(source: String, architecture: String, log: String)
  /// The GPU's memory does not hold what a program needs.
  case outOfMemory(byteCount: Int, free: Int?, device: String)
  /// cuDNN has no plan for a convolution.
  case unplannedConvolution(String, reason: String)
  /// A GPU was waited for that waits for the GPUs of other processes, one of which has gone.
  case brokenTeam(CollectiveError)

  /// One line, or a line and a compiler's log.
  public var description: String {
    switch self {
    case .noDriver(let searched):
      "no NVIDIA driver: CUDA backend unavailable; expected libcuda.so.1, found none in "
        + Self.places(searched)
    case .missingLibrary(let name, let use, let file, let searched):
      "no \(name): \(use) unavailable; expected \(file), found none in "
        + Self.places(searched)
    case .unusableLibrary(let name, let use, let path, let reason):
      "unusable \(name): \(use) unavailable; \(path): \(reason)"
    case .noDevice(let driver):
      "no NVIDIA GPU: CUDA backend unavailable; the driver \(driver) finds none"
    case .unknownDevice(let index, let count):
      "expected a GPU number below \(count), found \(index)"
    case .failedCall(let library, let call, let reason):
      "\(library) refused \(call): \(reason)"
    case .uncompiled(let source, let architecture, let log):
      "\(source) does not compile for \(architecture):\n\(log)"
    case .outOfMemory(let byteCount, let free, let device):
      "expected \(byteCount) bytes of memory on \(device), "
        + (free.map { "found \($0) free" } ?? "and the driver refused them")
    case .unplannedConvolution(let convolution, let reason):
      "cuDNN has no plan for \(convolution): \(reason)"
    case .brokenTeam(let error):
      error.description
    }
  }

  private static func places(_ searched: [String]) -> String {
    searched.isEmpty
      ? "any place: \(LibrarySearch.variable) says to look nowhere"
      : searched.joined(separator: ", ")
  }

  /// Whether there is no GPU, so that nobody can have meant to use one.
  public var meansNoDevice: Bool {
    switch self {
    case .noDriver, .noDevice: true
    default: false
    }
  }
}

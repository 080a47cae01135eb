internal import CCUDA

/// A GPU with the libraries that work on it: what the machines of a backend share.
struct DeviceSession: Sendable {
  /// The GPU.
  private(set) var context: DeviceContext
  /// Compiles kernels for it.
  let compiler: KernelCompiler
  /// cuDNN.
  let convolutions: ConvolutionLibrary
  /// What convolutions may do to numbers.
  let numerics: ConvolutionNumerics
  /// Where the choice among plans is kept; `nil` keeps none.
  let planCache: FileCache?
  /// Sums between the GPUs of several processes; `nil` for a process that is alone.
  private(set) var communicator: Communicator?

  /// Opens the libraries and takes a GPU in use.
  ///
  /// - Parameters:
  ///   - search: Where the libraries are looked for.
  ///   - device: The GPU's number, from 0.
  ///   - numerics: What convolutions may do to numbers.
  ///   - environment: Names the folder of caches.
  /// - Throws: What is missing, or what the driver refuses.
  init(
    _ search: LibrarySearch, device: Int, _ numerics: ConvolutionNumerics,
    environment: [String: String]
  ) throws(CUDABackendError) {
    let driver = try Driver(try search.driver())
    let gpu = try driver.device(device)
    compiler = KernelCompiler(
      library: try search.compiler(), architecture: gpu.architecture,
      cache: FileCache(environment: environment, kind: "cubin"))
    convolutions = try search.convolutions()
    context = try DeviceContext(driver, gpu)
    self.numerics = numerics
    planCache = FileCache(environment: environment, kind: "plan")
  }

  /// The same session in a team.
  func joined(_ communicator: Communicator, _ watch: TeamWatch) -> DeviceSession {
    var session = self
    session.communicator = communicator
    session.context = DeviceContext(context) { (seconds) throws(CUDABackendError) in
      try watch.look(after: seconds)
    }
    return session
  }

  /// `cuda, NVIDIA H100 80GB HBM3, cuDNN 9.19.0, NVRTC 13.0, tf32`; in a team also
  /// `sums of 4 by NCCL 2.28.9`, since their order depends on both.
  var arithmetic: String {
    let words = [
      "cuda", context.gpu.name, "cuDNN \(convolutions.version)",
      "NVRTC \(compiler.library.version)",
      numerics.float32.rawValue,
    ]
    return (words + (numerics.isReproducible ? ["reproducible"] : []) + sums)
      .joined(separator: ", ")
  }

  private var sums: [String] {
    communicator.map { ["sums of \($0.count) by NCCL \($0.version)"] } ?? []
  }
}

internal import CCUDA

/// The driver: devices, memory, streams, kernels, graphs.
typealias DriverLibrary = LoadedLibrary<CUDADriverFunctions>
/// The compiler of our own kernels.
typealias CompilerLibrary = LoadedLibrary<NVRTCFunctions>
/// The library of convolutions.
typealias ConvolutionLibrary = LoadedLibrary<CUDNNFunctions>
/// The library of sums over several GPUs.
typealias CollectiveLibrary = LoadedLibrary<NCCLFunctions>

extension LibrarySearch {
  /// Opens the driver; starts nothing.
  func driver() throws(CUDABackendError) -> DriverLibrary {
    unsafe try DriverLibrary(.driver, self) { unsafe cudaLoadDriver($0, $1, $2) }
  }

  /// Opens the compiler, and what it looks up by a bare name when it first compiles.
  func compiler() throws(CUDABackendError) -> CompilerLibrary {
    let library = unsafe try CompilerLibrary(.compiler, self) { unsafe cudaLoadNVRTC($0, $1, $2) }
    let path = "\(library.folder)libnvrtc-builtins.so.\(library.version)"
    var isOpen = false
    let reason = unsafe text { unsafe isOpen = cudaLoadDependency(path, $0, $1) }
    guard isOpen else {
      throw .unusableLibrary(
        SoughtLibrary.compiler.name, use: SoughtLibrary.compiler.use, path: library.path,
        reason: "it needs \(reason)")
    }
    return library
  }

  /// Opens cuDNN after cuBLASLt: some versions end the process when they look that up in vain.
  func convolutions() throws(CUDABackendError) -> ConvolutionLibrary {
    _ = try load(.matrices) { path in
      var isOpen = false
      let reason = unsafe text { unsafe isOpen = cudaLoadDependency(path, $0, $1) }
      return (isOpen ? () : nil, reason)
    }
    // Engines that compile at run time look NVRTC up by its bare name. Those that do not are enough
    // where it is missing.
    _ = try? compiler()
    return unsafe try ConvolutionLibrary(.convolutions, self) { unsafe cudaLoadCUDNN($0, $1, $2) }
  }

  /// Opens NCCL.
  func collectives() throws(CUDABackendError) -> CollectiveLibrary {
    unsafe try CollectiveLibrary(.collectives, self) { unsafe cudaLoadNCCL($0, $1, $2) }
  }
}

extension LoadedLibrary<CUDADriverFunctions> {
  /// The version of CUDA that the driver knows: `13.0`.
  var version: String {
    var number: CInt = 0
    guard unsafe functions.pointee.cuDriverGetVersion(&number) == 0 else { return "unknown" }
    return "\(number / 1_000).\(number % 1_000 / 10)"
  }
}

extension LoadedLibrary<NVRTCFunctions> {
  /// The version of CUDA: `13.0`.
  var version: String {
    var (major, minor): (CInt, CInt) = (0, 0)
    guard unsafe functions.pointee.nvrtcVersion(&major, &minor) == 0 else { return "unknown" }
    return "\(major).\(minor)"
  }
}

extension LoadedLibrary<CUDNNFunctions> {
  /// The version: `9.19.0`.
  var version: String {
    let number = unsafe functions.pointee.cudnnGetVersion()
    return "\(number / 10_000).\(number % 10_000 / 100).\(number % 100)"
  }
}

extension LoadedLibrary<NCCLFunctions> {
  /// The version: `2.28.9`.
  var version: String {
    var number: CInt = 0
    guard unsafe functions.pointee.ncclGetVersion(&number) == 0 else { return "unknown" }
    return "\(number / 10_000).\(number % 10_000 / 100).\(number % 100)"
  }
}

internal import CCUDA

/// The driver, started.
@safe
struct Driver: Sendable {
  /// The driver's library.
  let library: DriverLibrary

  /// Starts a driver.
  ///
  /// - Throws: `CUDABackendError.noDevice` if it knows no GPU.
  init(_ library: DriverLibrary) throws(CUDABackendError) {
    self.library = library
    let result = unsafe library.functions.pointee.cuInit(0)
    guard Int(result) != CUDA_ERROR_NO_DEVICE else { throw .noDevice(driver: library.path) }
    try check("cuInit", result)
    guard try deviceCount() > 0 else { throw .noDevice(driver: library.path) }
  }

  /// Calls one of the driver's functions.
  ///
  /// - Parameters:
  ///   - name: The function's name, for the error.
  ///   - body: Calls it.
  /// - Throws: What the driver says if it refuses.
  func call(
    _ name: String, _ body: (UnsafePointer<CUDADriverFunctions>) -> CUDAResult
  ) throws(CUDABackendError) {
    try check(name, unsafe body(library.functions))
  }

  private func check(_ name: String, _ result: CUDAResult) throws(CUDABackendError) {
    guard result == 0 else { throw failure(name, result) }
  }

  /// What the driver says about a call that it refused.
  func failure(_ call: String, _ result: CUDAResult) -> CUDABackendError {
    var (name, words): (UnsafePointer<CChar>?, UnsafePointer<CChar>?)
    _ = unsafe library.functions.pointee.cuGetErrorName(result, &name)
    _ = unsafe library.functions.pointee.cuGetErrorString(result, &words)
    let title = unsafe name == nil ? "error \(result)" : "\(text(name)) (\(result))"
    return .failedCall(
      library: "the NVIDIA driver", call: call,
      reason: unsafe words == nil ? title : "\(title), \(text(words))")
  }

  /// The number of GPUs.
  func deviceCount() throws(CUDABackendError) -> Int {
    var count: CInt = 0
    unsafe try call("cuDeviceGetCount") { unsafe $0.pointee.cuDeviceGetCount(&count) }
    return Int(count)
  }

  /// One of the GPUs.
  ///
  /// - Parameter index: Its number, from 0, as `CUDA_VISIBLE_DEVICES` leaves them.
  /// - Returns: What the driver says of it.
  /// - Throws: `unknownDevice` if there are fewer.
  func device(_ index: Int) throws(CUDABackendError) -> GPU {
    let count = try deviceCount()
    guard index >= 0 && index < count else {
      throw .unknownDevice(index: index, count: count)
    }
    var device: CUDADevice = 0
    unsafe try call("cuDeviceGet") { unsafe $0.pointee.cuDeviceGet(&device, CInt(index)) }
    var result: CUDAResult = 0
    let name = unsafe text(capacity: 256) { buffer, capacity in
      unsafe result = library.functions.pointee.cuDeviceGetName(buffer, CInt(capacity), device)
    }
    try check("cuDeviceGetName", result)
    var byteCount = 0
    unsafe try call("cuDeviceTotalMem_v2") {
      unsafe $0.pointee.cuDeviceTotalMem_v2(&byteCount, device)
    }
    func attribute(_ number: Int) throws(CUDABackendError) -> Int {
      var value: CInt = 0
      unsafe try call("cuDeviceGetAttribute") {
        unsafe $0.pointee.cuDeviceGetAttribute(&value, CInt(number), device)
      }
      return Int(value)
    }
    return GPU(
      index: index, device: device, name: name, memoryByteCount: byteCount,
      computeCapability: [
        try attribute(CUDA_DEVICE_COMPUTE_CAPABILITY_MAJOR),
        try attribute(CUDA_DEVICE_COMPUTE_CAPABILITY_MINOR),
      ])
  }
}

/// A GPU as the driver describes it.
struct GPU: Hashable, Sendable {
  /// Its number among the GPUs, from 0.
  let index: Int
  /// The driver's name for it.
  let device: CUDADevice
  /// The product: `NVIDIA H100 80GB HBM3`.
  let name: String
  /// The size of its memory.
  let memoryByteCount: Int
  /// The major and the minor number.
  let computeCapability: [Int]

  /// The name of its kind for the compiler: `sm_90a`.
  var architecture: String {
    KernelCompiler.architecture(major: computeCapability[0], minor: computeCapability[1])
  }
}

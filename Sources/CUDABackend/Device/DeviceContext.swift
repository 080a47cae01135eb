internal import CCUDA

#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

/// A GPU in use: the context that everything on it belongs to.
///
/// The context is the one that all libraries of a process share. It has to be current on the thread
/// that calls, which whoever holds it sees to: ``makeCurrent()``.
@safe
final class DeviceContext: @unchecked Sendable {
  // Unchecked: nothing changes after `init`, and the driver may be called from any thread.

  /// The driver.
  let driver: Driver
  /// The GPU.
  let gpu: GPU
  private let context: CUDAHandle
  /// The one that has taken the GPU in use; `nil` where it is this one.
  private let base: DeviceContext?
  /// Told every tenth of a second for how long the GPU has been waited for; `nil` just waits.
  private let watch: (@Sendable (_ seconds: Double) throws(CUDABackendError) -> Void)?

  /// Takes a GPU in use.
  init(_ driver: Driver, _ gpu: GPU) throws(CUDABackendError) {
    var context: CUDAHandle?
    unsafe try driver.call("cuDevicePrimaryCtxRetain") {
      unsafe $0.pointee.cuDevicePrimaryCtxRetain(&context, gpu.device)
    }
    self.driver = driver
    self.gpu = gpu
    unsafe self.context = try made(context, "cuDevicePrimaryCtxRetain")
    base = nil
    watch = nil
  }

  /// The same GPU, looking after something while it is waited for.
  init(
    _ base: DeviceContext,
    watch: @escaping @Sendable (_ seconds: Double) throws(CUDABackendError) -> Void
  ) {
    (driver, gpu) = (base.driver, base.gpu)
    unsafe context = base.context
    self.base = base
    self.watch = watch
  }

  deinit {
    guard base == nil else { return }
    _ = unsafe driver.library.functions.pointee.cuDevicePrimaryCtxRelease_v2(gpu.device)
  }

  /// Makes the calling thread's calls go to this GPU.
  func makeCurrent() throws(CUDABackendError) {
    unsafe try driver.call("cuCtxSetCurrent") { unsafe $0.pointee.cuCtxSetCurrent(context) }
  }

  /// Where the GPU sits, which names it for all processes of a machine: `0000:1B:00.0`.
  func busAddress() throws(CUDABackendError) -> String {
    var result: CUDAResult = 0
    let address = unsafe text(capacity: 64) { buffer, capacity in
      unsafe result = driver.library.functions.pointee.cuDeviceGetPCIBusId(
        buffer, CInt(capacity), gpu.device)
    }
    guard result == 0 else { throw driver.failure("cuDeviceGetPCIBusId", result) }
    return address
  }

  /// Waits for something on the GPU and looks after what is to be watched; where nothing is, the
  /// driver's own way to wait does.
  ///
  /// - Parameters:
  ///   - call: The function's name, for the error.
  ///   - query: Asks the driver whether it has come.
  /// - Throws: What the driver says, or what has been seen.
  func wait(
    _ call: String, _ query: (UnsafePointer<CUDADriverFunctions>) -> CUDAResult
  ) throws(CUDABackendError) {
    guard let watch else { return }
    let start = ContinuousClock.now
    var next = start + .milliseconds(100)
    while unsafe try !hasCome(call, query) {
      if ContinuousClock.now >= next {
        try watch((ContinuousClock.now - start) / .seconds(1))
        next = .now + .milliseconds(100)
      }
      // Short beside a batch, long beside a question.
      usleep(20)
    }
  }

  /// Whether something on the GPU has come.
  func hasCome(
    _ call: String, _ query: (UnsafePointer<CUDADriverFunctions>) -> CUDAResult
  ) throws(CUDABackendError) -> Bool {
    let result = unsafe query(driver.library.functions)
    guard result == 0 || Int(result) == CUDA_ERROR_NOT_READY else {
      throw driver.failure(call, result)
    }
    return result == 0
  }
}

/// Memory on a GPU, given back when nobody holds it any more.
@safe
final class DeviceAllocation {
  /// The first byte.
  let address: DeviceAddress
  private let context: DeviceContext

  /// Reserves memory, whose bytes are anything; the context is current.
  init(_ context: DeviceContext, byteCount: Int) throws(CUDABackendError) {
    let functions = unsafe context.driver.library.functions
    var address: CUDAAddress = 0
    // The driver refuses to reserve nothing.
    let result = unsafe functions.pointee.cuMemAlloc_v2(&address, max(1, byteCount))
    if Int(result) == CUDA_ERROR_OUT_OF_MEMORY {
      var (free, total) = (0, 0)
      let isKnown = unsafe functions.pointee.cuMemGetInfo_v2(&free, &total) == 0
      throw .outOfMemory(
        byteCount: byteCount, free: isKnown ? free : nil, device: context.gpu.name)
    }
    guard result == 0 else { throw context.driver.failure("cuMemAlloc_v2", result) }
    self.address = DeviceAddress(address)
    self.context = context
  }

  deinit {
    // What is lost at the end is lost: there is nobody to tell.
    _ = unsafe context.driver.library.functions.pointee.cuMemFree_v2(address.rawValue)
  }
}

/// What a call of the driver made, which it says it did.
func made(
  _ handle: CUDAHandle?, _ call: String
) throws(CUDABackendError) -> CUDAHandle {
  guard let handle = unsafe handle else {
    throw .failedCall(library: "the NVIDIA driver", call: call, reason: "it made nothing")
  }
  return unsafe handle
}

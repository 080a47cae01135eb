internal import CCUDA

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

  /// Takes a GPU in use.
  init(_ driver: Driver, _ gpu: GPU) throws(CUDABackendError) {
    var context: CUDAHandle?
    unsafe try driver.call("cuDevicePrimaryCtxRetain") {
      unsafe $0.pointee.cuDevicePrimaryCtxRetain(&context, gpu.device)
    }
    self.driver = driver
    self.gpu = gpu
    unsafe self.context = try made(context, "cuDevicePrimaryCtxRetain")
  }

  deinit {
    _ = unsafe driver.library.functions.pointee.cuDevicePrimaryCtxRelease_v2(gpu.device)
  }

  /// Makes the calling thread's calls go to this GPU.
  func makeCurrent() throws(CUDABackendError) {
    unsafe try driver.call("cuCtxSetCurrent") { unsafe $0.pointee.cuCtxSetCurrent(context) }
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

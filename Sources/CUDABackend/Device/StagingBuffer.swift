internal import CCUDA

/// Memory of the host that a GPU reads and writes by itself, for bytes on their way.
@safe
final class StagingBuffer {
  /// The bytes that go at once; longer transfers take turns.
  static let capacity = 8 << 20

  private let context: DeviceContext
  private let bytes: UnsafeMutableRawBufferPointer
  /// Passes when the GPU has read the buffer.
  private let event: DeviceEvent

  /// Reserves a buffer; the context is current.
  init(_ context: DeviceContext) throws(CUDABackendError) {
    self.context = context
    event = try DeviceEvent(context)
    var address: UnsafeMutableRawPointer?
    unsafe try context.driver.call("cuMemHostAlloc") {
      unsafe $0.pointee.cuMemHostAlloc(&address, Self.capacity, 0)
    }
    unsafe bytes = UnsafeMutableRawBufferPointer(
      start: try made(address, "cuMemHostAlloc"), count: Self.capacity)
  }

  deinit {
    if let address = unsafe bytes.baseAddress {
      _ = unsafe context.driver.library.functions.pointee.cuMemFreeHost(address)
    }
  }

  /// Copies at most ``capacity`` bytes here and gives their way to the GPU to a stream.
  func send(
    _ source: UnsafeRawBufferPointer, to target: DeviceAddress, _ stream: DeviceStream
  ) throws(CUDABackendError) {
    // What was sent from here before may still be on its way.
    try event.synchronize()
    unsafe bytes.copyMemory(from: source)
    guard let first = unsafe bytes.baseAddress else { return }
    unsafe try context.driver.call("cuMemcpyHtoDAsync_v2") {
      unsafe $0.pointee.cuMemcpyHtoDAsync_v2(
        target.rawValue, first, source.count, stream.handle)
    }
    try event.record(on: stream)
  }

  /// Fetches at most ``capacity`` bytes, after everything given to the stream is done.
  func fetch(
    _ source: DeviceAddress, into target: UnsafeMutableRawBufferPointer, _ stream: DeviceStream
  ) throws(CUDABackendError) {
    try event.synchronize()
    guard let first = unsafe bytes.baseAddress else { return }
    unsafe try context.driver.call("cuMemcpyDtoHAsync_v2") {
      unsafe $0.pointee.cuMemcpyDtoHAsync_v2(
        first, source.rawValue, target.count, stream.handle)
    }
    try stream.synchronize()
    unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<target.count]))
  }
}

internal import CCUDA

/// Memory of the host that a GPU reads and writes by itself, for bytes on their way.
///
/// Writes take consecutive places, so that a step's many small ones follow each other without a wait:
/// the host is held up only where the ring comes round to bytes that the GPU has not fetched yet. That
/// is also what keeps the host from running ahead without bounds: no more than ``capacity`` bytes are
/// ever on their way. An event marks the end of each of a few sections rather than of each write: what
/// is marked costs a call of the driver, and a section is as much as several steps write.
@safe
final class StagingRing {
  /// The bytes that go at once; longer transfers go in parts.
  static let sectionCapacity = 4 << 20
  /// The sections of the ring: one is filled while the others are on their way.
  static let sectionCount = 4
  /// The bytes that can be on their way.
  static let capacity = sectionCapacity * sectionCount
  /// Places begin at multiples of this, a cache line.
  private static let alignment = 64

  private let context: DeviceContext
  private let bytes: UnsafeMutableRawPointer
  /// For each section, passes when the GPU has done what was given to it before the section was left.
  private let events: [DeviceEvent]
  /// The section that is filled.
  private var section = 0
  /// The bytes of it that are taken.
  private var used = 0

  /// Reserves the ring; the context is current.
  init(_ context: DeviceContext) throws(CUDABackendError) {
    self.context = context
    var events: [DeviceEvent] = []
    for _ in 0..<Self.sectionCount { events.append(try DeviceEvent(context)) }
    self.events = events
    var address: UnsafeMutableRawPointer?
    unsafe try context.driver.call("cuMemHostAlloc") {
      unsafe $0.pointee.cuMemHostAlloc(&address, Self.capacity, 0)
    }
    unsafe bytes = try made(address, "cuMemHostAlloc")
  }

  deinit {
    _ = unsafe context.driver.library.functions.pointee.cuMemFreeHost(bytes)
  }

  /// Copies bytes here and gives their way to the GPU to a stream, the same one every time.
  func send(
    _ source: UnsafeRawBufferPointer, to target: DeviceAddress, _ stream: DeviceStream
  ) throws(CUDABackendError) {
    for start in stride(from: 0, to: source.count, by: Self.sectionCapacity) {
      let part = unsafe UnsafeRawBufferPointer(
        rebasing: source[start..<min(source.count, start + Self.sectionCapacity)])
      let place = unsafe try take(part.count, stream)
      unsafe UnsafeMutableRawBufferPointer(start: place, count: part.count).copyMemory(from: part)
      unsafe try context.driver.call("cuMemcpyHtoDAsync_v2") {
        unsafe $0.pointee.cuMemcpyHtoDAsync_v2(
          (target + start).rawValue, place, part.count,
          stream.handle)
      }
    }
  }

  /// Fetches bytes, after everything given to the stream is done.
  func fetch(
    _ source: DeviceAddress, into target: UnsafeMutableRawBufferPointer, _ stream: DeviceStream
  ) throws(CUDABackendError) {
    for start in stride(from: 0, to: target.count, by: Self.sectionCapacity) {
      let part = unsafe UnsafeMutableRawBufferPointer(
        rebasing: target[start..<min(target.count, start + Self.sectionCapacity)])
      let place = unsafe try take(part.count, stream)
      unsafe try context.driver.call("cuMemcpyDtoHAsync_v2") {
        unsafe $0.pointee.cuMemcpyDtoHAsync_v2(
          place, (source + start).rawValue, part.count, stream.handle)
      }
      try stream.synchronize()
      // Nothing is on its way any more, so that a reader does not use the ring up.
      used = 0
      unsafe part.copyMemory(from: UnsafeRawBufferPointer(start: place, count: part.count))
    }
  }

  /// The next place for at most ``sectionCapacity`` bytes; nothing in it is on its way.
  private func take(
    _ byteCount: Int, _ stream: DeviceStream
  ) throws(CUDABackendError) -> UnsafeMutableRawPointer {
    if used + byteCount > Self.sectionCapacity {
      try events[section].record(on: stream)
      section = (section + 1) % Self.sectionCount
      used = 0
      // At once where the ring has not come round yet.
      try events[section].synchronize()
    }
    let start = section * Self.sectionCapacity + used
    used += (byteCount + Self.alignment - 1) / Self.alignment * Self.alignment
    return unsafe bytes + start
  }
}

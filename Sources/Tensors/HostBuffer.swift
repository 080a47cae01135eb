/// One allocation of floats in host memory, aligned to a cache line and zeroed.
///
/// The buffer is the only owner of its bytes and frees them when it goes. Readers borrow a `Span`,
/// writers an `inout MutableSpan`; kernels, which need addresses, take `pointer`.
@safe
public struct HostBuffer: ~Copyable, @unchecked Sendable {
  /// The alignment of the first element in bytes: one cache line, one AVX-512 register.
  public static let alignment = 64

  private let storage: UnsafeMutableBufferPointer<Float>

  /// Allocates `count` zeros.
  ///
  /// - Precondition: `count` ≥ 0.
  public init(count: Int) {
    precondition(count >= 0, "a buffer holds at least 0 elements, found \(count)")
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: Swift.max(count, 1) * MemoryLayout<Float>.stride, alignment: Self.alignment)
    let first = unsafe bytes.bindMemory(to: Float.self, capacity: Swift.max(count, 1))
    unsafe first.initialize(repeating: 0, count: Swift.max(count, 1))
    unsafe storage = UnsafeMutableBufferPointer(start: first, count: count)
  }

  deinit {
    unsafe storage.baseAddress?.deallocate()
  }

  /// The number of elements.
  public var count: Int { unsafe storage.count }

  /// Calls `body` with the elements, to read.
  public func withSpan<Result, Failure: Error>(
    _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe storage.span)
  }

  /// Calls `body` with the elements, to read and write.
  public mutating func withMutableSpan<Result, Failure: Error>(
    _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe storage.mutableSpan
    return try body(&span)
  }

  /// The address of the first element, valid as long as the buffer lives.
  public var pointer: UnsafeMutablePointer<Float> {
    // `init` allocates at least one element, so the address is always there.
    unsafe storage.baseAddress.unsafelyUnwrapped
  }
}

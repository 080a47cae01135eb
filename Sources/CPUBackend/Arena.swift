#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The one allocation that holds all values of a program.
///
/// A step allocates nothing: everything has its place before the first one. The bytes come straight
/// from the system, zeroed, on a 2 MiB boundary and with the request for huge pages, since a
/// training walks through all of them every step and would otherwise miss the address cache at
/// every fourth kilobyte.
@safe
final class Arena {
  /// The number of floats.
  let count: Int
  private let mapping: UnsafeMutableRawBufferPointer
  private let first: UnsafeMutablePointer<Float>

  private static let hugePage = 2 << 20

  /// Allocates `count` zeros.
  init(count: Int) throws(CPUBackendError) {
    self.count = count
    let byteCount = count * MemoryLayout<Float>.stride + Self.hugePage
    let address = unsafe mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw .outOfMemory(byteCount: byteCount)
    }
    unsafe mapping = UnsafeMutableRawBufferPointer(start: address, count: byteCount)
    let aligned = unsafe address.alignedUp(toMultipleOf: Self.hugePage)
    #if os(Linux)
    // Advice only: where huge pages are switched off the arena works with small ones.
    _ = unsafe madvise(aligned, byteCount - Self.hugePage, MADV_HUGEPAGE)
    #endif
    unsafe first = aligned.bindMemory(to: Float.self, capacity: count)
  }

  deinit {
    unsafe munmap(mapping.baseAddress, mapping.count)
  }

  /// The address of the float at `offset`, valid as long as the arena lives.
  func pointer(at offset: Int) -> UnsafeMutablePointer<Float> {
    precondition(offset >= 0 && offset <= count, "offset \(offset) is outside the arena")
    return unsafe first + offset
  }
}

#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

/// Follows a text file that another program appends to.
struct FileTail: Hashable, Sendable {
  /// What has happened to the file.
  enum Change: Hashable, Sendable {
    /// Whole lines came to its end.
    case lines([[UInt8]])
    /// It is shorter than it was: it was written anew, and begins again with these lines.
    case restart([[UInt8]])
  }

  let path: String
  private var offset = 0
  /// The beginning of a line whose end has not been written yet.
  private var rest: [UInt8] = []

  init(path: String) { self.path = path }

  /// What is new since the last call; `nil` for nothing.
  ///
  /// A file that is not there yet is empty.
  mutating func poll() -> Change? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    let isRestart = size < offset
    if isRestart { (offset, rest) = (0, []) }
    var lines: [[UInt8]] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while offset < size {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe pread(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
      }
      guard count > 0 else { break }
      offset += count
      rest += buffer[..<count]
      let parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      lines += parts.dropLast().map(Array.init)
      rest = parts.last.map(Array.init) ?? []
    }
    if isRestart { return .restart(lines) }
    return lines.isEmpty ? nil : .lines(lines)
  }
}

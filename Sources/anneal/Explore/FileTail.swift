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
    /// It is not what was read before and more: it was cut or written anew, and begins again with these
    /// lines.
    case restart([[UInt8]])
  }

  let path: String
  private var offset = 0
  /// The beginning of a line whose end has not been written yet.
  private var rest: [UInt8] = []
  /// The last bytes read: a file that was cut and has grown again since has others in their place.
  private var seen: [UInt8] = []
  private static let seenCount = 64

  init(path: String) { self.path = path }

  /// What is new since the last call; `nil` for nothing.
  ///
  /// A file that is not there yet is empty.
  mutating func poll() -> Change? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    let before = Self.read(descriptor, from: offset - seen.count, atMost: seen.count)
    let isRestart = before != seen[...]
    if isRestart { (offset, rest, seen) = (0, [], []) }
    var lines: [[UInt8]] = []
    while offset < size {
      let bytes = Self.read(descriptor, from: offset, atMost: 65_536)
      guard !bytes.isEmpty else { break }
      offset += bytes.count
      seen = Array((seen + bytes).suffix(Self.seenCount))
      rest += bytes
      let parts = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      lines += parts.dropLast().map(Array.init)
      rest = parts.last.map(Array.init) ?? []
    }
    if isRestart { return .restart(lines) }
    return lines.isEmpty ? nil : .lines(lines)
  }

  /// The bytes from a place on, fewer where the file ends.
  private static func read(
    _ descriptor: Int32, from offset: Int, atMost count: Int
  ) -> ArraySlice<UInt8> {
    var buffer = [UInt8](repeating: 0, count: count)
    let found = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe pread(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
    }
    return buffer[..<max(0, found)]
  }
}

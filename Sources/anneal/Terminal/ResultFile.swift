#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Text results that a command writes beside what it prints.
enum ResultFile {
  /// Writes a file, replacing one that is there.
  ///
  /// - Parameters:
  ///   - text: The contents.
  ///   - path: The file; its folder exists.
  /// - Throws: `CommandError` with the system's reason when the file cannot be written.
  static func write(_ text: String, to path: String) throws(CommandError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
    let isWritten = writeAll(text, to: descriptor)
    // A full disk may be reported by the closing alone.
    guard close(descriptor) == 0, isWritten else { throw failure(path) }
  }

  private static func failure(_ path: String) -> CommandError {
    .failure(.cannotWrite, "cannot write \(path): \(unsafe String(cString: strerror(errno)))")
  }
}

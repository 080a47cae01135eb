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

  /// Makes a folder with all folders above it; one that is there is good.
  ///
  /// - Throws: `CommandError` with the system's reason when it cannot be made or written to.
  static func makeFolder(_ path: String) throws(CommandError) {
    var folder = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      folder += "/" + part
      if unsafe mkdir(folder, 0o755) != 0, errno != EEXIST { throw failure(folder) }
    }
    if unsafe access(path, W_OK | X_OK) != 0 { throw failure(path) }
  }

  /// Whether there is anything at a path.
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  private static func failure(_ path: String) -> CommandError {
    .failure(.cannotWrite, "cannot write \(path): \(unsafe String(cString: strerror(errno)))")
  }
}

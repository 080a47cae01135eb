#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

/// A file being written, closed when it goes; and what else writing runs to disk takes.
///
/// Bytes are handed to the system at once, so that a run that is killed keeps what it wrote.
struct OutputFile: ~Copyable {
  private let descriptor: CInt
  private let path: String

  /// Makes an empty file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - replaces: Whether a file that is there is emptied; otherwise it is an error.
  /// - Throws: `TrainingError.unwritable` with the system's reason.
  init(_ path: String, replaces: Bool = false) throws(TrainingError) {
    let mode = O_WRONLY | O_CREAT | O_CLOEXEC | (replaces ? O_TRUNC : O_EXCL)
    descriptor = unsafe open(path, mode, 0o644)
    self.path = path
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  deinit {
    if descriptor >= 0 { _ = close(descriptor) }
  }

  /// Appends bytes.
  func write(_ bytes: [UInt8]) throws(TrainingError) {
    var start = 0
    while start < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Self.systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: buffer[start...]))
      }
      if written >= 0 {
        start += written
      } else if errno != EINTR {
        throw Self.failure(path)
      }
    }
  }

  private static func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
    unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #elseif canImport(Musl)
    unsafe Musl.write(descriptor, bytes.baseAddress, bytes.count)
    #else
    unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }

  /// Waits until the bytes are on the disk.
  func synchronize() throws(TrainingError) {
    guard fsync(descriptor) == 0 else { throw Self.failure(path) }
  }

  /// Puts a finished file in the place of another, at once or not at all.
  static func move(_ path: String, to target: String) throws(TrainingError) {
    guard unsafe rename(path, target) == 0 else { throw failure(target) }
  }

  /// Makes a folder with all folders above it; one that is there is good.
  static func makeFolder(_ path: String) throws(TrainingError) {
    var folder = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      folder += "/" + part
      guard unsafe mkdir(folder, 0o755) != 0, errno != EEXIST else { continue }
      throw failure(folder)
    }
    guard unsafe access(path, W_OK) == 0 else { throw failure(path) }
    guard isFolder(path) else { throw .unwritable(path: path, reason: "it is not a folder") }
  }

  private static func isFolder(_ path: String) -> Bool {
    guard let folder = unsafe opendir(path) else { return false }
    _ = unsafe closedir(folder)
    return true
  }

  private static func failure(_ path: String) -> TrainingError {
    .unwritable(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}

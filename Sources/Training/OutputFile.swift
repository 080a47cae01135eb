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

  /// Opens a file for going on after its first bytes, and keeps other processes from doing so.
  ///
  /// - Parameters:
  ///   - path: The file; made unless it is there.
  ///   - byteCount: How much of it is kept.
  /// - Throws: `TrainingError.runInUse` while another process writes it, `unwritable` with the
  ///   system's reason.
  init(_ path: String, keeping byteCount: Int) throws(TrainingError) {
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    self.path = path
    guard descriptor >= 0 else { throw Self.failure(path) }
    try lock()
    guard ftruncate(descriptor, off_t(byteCount)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw Self.failure(path)
    }
  }

  /// Claims the file until it is closed or the process ends, however it ends.
  func lock() throws(TrainingError) {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      if errno == EWOULDBLOCK { throw .runInUse(path: path) }
      // A file system without locks cannot say who else is there.
      if errno == ENOTSUP || errno == ENOLCK { return }
      throw Self.failure(path)
    }
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

  static func failure(_ path: String) -> TrainingError {
    .unwritable(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}

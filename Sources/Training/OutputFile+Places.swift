#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

extension OutputFile {
  /// What a file that is being written is called: its own name and this.
  ///
  /// It is always the same, so that a process that was killed leaves at most one such file, which the
  /// next one overwrites or removes.
  static let temporarySuffix = ".partial"

  /// Puts bytes in the place of a file: on the disk at once, or not at all.
  ///
  /// - Throws: `TrainingError.unwritable`; the file that was there is as it was, and there is nothing
  ///   beside it.
  static func replace(_ path: String, with bytes: [UInt8]) throws(TrainingError) {
    let temporary = path + temporarySuffix
    do throws(TrainingError) {
      let file = try OutputFile(temporary, replaces: true)
      try file.write(bytes)
      try file.synchronize()
      try move(temporary, to: path)
    } catch {
      // What could not be finished must not keep the space that others now lack.
      remove(temporary)
      throw error
    }
    try synchronizeFolder(of: path)
  }

  /// Removes what an earlier process was writing in a file's place when it was killed.
  static func removeTemporary(of path: String) {
    remove(path + temporarySuffix)
  }

  private static func remove(_ path: String) {
    _ = unsafe unlink(path)
  }

  /// Puts a finished file in the place of another, at once or not at all.
  private static func move(_ path: String, to target: String) throws(TrainingError) {
    guard unsafe rename(path, target) == 0 else { throw failure(target) }
  }

  /// Gives a file a second name, which stays with it when another file is moved to its first one.
  static func addName(_ name: String, to path: String) throws(TrainingError) {
    remove(name)
    guard unsafe link(path, name) != 0 else { return try synchronizeFolder(of: name) }
    guard errno != EPERM, errno != ENOTSUP else {
      // A file system on which a file has one name: a copy does as well.
      return try replace(name, with: InputFile.bytes(path))
    }
    throw failure(name)
  }

  /// Waits until a file's name is on the disk, not its contents alone.
  static func synchronizeFolder(of path: String) throws(TrainingError) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
    let descriptor = unsafe open(folder ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder ?? ".") }
    defer { _ = close(descriptor) }
    // Some file systems have no such operation for folders and need none.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure(folder ?? ".") }
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
}

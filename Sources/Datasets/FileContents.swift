#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// Reads whole files, unpacking those that hold gzip data.
enum FileContents {
  /// The largest number of unpacked bytes accepted.
  static let unpackedLimit = 1 << 32

  /// The path of `name` in `folder`, or of its compressed form, the plain one first.
  static func path(of name: String, in folder: String) -> String? {
    for candidate in ["\(folder)/\(name)", "\(folder)/\(name).gz"] where isFile(candidate) {
      return candidate
    }
    return nil
  }

  /// Whether the path leads to something other than a folder.
  static func isFile(_ path: String) -> Bool {
    var isDirectory = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory
  }

  /// Whether the path leads to a folder.
  static func isFolder(_ path: String) -> Bool {
    var isDirectory = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
  }

  /// The bytes of a file.
  ///
  /// Gzip data is recognised by its first two bytes, not by the name; a name that ends in `.gz`
  /// must keep its promise though.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - zlib: Makes the unpacker; a parameter so that tests can do without one.
  /// - Returns: The bytes, unpacked.
  /// - Throws: What is wrong with the file.
  static func bytes(
    of path: String, zlib: () -> Zlib? = { Zlib() }
  ) throws(DatasetError) -> [UInt8] {
    let contents = try plainBytes(of: path)
    if contents.starts(with: [0x1F, 0x8B]) {
      guard let zlib = zlib() else {
        throw .zlibMissing(path: path, searched: Zlib.libraryNames)
      }
      return try zlib.unpack(path, limit: unpackedLimit)
    }
    if !contents.isEmpty, path.hasSuffix(".gz") {
      throw .notCompressed(path: path)
    }
    return contents
  }

  /// The names in a folder in the order of their bytes, hidden ones left out.
  static func names(in folder: String) throws(DatasetError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { !$0.hasPrefix(".") }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } catch {
      throw .unreadable(path: folder, reason: "the folder cannot be listed")
    }
  }

  /// The size of a file; 0 where there is none.
  static func byteCount(of path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.size] as? Int ?? (attributes?[.size] as? UInt64).map(Int.init) ?? 0
  }

  /// The bytes of a file as they are.
  static func plainBytes(of path: String) throws(DatasetError) -> [UInt8] {
    do {
      return try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    } catch let error as CocoaError where error.code == .fileReadNoPermission {
      throw .unreadable(path: path, reason: "no permission")
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
      throw .unreadable(path: path, reason: "no such file")
    } catch {
      throw .unreadable(path: path, reason: isFolder(path) ? "it is a folder" : "\(error)")
    }
  }
}

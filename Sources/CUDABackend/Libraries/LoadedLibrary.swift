internal import CCUDA

/// A library with its functions; it stays open for the life of the process.
@safe
struct LoadedLibrary<Functions>: @unchecked Sendable {
  // Unchecked: the table is written once, before this exists.

  /// The file.
  let path: String
  /// The functions; the memory is never freed.
  let functions: UnsafePointer<Functions>

  /// Finds a library and fills its table.
  ///
  /// - Parameters:
  ///   - library: What is looked for.
  ///   - search: Where.
  ///   - load: The loader of this table in C.
  /// - Throws: Where it was looked for in vain, or what is wrong with the file.
  init(
    _ library: SoughtLibrary, _ search: LibrarySearch,
    _ load: (UnsafePointer<CChar>, UnsafeMutablePointer<CChar>, Int) -> UnsafePointer<Functions>?
  ) throws(CUDABackendError) {
    let found = unsafe try search.load(library) { path in
      var table: UnsafePointer<Functions>?
      let reason = unsafe text { buffer, capacity in
        unsafe table = load(path, buffer, capacity)
      }
      return unsafe (table, reason)
    }
    unsafe functions = found.value
    // A bare name says nothing about the file that the system's loader took.
    path = unsafe found.path.contains("/") ? found.path : Self.file(found.value) ?? found.path
  }

  private static func file(_ functions: UnsafePointer<Functions>) -> String? {
    let first = unsafe UnsafeRawPointer(functions).load(as: UnsafeRawPointer.self)
    var isKnown = false
    let path = unsafe text { buffer, capacity in
      unsafe isKnown = cudaFileOfFunction(first, buffer, capacity)
    }
    return isKnown ? path : nil
  }

  /// The folder of the file, with the last slash.
  var folder: Substring {
    path.lastIndex(of: "/").map { path[...$0] } ?? ""
  }
}

/// The text that a function of C writes into a buffer, up to its final zero.
func text(
  capacity: Int = 4_096, _ write: (UnsafeMutablePointer<CChar>, Int) -> Void
) -> String {
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
    unsafe buffer.initialize(repeating: 0)
    if let first = buffer.baseAddress { unsafe write(first, capacity - 1) }
    let bytes = unsafe buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The text of a pointer of C; empty for none.
func text(_ pointer: UnsafePointer<CChar>?) -> String {
  unsafe pointer.map { unsafe String(cString: $0) } ?? ""
}

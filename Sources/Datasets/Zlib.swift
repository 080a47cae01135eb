/// The system's zlib, loaded when a compressed file is first met.
///
/// Only the `gz…` functions are used: they take opaque handles, so no layout of zlib's own has to be
/// repeated here.
@safe
struct Zlib {
  /// The names under which systems install zlib, tried in this order.
  static let libraryNames = ["libz.so.1", "libz.1.dylib"]

  private typealias Open =
    @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>) -> OpaquePointer?
  private typealias Read =
    @convention(c) (OpaquePointer, UnsafeMutableRawPointer, CUnsignedInt) -> CInt
  private typealias ErrorText =
    @convention(c) (OpaquePointer, UnsafeMutablePointer<CInt>) -> UnsafePointer<CChar>?
  private typealias Close = @convention(c) (OpaquePointer) -> CInt

  private let open: Open
  private let read: Read
  private let errorText: ErrorText
  private let close: Close

  /// Loads the first of the named libraries that has what is needed; nil when none has.
  init?(libraryNames: [String] = Self.libraryNames) {
    for name in libraryNames {
      guard let library = SystemLibrary(name),
        let open = unsafe library.function("gzopen", as: Open.self),
        let read = unsafe library.function("gzread", as: Read.self),
        let errorText = unsafe library.function("gzerror", as: ErrorText.self),
        let close = unsafe library.function("gzclose", as: Close.self)
      else { continue }
      unsafe (self.open, self.read, self.errorText, self.close) = (open, read, errorText, close)
      return
    }
    return nil
  }

  /// The unpacked bytes of a gzip file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The largest number of unpacked bytes accepted, so that a few hostile bytes cannot
  ///     ask for all memory.
  /// - Returns: The unpacked bytes.
  /// - Throws: What is wrong with the file.
  func unpack(_ path: String, limit: Int) throws(DatasetError) -> [UInt8] {
    guard let file = unsafe open(path, "rb") else {
      throw .unreadable(path: path, reason: "zlib cannot open it")
    }
    defer { _ = unsafe close(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = unsafe block.withUnsafeMutableBytes { buffer in
        // A block is never empty, so it has an address.
        unsafe Int(read(file, buffer.baseAddress.unsafelyUnwrapped, CUnsignedInt(buffer.count)))
      }
      if count > 0 {
        guard bytes.count + count <= limit else {
          throw .compressedTooLarge(path: path, limit: limit)
        }
        bytes.append(contentsOf: block[..<count])
        continue
      }
      // zlib reports a file that ends too early as a plain end with an error set.
      var code: CInt = 0
      let text = unsafe errorText(file, &code)
      switch code {
      case Self.ok, Self.streamEnd:
        return bytes
      case Self.endsEarly:
        throw .compressedTruncated(path: path, byteCount: bytes.count)
      default:
        var reason = unsafe text.map { unsafe String(cString: $0) } ?? "error \(code)"
        if reason.hasPrefix(path + ": ") {
          reason.removeFirst(path.count + 2)
        }
        throw .compressedCorrupted(path: path, reason: reason)
      }
    }
  }

  // zlib.h: Z_OK, Z_STREAM_END, Z_BUF_ERROR.
  private static let ok: CInt = 0
  private static let streamEnd: CInt = 1
  private static let endsEarly: CInt = -5
}

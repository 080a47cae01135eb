/// The IDX format of MNIST and its successors, written down by LeCun, Cortes and Burges.
///
/// A file is a magic number, big-endian sizes of 4 bytes each, and the elements. The magic number's
/// third byte is the element type (8: unsigned byte), its fourth the number of sizes.
enum IDX {
  /// The largest height or width accepted, in pixels: sizes beyond it are taken for damage.
  static let largestSide = 1 << 14

  private static let imageMagic: UInt32 = 0x0000_0803
  private static let labelMagic: UInt32 = 0x0000_0801

  /// Grey images: `pixels` is `[count, height, width]`.
  struct Images {
    let count: Int
    let height: Int
    let width: Int
    let pixels: [UInt8]
  }

  /// The images of a file's bytes; `path` is for messages.
  static func images(_ bytes: [UInt8], path: String) throws(DatasetError) -> Images {
    let sizes = try header(bytes, magic: imageMagic, sizeCount: 3, path: path)
    let (count, height, width) = (sizes[0], sizes[1], sizes[2])
    guard count >= 1, 1...largestSide ~= height, 1...largestSide ~= width else {
      throw .dimensions(path: path, count: count, height: height, width: width)
    }
    // At most 2³² · 2¹⁴ · 2¹⁴ = 2⁶⁰: no overflow.
    let expected = 16 + count * height * width
    guard bytes.count == expected else {
      throw .length(
        path: path, expected: expected, found: bytes.count,
        contents: "\(count) images of \(height)×\(width)")
    }
    return Images(count: count, height: height, width: width, pixels: Array(bytes[16...]))
  }

  /// The labels of a file's bytes, each below `classCount`; `path` is for messages.
  static func labels(
    _ bytes: [UInt8], classCount: Int, path: String
  ) throws(DatasetError) -> [Int] {
    let count = try header(bytes, magic: labelMagic, sizeCount: 1, path: path)[0]
    guard bytes.count == 8 + count else {
      throw .length(
        path: path, expected: 8 + count, found: bytes.count, contents: "\(count) labels")
    }
    let labels = bytes[8...].map(Int.init)
    if let position = labels.firstIndex(where: { $0 >= classCount }) {
      throw .label(
        path: path, found: labels[position], position: position, classCount: classCount)
    }
    return labels
  }

  /// The sizes after the magic number.
  private static func header(
    _ bytes: [UInt8], magic: UInt32, sizeCount: Int, path: String
  ) throws(DatasetError) -> [Int] {
    guard !bytes.isEmpty else { throw .empty(path: path) }
    let byteCount = 4 * (1 + sizeCount)
    // The magic number is judged first: a short file of another kind is not "truncated".
    if bytes.count >= 4 {
      let found = bigEndian(bytes, at: 0)
      guard found == magic else { throw .magic(path: path, expected: magic, found: found) }
    }
    guard bytes.count >= byteCount else {
      throw .length(
        path: path, expected: byteCount, found: bytes.count, contents: "the header alone")
    }
    return (1...sizeCount).map { Int(bigEndian(bytes, at: 4 * $0)) }
  }

  private static func bigEndian(_ bytes: [UInt8], at start: Int) -> UInt32 {
    bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}

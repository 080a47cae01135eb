/// How a stored image is to be turned, by the orientation that a camera notes in its EXIF data.
///
/// The numbers are those of TIFF 6.0 (Adobe, 1992, tag 274) and EXIF: they say where the stored first
/// row and first column belong.
enum ImageOrientation: Int, CaseIterable, Sendable {
  case upright = 1
  /// Left and right exchanged.
  case mirrored = 2
  /// Turned by 180°.
  case upsideDown = 3
  /// Top and bottom exchanged.
  case flipped = 4
  /// Rows and columns exchanged.
  case transposed = 5
  /// To be turned clockwise by 90°.
  case right = 6
  /// Rows and columns exchanged, over the other diagonal.
  case transversed = 7
  /// To be turned counterclockwise by 90°.
  case left = 8

  /// The place in a stored square of `side`² pixels of the pixel that is shown at (`row`, `column`).
  func source(row: Int, column: Int, side: Int) -> (row: Int, column: Int) {
    let last = side - 1
    return switch self {
    case .upright: (row, column)
    case .mirrored: (row, last - column)
    case .upsideDown: (last - row, last - column)
    case .flipped: (last - row, column)
    case .transposed: (column, row)
    case .right: (last - column, row)
    case .transversed: (last - column, last - row)
    case .left: (column, last - row)
    }
  }

  /// The orientation that a JPEG file's EXIF data names; nil where there is none that makes sense,
  /// which is no reason to refuse an image.
  init?(exifOf bytes: [UInt8]) {
    guard let tiff = Self.exifSegment(bytes), let value = Self.orientation(bytes[tiff]) else {
      return nil
    }
    self.init(rawValue: value)
  }

  /// Where the TIFF structure of the EXIF segment lies.
  private static func exifSegment(_ bytes: [UInt8]) -> Range<Int>? {
    // After the two bytes of the file's beginning: markers of two bytes, each with a length.
    var start = 2
    while start + 4 <= bytes.count, bytes[start] == 0xFF {
      let marker = bytes[start + 1]
      // Bytes of 0xFF may fill the space before a marker.
      if marker == 0xFF {
        start += 1
        continue
      }
      // The image itself begins: whatever describes it has come before.
      if marker == 0xDA || marker == 0xD9 { return nil }
      let length = Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
      let end = start + 2 + length
      guard length >= 2, end <= bytes.count else { return nil }
      if marker == 0xE1, bytes[(start + 4)..<end].starts(with: Array("Exif\0\0".utf8)) {
        return start + 10..<end
      }
      start = end
    }
    return nil
  }

  /// The value of tag 274 in the first directory of a TIFF structure.
  private static func orientation(_ tiff: ArraySlice<UInt8>) -> Int? {
    let isLittleEndian: Bool
    if tiff.starts(with: [0x49, 0x49, 0x2A, 0]) {
      isLittleEndian = true
    } else if tiff.starts(with: [0x4D, 0x4D, 0, 0x2A]) {
      isLittleEndian = false
    } else {
      return nil
    }
    func number(at offset: Int, count: Int) -> Int? {
      guard offset >= 0, offset + count <= tiff.count else { return nil }
      let digits = tiff[(tiff.startIndex + offset)..<tiff.startIndex + offset + count]
      return isLittleEndian
        ? digits.reversed().reduce(0) { $0 << 8 | Int($1) }
        : digits.reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(at: 4, count: 4), let entryCount = number(at: directory, count: 2)
    else { return nil }
    for entry in 0..<entryCount {
      // Tag, type, count, value: 2, 2, 4 and 4 bytes; a short stands first in its four.
      let place = directory + 2 + 12 * entry
      guard let tag = number(at: place, count: 2) else { return nil }
      if tag == 274 {
        guard number(at: place + 2, count: 2) == 3 else { return nil }
        return number(at: place + 8, count: 2)
      }
    }
    return nil
  }
}

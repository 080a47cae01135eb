import Testing

@testable import Datasets

@Suite struct ImageOrientationTests {
  /// An `F` in 3×3 pixels as it is stored for each orientation that shows it upright.
  static let stored: [(ImageOrientation, [String])] = [
    (.upright, ["abc", "def", "ghi"]), (.mirrored, ["cba", "fed", "ihg"]),
    (.upsideDown, ["ihg", "fed", "cba"]), (.flipped, ["ghi", "def", "abc"]),
    (.transposed, ["adg", "beh", "cfi"]), (.right, ["cfi", "beh", "adg"]),
    (.transversed, ["ifc", "heb", "gda"]), (.left, ["gda", "heb", "ifc"]),
  ]

  @Test(arguments: stored)
  func showsUpright(orientation: ImageOrientation, stored: [String]) {
    let stored = stored.map(Array.init)
    let shown = (0..<3).map { row in
      String(
        (0..<3).map { column in
          let place = orientation.source(row: row, column: column, side: 3)
          return stored[place.row][place.column]
        })
    }
    #expect(shown == ["abc", "def", "ghi"])
  }

  @Test func readsExif() {
    for orientation in ImageOrientation.allCases {
      for isLittleEndian in [false, true] {
        let bytes = SampleJPEG.oriented(
          SampleJPEG.grey, UInt8(orientation.rawValue), isLittleEndian: isLittleEndian)
        #expect(ImageOrientation(exifOf: bytes) == orientation)
      }
    }
    #expect(ImageOrientation(exifOf: SampleJPEG.grey) == nil)
    #expect(ImageOrientation(exifOf: SampleJPEG.oriented(SampleJPEG.grey, 9)) == nil)
    #expect(ImageOrientation(exifOf: SampleJPEG.oriented(SampleJPEG.grey, 0)) == nil)
  }

  @Test func survivesDamage() {
    let good = Array(SampleJPEG.oriented(SampleJPEG.grey, 6).prefix(120))
    for count in 0...good.count { _ = ImageOrientation(exifOf: Array(good.prefix(count))) }
    for position in good.indices {
      for mask: UInt8 in [0xFF, 0x80, 0x01] {
        var bytes = good
        bytes[position] ^= mask
        _ = ImageOrientation(exifOf: bytes)
      }
    }
  }
}

import Testing

@testable import Datasets

@Suite(.enabled(if: SampleJPEG.isLibraryThere, SampleJPEG.skipped))
struct JPEGDecoderTests {
  private let decoder: JPEGDecoder

  init() throws {
    let library = try #require(TurboJPEG())
    decoder = JPEGDecoder(library)
  }

  private func pixel(_ row: Int, _ column: Int) -> [Int] {
    let image = decoder.image
    let start = (row * image.width + column) * image.pixelStride
    return image.bytes[start..<start + 3].map(Int.init)
  }

  /// Decoders may differ by their rounding.
  private func expect(
    _ row: Int, _ column: Int, _ expected: [Int], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = pixel(row, column)
    #expect(
      zip(found, expected).allSatisfy { abs($0 - $1) <= 2 }, "\(found) for \(expected)",
      sourceLocation: sourceLocation)
  }

  private func error(_ bytes: [UInt8]) -> String {
    do throws(DatasetError) {
      try decoder.decode(bytes, path: "a.jpg", side: 1)
      return "no error"
    } catch {
      #expect(error.isBadImage)
      return error.description
    }
  }

  @Test func decodesColours() throws {
    try decoder.decode(SampleJPEG.quarters, path: "a.jpg", side: 16)
    #expect(decoder.image.width == 16 && decoder.image.height == 16)
    #expect(decoder.image.pixelStride == 3 && decoder.image.orientation == .upright)
    expect(4, 4, [254, 0, 0])
    expect(4, 12, [0, 255, 1])
    expect(12, 4, [0, 0, 254])
    expect(12, 12, [255, 255, 255])
  }

  @Test func makesGreyColoured() throws {
    try decoder.decode(SampleJPEG.grey, path: "a.jpg", side: 16)
    expect(4, 4, [63, 63, 63])
    expect(4, 12, [191, 191, 191])
  }

  @Test func printsInksOverBlack() throws {
    try decoder.decode(SampleJPEG.inks, path: "a.jpg", side: 16)
    #expect(decoder.image.pixelStride == 4)
    expect(4, 4, [0, 255, 255])
    expect(4, 12, [255, 0, 255])
    expect(12, 4, [255, 255, 0])
    expect(12, 12, [127, 127, 127])
    // What a larger image left is not converted again.
    try decoder.decode(SampleJPEG.quarters, path: "a.jpg", side: 16)
    expect(12, 12, [255, 255, 255])
  }

  @Test func decodesNoMoreThanIsNeeded() throws {
    try decoder.decode(SampleJPEG.wide, path: "a.jpg", side: 20)
    let image = decoder.image
    #expect(image.scale == JPEGScale(numerator: 1, denominator: 2))
    #expect(image.width == 32 && image.height == 24)
    #expect(image.fullWidth == 64 && image.fullHeight == 48)
    try decoder.decode(SampleJPEG.wide, path: "a.jpg", side: 48)
    #expect(decoder.image.width == 64)
    expect(4, 4, [16, 20, 242])
    expect(4, 12, [52, 19, 224])
    expect(12, 4, [13, 63, 222])
  }

  @Test func saysWhatIsNoImage() {
    #expect(error([]) == "expected a JPEG image in a.jpg, found 0 bytes")
    #expect(
      error(Array("\u{89}PNG".utf8)) == "expected a JPEG image in a.jpg, found other bytes")
    #expect(error([0xFF, 0xD8]).hasPrefix("expected a JPEG image in a.jpg, found it damaged ("))
  }

  /// Wherever the end is missing: in the headers an error of the library's, later a warning.
  @Test func noticesEveryTruncation() {
    let bytes = SampleJPEG.wide
    for count in stride(from: 3, to: bytes.count - 2, by: 7) {
      #expect(
        error(Array(bytes.prefix(count)))
          .hasPrefix("expected a JPEG image in a.jpg, found it damaged (libjpeg-turbo: "),
        "\(count) bytes")
      // A header that was broken off is not gone on with.
      #expect(error(SampleJPEG.quarters) == "no error")
    }
    #expect(error(bytes) == "no error")
  }

  @Test func acceptsSuperfluousBytes() {
    #expect(error(SampleJPEG.wide + [1, 2, 3]) == "no error")
    // Two bytes before the end of the image, as some cameras write them.
    let bytes = SampleJPEG.quarters
    #expect(error(bytes.dropLast(2) + [0, 0] + bytes.suffix(2)) == "no error")
  }

  @Test func refusesHugeHeaders() throws {
    var bytes = SampleJPEG.quarters
    // The frame header: marker, length, precision, height, width.
    let frame = try #require(
      bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0x00, 0xFF, 0x00])
    #expect(
      error(bytes)
        == "expected a JPEG image in a.jpg, found one of 65280×65280 pixels, more than 268435456")
  }

  /// Every damaged byte is read or refused, never trapped on.
  @Test func survivesDamage() {
    for bytes in [SampleJPEG.oriented(SampleJPEG.quarters, 6), SampleJPEG.inks] {
      for position in bytes.indices {
        var damaged = bytes
        damaged[position] ^= 0xFF
        _ = error(damaged)
      }
    }
  }
}

import Testing

@testable import Datasets

@Suite struct ImageResamplingTests {
  /// The middle square of `[height, width]` pixels at another size.
  private func resized(_ pixels: [UInt8], width: Int, side: Int) -> [UInt8] {
    let height = pixels.count / width
    var target = [UInt8](repeating: 0, count: side * side)
    var scratch: [UInt8] = []
    var span = target.mutableSpan
    ImageResampling(width: width, height: height, side: side).resize(
      pixels.span, start: 0, pixelStride: 1, rowStride: width, scratch: &scratch, into: &span,
      at: 0)
    return target
  }

  private static let pattern = (0..<35).map { index in
    let (x, y) = (index % 7, index / 7)
    return UInt8((37 * y * y + 91 * x + 13 * x * y) % 256)
  }

  /// Pillow 13: `Image.fromarray(pixels).resize((n, n), Image.BILINEAR, box=(1, 0, 6, 5))`.
  static let golden: [(Int, [[UInt8]])] = [
    (2, [[130, 132], [146, 145]]),
    (3, [[137, 107, 132], [108, 171, 148], [155, 178, 114]]),
    (
      5,
      [
        [91, 182, 17, 108, 199], [141, 245, 93, 197, 45], [9, 126, 243, 104, 221],
        [207, 81, 211, 85, 215], [223, 110, 253, 140, 27],
      ]
    ),
    (
      8,
      [
        [74, 131, 172, 69, 45, 102, 159, 168], [95, 156, 200, 101, 80, 141, 138, 123],
        [117, 179, 230, 145, 131, 186, 116, 73], [62, 100, 165, 186, 177, 137, 152, 154],
        [81, 89, 119, 195, 191, 107, 166, 194], [174, 146, 92, 172, 174, 94, 159, 191],
        [190, 164, 106, 191, 198, 123, 112, 114], [196, 174, 119, 208, 218, 147, 76, 54],
      ]
    ),
  ]

  @Test(arguments: golden)
  func agreesWithPillow(side: Int, expected: [[UInt8]]) {
    #expect(resized(Self.pattern, width: 7, side: side) == expected.flatMap(\.self))
  }

  @Test func keepsWhatIsFlat() {
    for value: UInt8 in [0, 1, 127, 255] {
      for side in [1, 2, 3, 7, 50] {
        let flat = [UInt8](repeating: value, count: 9 * 13)
        #expect(Set(resized(flat, width: 9, side: side)) == [value])
      }
    }
  }

  /// Both halves of an image are treated alike, also where the square begins between two pixels.
  @Test func isSymmetric() {
    for side in [2, 3, 6, 11] {
      var rows = [[UInt8]](repeating: [], count: 6)
      for row in 0..<6 {
        for column in 0..<11 { rows[row].append(UInt8((column * column * 7 + row * 29) % 256)) }
      }
      let mirrored: [[UInt8]] = rows.map { $0.reversed() }
      let result = resized(rows.flatMap(\.self), width: 11, side: side)
      let other = resized(mirrored.flatMap(\.self), width: 11, side: side)
      for row in 0..<side {
        #expect(
          result[row * side..<(row + 1) * side]
            .elementsEqual(other[row * side..<(row + 1) * side].reversed()))
      }
    }
  }

  @Test func takesOneChannelOfSeveral() {
    // Three channels a pixel, of which the second is the pattern; two bytes beyond each row.
    var bytes = [UInt8](repeating: 9, count: 5 * 23)
    for (index, value) in Self.pattern.enumerated() {
      bytes[index / 7 * 23 + index % 7 * 3 + 1] = value
    }
    var target = [UInt8](repeating: 0, count: 10)
    var scratch: [UInt8] = []
    var span = target.mutableSpan
    ImageResampling(width: 7, height: 5, side: 3).resize(
      bytes.span, start: 1, pixelStride: 3, rowStride: 23, scratch: &scratch, into: &span, at: 1)
    #expect(target == [0] + resized(Self.pattern, width: 7, side: 3))
  }

  @Test func survivesExtremes() {
    #expect(resized([7], width: 1, side: 5) == [UInt8](repeating: 7, count: 25))
    #expect(resized([UInt8](repeating: 3, count: 4_000), width: 4_000, side: 2) == [3, 3, 3, 3])
    #expect(resized([UInt8](repeating: 4, count: 4_000), width: 1, side: 1) == [4])
  }
}

/// Makes a square of another size of a square part of an image: a triangle filter in both directions,
/// as wide as a pixel of the result, so that nothing aliases when an image gets smaller.
///
/// Enlarging it is bilinear interpolation. Everything is done in whole numbers, weights in units of
/// 2⁻²², with a rounding to bytes between the two directions, so that results are the same on every
/// machine; they are those of Pillow's `BILINEAR`.
struct ImageResampling: Sendable {
  /// Pixels on a side of the result.
  let side: Int
  private let columns: TriangleWeights
  private let rows: TriangleWeights

  /// Prepares for images of one size.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row of the source.
  ///   - height: Rows of the source.
  ///   - left: Where the part begins, in pixels of the source.
  ///   - top: Where the part begins.
  ///   - length: The part's side.
  ///   - side: The result's side, ≥ 1.
  init(width: Int, height: Int, left: Double, top: Double, length: Double, side: Int) {
    self.side = side
    columns = TriangleWeights(sourceCount: width, start: left, length: length, count: side)
    rows = TriangleWeights(sourceCount: height, start: top, length: length, count: side)
  }

  /// Prepares for the largest square in the middle of images of one size.
  init(width: Int, height: Int, side: Int) {
    let length = Double(min(width, height))
    self.init(
      width: width, height: height, left: (Double(width) - length) / 2,
      top: (Double(height) - length) / 2, length: length, side: side)
  }

  /// Resizes one channel.
  ///
  /// - Parameters:
  ///   - source: `[height, width]` with strides; not read beyond the image.
  ///   - start: Where the channel's first value is.
  ///   - pixelStride: From one pixel to the next.
  ///   - rowStride: From one row to the next.
  ///   - scratch: Memory between the two directions, used again.
  ///   - target: `[side, side]` from `targetStart` on; overwritten.
  ///   - targetStart: Where to.
  func resize(
    _ source: Span<UInt8>, start: Int, pixelStride: Int, rowStride: Int, scratch: inout [UInt8],
    into target: inout MutableSpan<UInt8>, at targetStart: Int
  ) {
    // Only the rows that the second direction looks at.
    let usedRows = rows.used
    if scratch.count < usedRows.count * side {
      scratch = [UInt8](repeating: 0, count: usedRows.count * side)
    }
    var between = scratch.mutableSpan
    let (columnWeights, columnFirsts) = (columns.weights.span, columns.firsts.span)
    for row in usedRows {
      let line = start + row * rowStride
      let result = (row - usedRows.lowerBound) * side
      for x in 0..<side {
        var sum = TriangleWeights.half
        var place = line + columnFirsts[x] * pixelStride
        let weight = x * columns.width
        for tap in 0..<columns.counts[x] {
          sum &+= Int32(source[place]) &* columnWeights[weight + tap]
          place += pixelStride
        }
        between[result + x] = UInt8(truncatingIfNeeded: sum >> TriangleWeights.bits)
      }
    }
    let rowWeights = rows.weights.span
    for y in 0..<side {
      let first = (rows.firsts[y] - usedRows.lowerBound) * side
      let (count, weight, result) = (rows.counts[y], y * rows.width, targetStart + y * side)
      for x in 0..<side {
        var sum = TriangleWeights.half
        var place = first + x
        for tap in 0..<count {
          sum &+= Int32(between[place]) &* rowWeights[weight + tap]
          place += side
        }
        target[result + x] = UInt8(truncatingIfNeeded: sum >> TriangleWeights.bits)
      }
    }
  }
}

/// What each pixel of a line of the result takes from which pixels of a line of the source.
private struct TriangleWeights: Sendable {
  /// A weight of 1 is 2²²: its product with a byte has 30 bits, and weights add up to 1.
  static let bits: Int32 = 22
  static let half: Int32 = 1 << (bits - 1)

  /// The first source pixel of each result pixel, and how many there are.
  let firsts: [Int]
  let counts: [Int]
  /// The most there are of one result pixel.
  let width: Int
  /// `[count, width]`; none of them is negative.
  let weights: [Int32]

  /// - Parameters:
  ///   - sourceCount: Pixels of the source's line.
  ///   - start: Where the part that is resized begins, in source pixels.
  ///   - length: How long it is.
  ///   - count: Pixels of the result's line.
  init(sourceCount: Int, start: Double, length: Double, count: Int) {
    let scale = length / Double(count)
    let radius = max(scale, 1)
    var firsts: [Int] = []
    var lines: [[Int32]] = []
    for index in 0..<count {
      let center = start + (Double(index) + 0.5) * scale
      // Those whose middle lies less than a radius away; a pixel outside the part counts too, so
      // that its edge is no edge of the picture.
      let first = min(sourceCount - 1, max(0, Int((center - radius + 0.5).rounded(.down))))
      let last = max(first + 1, min(sourceCount, Int((center + radius + 0.5).rounded(.down))))
      let heights = (first..<last).map {
        max(0, 1 - abs((Double($0) + 0.5 - center) / radius))
      }
      let sum = heights.reduce(0, +)
      let line = heights.map { Int32(($0 / sum * Double(Int32(1) << Self.bits)).rounded()) }
      // Without zeros at the ends: an image of the right size is copied.
      let leading = line.prefix { $0 == 0 }.count
      let trailing = line.reversed().prefix { $0 == 0 }.count
      firsts.append(first + leading)
      lines.append(Array(line.dropFirst(leading).dropLast(trailing)))
    }
    let width = lines.map(\.count).max() ?? 0
    self.firsts = firsts
    counts = lines.map(\.count)
    self.width = width
    weights = lines.flatMap { $0 + [Int32](repeating: 0, count: width - $0.count) }
  }

  /// The source pixels that are looked at.
  var used: Range<Int> {
    let ends = zip(firsts, counts).map { $0 + $1 }
    return (firsts.min() ?? 0)..<(ends.max() ?? 0)
  }
}

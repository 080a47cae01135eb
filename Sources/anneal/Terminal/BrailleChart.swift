/// A line chart of text: each character cell holds 2 × 4 dots of the Unicode Braille block.
struct BrailleChart: Sendable {
  /// Width and height in character cells, ≥ 1 each.
  var width: Int
  var height: Int

  /// The chart's lines, top first, without labels.
  ///
  /// - Parameters:
  ///   - values: One curve, at least one value; one that is not a number is at the bottom edge.
  ///   - range: The values at the bottom and at the top edge.
  /// - Returns: `height` lines of `width` characters.
  func lines(_ values: [Double], in range: ClosedRange<Double>) -> [String] {
    precondition(width >= 1 && height >= 1 && !values.isEmpty, "a chart has cells and values")
    var cells = [[UInt32]](repeating: [UInt32](repeating: 0, count: width), count: height)
    let columns = 2 * width
    var previous: ClosedRange<Int>?
    for column in 0..<columns {
      // A column shows every value that falls into it, so that a spike of one step is seen.
      let first = column * values.count / columns
      let last = max(first, (column + 1) * values.count / columns - 1)
      let rows = values[first...last].map { row(of: $0, in: range) }
      guard var low = rows.min(), var high = rows.max() else { continue }
      if let previous {
        // Neighbouring columns join where they leave a gap between them.
        if low > previous.upperBound + 1 { low = previous.upperBound + 1 }
        if high < previous.lowerBound - 1 { high = previous.lowerBound - 1 }
      }
      previous = (rows.min() ?? low)...(rows.max() ?? high)
      for row in low...high {
        cells[row / 4][column / 2] |= Self.dots[row % 4][column % 2]
      }
    }
    return cells.map { line in
      String(String.UnicodeScalarView(line.compactMap { Unicode.Scalar(0x2800 + $0) }))
    }
  }

  /// The dot row of a value, 0 at the top.
  private func row(of value: Double, in range: ClosedRange<Double>) -> Int {
    let rows = Double(4 * height - 1)
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite else { return 2 * height }
    guard !value.isNaN else { return 4 * height - 1 }
    let fraction = min(1, max(0, (range.upperBound - value) / span))
    return Int((fraction * rows).rounded())
  }

  /// The bit of each dot in a cell, by row and column (Unicode 15, block Braille Patterns).
  private static let dots: [[UInt32]] = [
    [0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80],
  ]
}

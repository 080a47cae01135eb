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
    cells(values, in: range).map { line in String(line.map(Self.character)) }
  }

  /// The lines of several curves over each other, each in a colour of its own.
  ///
  /// A cell that two curves share has the dots of both and the colour of the later one.
  ///
  /// - Parameters:
  ///   - curves: The curves, at least one value each.
  ///   - range: The values at the bottom and at the top edge.
  ///   - colors: A colour for each curve.
  /// - Returns: `height` lines of `width` characters and the sequences that colour them.
  func lines(
    _ curves: [[Double]], in range: ClosedRange<Double>, colors: [TerminalColor]
  ) -> [String] {
    precondition(curves.count == colors.count, "each curve has a colour")
    let charts = curves.map { cells($0, in: range) }
    return (0..<height).map { row in
      var line = ""
      var current: TerminalColor?
      for column in 0..<width {
        let owner = charts.indices.last { charts[$0][row][column] != 0 }
        let color = owner.map { colors[$0] }
        if color != current { line += color?.start ?? TerminalColor.end }
        current = color
        line.append(Self.character(charts.reduce(0) { $0 | $1[row][column] }))
      }
      return current == nil ? line : line + TerminalColor.end
    }
  }

  /// The dots of every cell, by row and column.
  private func cells(_ values: [Double], in range: ClosedRange<Double>) -> [[UInt32]] {
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
    return cells
  }

  /// The character of a cell's dots.
  private static func character(_ dots: UInt32) -> Character {
    Character(Unicode.Scalar(0x2800 + dots) ?? " ")
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

import Plotting

/// A titled chart of one curve for a terminal, its ends and extremes labelled.
///
///     learningRate  0.016 … 0.4, ends at 4e-07
///       0.4 ┤⠀⠀⠀⠀⣀⠔⠊⠉⠢⣀
///     4e-07 ┤⠤⠔⠊⠉⠀⠀⠀⠀⠀⠀⠉⠒⠤⣀
///            0             999
struct CurvePanel: Sendable {
  var title: String
  /// One value for each step, finite; at least one.
  var values: [Double]
  /// The vertical axis; from the least to the largest value if `nil`.
  var range: ClosedRange<Double>?

  /// The panel's lines for a terminal of so many columns.
  ///
  /// - Parameters:
  ///   - columns: The width that the lines may fill.
  ///   - height: The chart's height in lines, ≥ 2.
  /// - Returns: A title, the chart and the steps below it.
  func lines(columns: Int, height: Int = 8) -> [String] {
    guard let low = values.min(), let high = values.max(), let first = values.first,
      let last = values.last
    else { return [title] }
    let range = range ?? low...high
    let top = NumberText.significant(range.upperBound, digits: 4)
    let bottom = NumberText.significant(range.lowerBound, digits: 4)
    let margin = max(top.count, bottom.count)
    let width = max(10, min(72, columns - margin - 4))
    let chart = BrailleChart(width: width, height: height).lines(values, in: range)
    var lines = [
      "\(title)  from \(NumberText.significant(first, digits: 4)) to \(NumberText.significant(last, digits: 4)), "
        + "between \(NumberText.significant(low, digits: 4)) "
        + "and \(NumberText.significant(high, digits: 4))"
    ]
    for (index, line) in chart.enumerated() {
      let label =
        if range.lowerBound == range.upperBound { index == height / 2 ? top : "" } else {
          index == 0 ? top : index == height - 1 ? bottom : ""
        }
      let padding = String(repeating: " ", count: margin - label.count)
      lines.append("  \(padding)\(label) \(label.isEmpty ? "│" : "┤")\(line)")
    }
    let end = "\(values.count - 1)"
    let gap = String(repeating: " ", count: max(1, width - 1 - end.count))
    lines.append(
      String(repeating: " ", count: margin + 4) + "0" + (values.count > 1 ? gap + end : ""))
    return lines
  }
}

import Plotting

/// A titled chart of one curve for a terminal, its ends and extremes labelled.
///
///     learningRate  from 0.016 to 4e-07, between 4e-07 and 0.4
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
    guard let low = values.min(), let high = values.max() else { return [title] }
    let range = range ?? low...high
    let frame = ChartFrame(range: range, stepCount: values.count, columns: columns, height: height)
    return [heading] + frame.around(frame.chart.lines(values, in: range))
  }

  /// Several curves over each other, for a terminal with colours.
  ///
  /// - Parameters:
  ///   - panels: The curves, with a value for each of the same steps.
  ///   - range: The vertical axis.
  ///   - columns: The width that the lines may fill.
  ///   - height: The chart's height in lines, ≥ 2.
  /// - Returns: A title for each curve in its colour, the chart and the steps below it.
  static func lines(
    _ panels: [CurvePanel], in range: ClosedRange<Double>, columns: Int, height: Int = 12
  ) -> [String] {
    let colors = panels.indices.map(TerminalColor.init(series:))
    let frame = ChartFrame(
      range: range, stepCount: panels.first?.values.count ?? 0, columns: columns, height: height)
    let headings = zip(panels, colors).map {
      $1.start + "━━" + TerminalColor.end + " " + $0.heading
    }
    return headings
      + frame.around(frame.chart.lines(panels.map(\.values), in: range, colors: colors))
  }

  /// The title with the curve's ends and extremes.
  private var heading: String {
    let numbers = [values.first, values.last, values.min(), values.max()]
      .map { NumberText.significant($0 ?? .nan, digits: 4) }
    return "\(title)  from \(numbers[0]) to \(numbers[1]), between \(numbers[2]) and \(numbers[3])"
  }
}

/// The frame of a chart: values at its left, steps below.
private struct ChartFrame {
  let chart: BrailleChart
  private let labels: [String]
  private let steps: String

  init(range: ClosedRange<Double>, stepCount: Int, columns: Int, height: Int) {
    let top = NumberText.significant(range.upperBound, digits: 4)
    let bottom = NumberText.significant(range.lowerBound, digits: 4)
    let margin = max(top.count, bottom.count)
    let width = max(10, min(72, columns - margin - 4))
    chart = BrailleChart(width: width, height: height)
    labels = (0..<height).map { index in
      let label =
        if range.lowerBound == range.upperBound { index == height / 2 ? top : "" } else {
          index == 0 ? top : index == height - 1 ? bottom : ""
        }
      let padding = String(repeating: " ", count: margin - label.count)
      return "  \(padding)\(label) \(label.isEmpty ? "│" : "┤")"
    }
    let end = "\(stepCount - 1)"
    let gap = String(repeating: " ", count: max(1, width - 1 - end.count))
    steps = String(repeating: " ", count: margin + 4) + "0" + (stepCount > 1 ? gap + end : "")
  }

  func around(_ lines: [String]) -> [String] { zip(labels, lines).map { $0 + $1 } + [steps] }
}

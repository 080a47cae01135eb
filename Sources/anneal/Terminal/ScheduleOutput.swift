/// The curves of schedules in the forms that `schedule show` and `schedule import` print.
struct ScheduleOutput: Sendable {
  var curves: [ScheduleWords.Curve]

  /// The steps of the run.
  private var stepCount: Int { curves.first?.values.count ?? 0 }

  private struct Values: Encodable {
    var steps: Int
    var values: [String: [Double]]
  }

  /// One object: `{"steps": N, "values": {"learningRate": […], …}}`.
  func printJSON(_ console: Console) throws {
    // A schedule that is compared with itself is one entry.
    let values = Dictionary(curves.map { ($0.label, $0.values) }) { first, _ in first }
    try Self.printJSON(values, steps: stepCount, console)
  }

  /// The same object for values that are no curves.
  static func printJSON(_ values: [String: [Double]], steps: Int, _ console: Console) throws {
    try console.printJSON(Values(steps: steps, values: values))
  }

  /// A heading and a line for each step.
  func printCSV(_ console: Console) throws(CommandError) {
    try console.print((["step"] + curves.map { quoted($0.label) }).joined(separator: ","))
    for step in 0..<stepCount {
      try console.print(
        (["\(step)"] + curves.map { number($0.values[step]) }).joined(separator: ","))
    }
  }

  /// A chart for each curve, or one of all of them where they share their range and colours tell them
  /// apart.
  ///
  /// - Parameters:
  ///   - sharesRange: Whether all charts have the same vertical axis.
  ///   - console: Where to print them.
  /// - Throws: `CommandError` when they cannot be written.
  func printCharts(sharesRange: Bool, _ console: Console) throws(CommandError) {
    let low = curves.compactMap { $0.values.min() }.min() ?? 0
    let high = curves.compactMap { $0.values.max() }.max() ?? 1
    let columns = console.columns(of: console.output)
    if sharesRange, 2...TerminalColor.seriesCount ~= curves.count,
      console.usesColor(console.output)
    {
      let panels = curves.map { CurvePanel(title: $0.label, values: $0.values) }
      for line in CurvePanel.lines(panels, in: low...high, columns: columns) {
        try console.print(line)
      }
      return
    }
    for (index, curve) in curves.enumerated() {
      if index > 0 { try console.print() }
      let panel = CurvePanel(
        title: curve.label, values: curve.values, range: sharesRange ? low...high : nil)
      for line in panel.lines(columns: columns, height: curves.count > 2 ? 5 : 8) {
        try console.print(line)
      }
    }
  }

  /// A number with all its digits; a whole one without a point.
  private func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }

  /// A field as RFC 4180 quotes it.
  private func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" }) else { return field }
    return "\""
      + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

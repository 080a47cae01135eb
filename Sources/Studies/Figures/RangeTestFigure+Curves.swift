import Plotting
public import Schedules

extension RangeTestFigure {
  /// Makes a figure of several tests of one recipe: the median of their smoothed readings in a band
  /// from the least to the largest, and what each rule says of them together.
  ///
  /// Where half of the tests or more have stopped there is neither band nor median: those that are
  /// left are the lucky ones. Tests with values of their own are interpolated along straight lines.
  ///
  /// - Parameters:
  ///   - curves: What the tests recorded, at least one, of one hyper-parameter and one measure; one
  ///     alone is drawn as such.
  ///   - title: The heading; nil for the name of the test.
  ///   - subtitle: A quieter line under the heading.
  /// - Throws: `ScheduleError.rangeTest` for no curves, or curves of different things.
  public init(
    _ curves: [RangeTestCurve], title: String? = nil, subtitle: String? = nil
  ) throws(ScheduleError) {
    let agreement = try RangeTestAgreement(curves)
    if curves.count == 1 {
      self.init(curves[0], title: title, subtitle: subtitle)
      return
    }
    let rules = agreement.rules.map { rule in
      Marker(
        name: Self.names[rule.name] ?? rule.name, value: rule.suggestion.value,
        reason: rule.verdict)
    }
    func rule(_ name: String) -> Marker? { rules.first { $0.name == name } }
    let bounds = Self.names.values
    self.init(
      agreement.hyperparameter, title: title, subtitle: subtitle, traces: Self.traces(curves),
      measure: agreement.measure, markers: rules.filter { !bounds.contains($0.name) },
      cycle: rule("Smith's base").flatMap { base in
        rule("Smith's max").map { Cycle(base: base, max: $0) }
      },
      stop: Self.firstStop(curves))
  }

  private static let names = ["smithBase": "Smith's base", "smithMax": "Smith's max"]

  /// A trace of every measure that all tests have.
  private static func traces(_ curves: [RangeTestCurve]) -> [Trace] {
    let measures = curves.map { curve in
      curve.measures.map { column in
        (
          measure: column.measure,
          line: Polyline(
            x: column.updates.map { curve.values[$0] },
            y: smoothing.smoothed(column.readings, at: column.updates))
        )
      }
    }
    return (measures.first ?? []).compactMap { measure, _ in
      let lines = measures.compactMap { $0.first { $0.measure == measure }?.line }
      return lines.count == curves.count ? trace(of: measure, lines) : nil
    }
  }

  private static func trace(of measure: RangeTestMeasure, _ lines: [Polyline]) -> Trace {
    var (values, medians): ([Double], [Double]) = ([], [])
    var (lower, upper): ([Double], [Double]) = ([], [])
    let grid = Set(lines.flatMap(\.x)).sorted()
    let columns = lines.map { $0.values(at: grid) }
    for (index, value) in grid.enumerated() {
      let readings = columns.compactMap { $0[index] }.sorted()
      guard 2 * readings.count > lines.count else { continue }
      let middle = readings.count / 2
      values.append(value)
      lower.append(readings[0])
      upper.append(readings[readings.count - 1])
      medians.append(
        readings.count % 2 == 1
          ? readings[middle] : 0.5 * readings[middle - 1] + 0.5 * readings[middle])
    }
    return Trace(
      measure, values: values, readings: [], smoothed: medians,
      band: Band(curveCount: lines.count, lower: lower, upper: upper))
  }

  /// The least value at which a test stopped, and how many others did.
  private static func firstStop(_ curves: [RangeTestCurve]) -> Stop? {
    let stops = curves.compactMap { curve -> Stop? in
      guard let ending = curve.ending, let value = curve.values.last else { return nil }
      return Stop(at: value, reason: ending.description)
    }.sorted { $0.value < $1.value }
    guard let first = stops.first, let last = stops.last else { return nil }
    let digits = curves.first?.hyperparameter.isMemory == true ? 3 : 2
    let others =
      stops.count == 1
      ? "the others went to their end"
      : "\(stops.count) stopped, the last at \(NumberText.significant(last.value, digits: digits))"
    return Stop(at: first.value, reason: "\(first.reason); \(others)")
  }
}

/// Points with straight lines between them.
private struct Polyline {
  /// Rising.
  let x: [Double]
  let y: [Double]

  /// The height at each of some rising places; nil before the first point and after the last.
  func values(at places: [Double]) -> [Double?] {
    var right = 0
    return places.map { place in
      while right < x.count, x[right] < place { right += 1 }
      guard right < x.count else { return nil }
      if x[right] == place { return y[right] }
      guard right > 0 else { return nil }
      let share = (place - x[right - 1]) / (x[right] - x[right - 1])
      return y[right - 1] * (1 - share) + y[right] * share
    }
  }
}

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
    let lines = curves.map { curve in
      Polyline(
        x: curve.measuredValues,
        y: Self.smoothing.smoothed(curve.readings, at: curve.measuredUpdates))
    }
    var (values, medians): ([Double], [Double]) = ([], [])
    var (lower, upper): ([Double], [Double]) = ([], [])
    let grid = Set(lines.flatMap(\.x)).sorted()
    let columns = lines.map { $0.values(at: grid) }
    for (index, value) in grid.enumerated() {
      let readings = columns.compactMap { $0[index] }.sorted()
      guard 2 * readings.count > curves.count else { continue }
      let middle = readings.count / 2
      values.append(value)
      lower.append(readings[0])
      upper.append(readings[readings.count - 1])
      medians.append(
        readings.count % 2 == 1
          ? readings[middle] : 0.5 * readings[middle - 1] + 0.5 * readings[middle])
    }
    let answers = agreement.rules.map { (name: $0.name, value: $0.suggestion.value) }
    func answer(_ name: String) -> Double? { answers.first { $0.name == name }?.value }
    self.init(
      agreement.hyperparameter, measure: agreement.measure, title: title, subtitle: subtitle,
      values: values, readings: [], smoothed: medians,
      markers: answers.compactMap { name, value in
        name.hasPrefix("smith") ? nil : value.map { Marker(name: name, value: $0) }
      },
      cycle: Self.cycle(answer("smithBase"), answer("smithMax")),
      band: Band(curveCount: curves.count, lower: lower, upper: upper))
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

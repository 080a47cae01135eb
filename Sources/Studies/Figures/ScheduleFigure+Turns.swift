import Plotting

/// Where a rate turns: what a reader looks for first.
extension ScheduleFigure.Curve {
  /// The first place of the greatest value, where the curve rises to it and falls after it.
  var peak: Int? {
    guard let most = values.max(), let first = values.firstIndex(of: most), first > 0,
      let last = values.last, values[0] < most, last < most
    else { return nil }
    return first
  }

  /// The places at which the value jumps up after a fall, as it does at a warm restart.
  ///
  /// A jump takes at least a quarter of the curve's range from one step to the next, follows a fall
  /// of at least half its height that was not one step either, and is not the first of several
  /// such steps up. None of a curve with more than a dozen: that is noise, or
  /// nothing to point at.
  var restarts: [Int] {
    guard let least = values.min(), let most = values.max(), most > least else { return [] }
    var places: [Int] = []
    var (fallStart, steepest) = (0, 0.0)
    for index in values.indices.dropFirst() {
      guard values[index] > values[index - 1] else {
        steepest = max(steepest, values[index - 1] - values[index])
        continue
      }
      let jump = values[index] - values[index - 1]
      let fall = values[fallStart] - values[index - 1]
      let next = index + 1 < values.count ? values[index + 1] - values[index] : 0
      if jump >= 0.25 * (most - least), fall >= 0.5 * jump, steepest <= 0.5 * fall,
        next < 0.5 * jump
      {
        places.append(index)
      }
      (fallStart, steepest) = (index, 0)
    }
    return places.count > 12 ? [] : places
  }

  /// Points at the peak and the restarts, named.
  func turns(ink: Ink, run: String?) -> [any Mark] {
    var marks: [any Mark] = []
    if let peak {
      marks.append(
        PointMark(
          x: steps[peak], y: values[peak],
          label: "peak \(NumberText.significant(values[peak], digits: 3))", ink: ink, run: run))
    }
    let restarts = restarts.filter { $0 != peak }
    if !restarts.isEmpty {
      // One text is enough for all of them.
      let name = restarts.count == 1 ? "restart" : "\(restarts.count) restarts"
      marks.append(
        PointMark(
          x: restarts.map { steps[$0] }, y: restarts.map { values[$0] },
          labels: restarts.indices.map { $0 == 0 ? name : "" }, ink: ink, symbol: .triangle,
          run: run))
    }
    return marks
  }
}

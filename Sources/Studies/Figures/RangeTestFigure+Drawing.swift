public import Plotting
import Schedules

extension RangeTestFigure {
  /// The picture.
  public var figure: Figure {
    Figure(
      title: title, subtitle: subtitle, description: description,
      x: Axis(hyperparameter.title, kind: isInDecades ? .logarithmic : .linear),
      plots: traces.enumerated().map { index, trace in
        Plot(
          y: Axis(
            trace.measure.title, kind: trace.measure.isHigherBetter ? .percent : .linear,
            domain: domain(of: trace)),
          marks: marks(of: trace, isFirst: index == 0),
          heightShare: trace.measure == measure && traces.count > 1 ? 1.4 : 1)
      },
      notes: notes)
  }

  private func marks(of trace: Trace, isFirst: Bool) -> [any Mark] {
    let isRead = trace.measure == measure
    var marks: [any Mark] = []
    if let range = cycle?.range {
      let ends = [range.lowerBound, range.upperBound].map(text).joined(separator: " to ")
      marks.append(RegionMark(range, ink: .series(2), label: isRead ? "Smith: \(ends)" : nil))
    }
    if let band = trace.band {
      marks.append(BandMark(x: trace.values, lower: band.lower, upper: band.upper))
    } else if !trace.readings.isEmpty {
      marks.append(LineMark(x: trace.values, y: trace.readings, weight: .faint))
    }
    let name = trace.band.map { "median of \($0.curveCount), smoothed" } ?? "smoothed"
    marks.append(LineMark(x: trace.values, y: trace.smoothed, name: name))
    if let stop {
      marks.append(RuleMark.vertical(at: stop.value, label: isFirst ? stopLabel(stop) : nil))
    }
    if isRead {
      marks += Self.grouped(markers.filter(isDrawn)).compactMap { mark(for: $0, on: trace) }
      if let cycle, cycle.range == nil {
        marks += [cycle.base, cycle.max].filter(isDrawn)
          .compactMap { mark(for: $0, on: trace, ink: .series(2)) }
      }
    }
    return marks
  }

  /// Learning rates and weight decays are looked at by their ratios, whatever the sweep.
  private var isInDecades: Bool {
    hyperparameter == .learningRate || hyperparameter == .weightDecay
  }

  /// Whether the axis has a place for a rule's value.
  private func isDrawn(_ marker: Marker) -> Bool {
    marker.value.map { $0.isFinite && ($0 > 0 || !isInDecades) } ?? false
  }

  /// Markers at one and the same value share a text.
  private static func grouped(_ markers: [Marker]) -> [Marker] {
    var groups: [Marker] = []
    for marker in markers {
      if let index = groups.firstIndex(where: { $0.value == marker.value }) {
        groups[index] = Marker(name: "\(groups[index].name), \(marker.name)", value: marker.value)
      } else {
        groups.append(marker)
      }
    }
    return groups
  }

  /// A point on the smoothed curve; a line across the plot where the curve has no such value.
  private func mark(
    for marker: Marker, on trace: Trace, ink: Ink = .series(1)
  ) -> (any Mark)? {
    guard let value = marker.value else { return nil }
    let label = "\(marker.name) \(text(value))"
    if let reading = trace.smoothedReading(at: value) {
      return PointMark(x: value, y: reading, label: label, ink: ink)
    }
    return RuleMark.vertical(at: value, ink: ink, label: label)
  }

  private func stopLabel(_ stop: Stop) -> String {
    let count = traces.first?.band?.curveCount
    return (count.map { "first of \($0) stopped at " } ?? "stopped at ") + text(stop.value)
  }

  /// The part of the losses that tells something: a divergence at the end is cut off.
  ///
  /// It reaches from under the lowest loss to as far above the highest smoothed loss before the
  /// lowest one as a third of the fall between the two. An accuracy cannot run away.
  private func domain(of trace: Trace) -> ClosedRange<Double>? {
    guard !trace.measure.isHigherBetter else { return nil }
    let smoothed = trace.smoothed.filter(\.isFinite)
    guard let lowest = smoothed.indices.min(by: { smoothed[$0] < smoothed[$1] }),
      let highest = smoothed[...lowest].max()
    else { return nil }
    let bottom = smoothed[lowest]
    let fall = highest - bottom
    // Without a fall there is nothing to cut the end to.
    guard fall > 0.02 * abs(bottom) else { return nil }
    let drawn = (trace.band?.lower ?? trace.readings).filter(\.isFinite)
    let lower = min(bottom, drawn.min() ?? bottom) - fall * 0.05
    let upper = highest + fall / 3
    return (bottom >= 0 ? max(0, lower) : lower)...upper
  }

  // MARK: - In words

  /// The reason of every rule, those without an answer last, and of the stop.
  private var notes: [Note] {
    let rules =
      markers.map { ($0, Ink.series(1)) }
      + (cycle.map { [($0.base, Ink.series(2)), ($0.max, Ink.series(2))] } ?? [])
    let told = rules.filter { !$0.0.reason.isEmpty }
    let sorted = told.filter { $0.0.value != nil } + told.filter { $0.0.value == nil }
    return sorted.map { marker, ink in
      Note(
        marker.name + (marker.value.map { " \(text($0))" } ?? ": none"), text: marker.reason,
        ink: marker.value == nil ? .muted : ink)
    } + (stop.map { [Note(stopLabel($0), text: $0.reason, ink: .muted)] } ?? [])
  }

  private var description: String {
    let noun = hyperparameter == .learningRate ? "rate" : hyperparameter.title
    var parts = traces.map { trace in
      let measured = trace.measure.title.prefix(1).uppercased() + trace.measure.title.dropFirst()
      return trace.band.map { band in
        "\(measured), smoothed, of \(band.curveCount) tests over the \(hyperparameter.title): "
          + "their median, in a band from the least to the largest."
      } ?? "\(measured), measured and smoothed, over the \(hyperparameter.title)."
    }
    let values = traces.flatMap(\.values)
    if let least = values.min(), let most = values.max() {
      parts.append("The \(noun) rises from \(text(least)) to \(text(most)).")
    }
    if let stop {
      let count = traces.first?.band?.curveCount
      let tests = count.map { "The first of \($0) tests" } ?? "The test"
      parts.append("\(tests) was stopped at \(text(stop.value)): \(stop.reason).")
    }
    if let range = cycle?.range {
      parts.append("Smith's range is \(text(range.lowerBound)) to \(text(range.upperBound)).")
    }
    let found = markers.compactMap { marker in
      marker.value.map { "\(marker.name) \(text($0))" }
    }
    if !found.isEmpty {
      let plural = hyperparameter == .learningRate ? "rates" : "values"
      parts.append("Suggested \(plural): \(found.joined(separator: ", ")).")
    }
    return parts.joined(separator: " ")
  }

  /// Two digits; of a momentum and its like three, which are two of what it forgets.
  private func text(_ value: Double) -> String {
    NumberText.significant(value, digits: hyperparameter.isMemory ? 3 : 2)
  }
}

extension RangeTestFigure.Trace {
  /// The smoothed reading between two recorded values, linear in the value.
  fileprivate func smoothedReading(at value: Double) -> Double? {
    guard let upper = values.firstIndex(where: { $0 >= value }) else { return nil }
    if values[upper] == value { return finite(smoothed[upper]) }
    guard upper > 0 else { return nil }
    let share = (value - values[upper - 1]) / (values[upper] - values[upper - 1])
    return finite(smoothed[upper - 1] * (1 - share) + smoothed[upper] * share)
  }

  private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
}

public import Plotting
public import Schedules

/// The loss or accuracy of a range test over what the test changed, with what the rules read from it.
public struct RangeTestFigure: Hashable, Sendable {
  /// A value with the name of the rule that suggests it.
  public struct Marker: Hashable, Sendable {
    /// The rule's name.
    public let name: String
    /// The suggested value.
    public let value: Double

    /// Makes a marker.
    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// Several tests of one recipe: how far their smoothed readings lie apart at each value.
  public struct Band: Hashable, Sendable {
    /// How many tests there are.
    public let curveCount: Int
    /// The least smoothed reading at each value.
    public let lower: [Double]
    /// The largest smoothed reading at each value.
    public let upper: [Double]
  }

  /// The heading.
  public let title: String
  /// A quieter line under the heading; nil for none.
  public let subtitle: String?
  /// What the test changed.
  public let hyperparameter: Hyperparameter<Double>
  /// What was measured.
  public let measure: RangeTestMeasure
  /// The value of each reading, rising.
  public let values: [Double]
  /// The readings as they were measured; of several tests none.
  public let readings: [Double]
  /// The smoothed readings; of several tests their median.
  public let smoothed: [Double]
  /// The suggested values.
  public let markers: [Marker]
  /// Smith's base and maximum; nil when the curve has no such part.
  public let cycle: ClosedRange<Double>?
  /// The value at which the test was stopped; nil when it ran to its end.
  public let stop: Double?
  /// How far several tests lie apart; nil for one.
  public let band: Band?

  /// Makes a figure of plain values.
  ///
  /// - Parameters:
  ///   - hyperparameter: What the test changed.
  ///   - measure: What was measured.
  ///   - title: The heading; nil for the name of the test.
  ///   - subtitle: A quieter line under the heading.
  ///   - values: The value of each reading, rising.
  ///   - readings: The readings as they were measured; empty to draw only the smoothed ones.
  ///   - smoothed: The smoothed readings.
  ///   - markers: The suggested values.
  ///   - cycle: Smith's base and maximum.
  ///   - stop: The value at which the test was stopped.
  ///   - band: How far several tests lie apart.
  /// - Precondition: There are as many smoothed readings, and readings and edges of the band if any,
  ///   as values.
  public init(
    _ hyperparameter: Hyperparameter<Double> = .learningRate,
    measure: RangeTestMeasure = .trainingLoss, title: String? = nil, subtitle: String? = nil,
    values: [Double], readings: [Double], smoothed: [Double], markers: [Marker] = [],
    cycle: ClosedRange<Double>? = nil, stop: Double? = nil, band: Band? = nil
  ) {
    precondition(
      (readings.isEmpty || readings.count == values.count) && smoothed.count == values.count,
      "each of \(values.count) values has a reading and a smoothed one")
    precondition(
      band.map { $0.lower.count == values.count && $0.upper.count == values.count } ?? true,
      "each of \(values.count) values has both edges of the band")
    self.hyperparameter = hyperparameter
    self.measure = measure
    self.title = title ?? Self.heading(of: hyperparameter)
    self.subtitle = subtitle
    self.values = values
    self.readings = readings
    self.smoothed = smoothed
    self.markers = markers
    self.cycle = cycle
    self.stop = stop
    self.band = band
  }

  /// `Weight-decay range test`.
  private static func heading(of hyperparameter: Hyperparameter<Double>) -> String {
    let name = hyperparameter.title.split(separator: " ").joined(separator: "-")
    return name.prefix(1).uppercased() + name.dropFirst() + " range test"
  }

  /// The average that is drawn over the readings.
  ///
  /// It follows them more closely than fastai's 0.98, which on a hundred steps is still at the start
  /// when the loss has fallen; the rules smooth for themselves.
  public static let smoothing = RangeTestSmoothing(weight: 0.9, isDebiased: true)

  /// Makes a figure of a recorded curve and every rule's opinion of it.
  ///
  /// - Parameters:
  ///   - curve: What the test recorded.
  ///   - title: The heading; nil for the name of the test.
  ///   - subtitle: A quieter line under the heading.
  public init(_ curve: RangeTestCurve, title: String? = nil, subtitle: String? = nil) {
    let suggestions = curve.suggestions
    self.init(
      curve.hyperparameter, measure: curve.measure, title: title, subtitle: subtitle,
      values: curve.measuredValues, readings: curve.readings,
      smoothed: Self.smoothing.smoothed(curve.readings, at: curve.measuredUpdates),
      markers: suggestions.named.compactMap { name, suggestion in
        suggestion.value.map { Marker(name: name, value: $0) }
      },
      cycle: Self.cycle(suggestions.smith.base.value, suggestions.smith.max.value),
      stop: curve.recordedCount < curve.plannedCount || curve.isCut ? curve.values.last : nil)
  }

  static func cycle(_ base: Double?, _ max: Double?) -> ClosedRange<Double>? {
    guard let base, let max, base <= max else { return nil }
    return base...max
  }

  /// The picture.
  public var figure: Figure {
    var marks: [any Mark] = []
    if let cycle {
      let ends = [cycle.lowerBound, cycle.upperBound].map(text).joined(separator: " to ")
      marks.append(RegionMark(cycle, ink: .series(2), label: "Smith: \(ends)"))
    }
    if let band {
      marks.append(BandMark(x: values, lower: band.lower, upper: band.upper))
    } else if !readings.isEmpty {
      marks.append(LineMark(x: values, y: readings, weight: .faint))
    }
    let name = band.map { "median of \($0.curveCount), smoothed" } ?? "smoothed"
    marks.append(LineMark(x: values, y: smoothed, name: name))
    if let stop {
      marks.append(RuleMark.vertical(at: stop, label: "stopped at \(text(stop))"))
    }
    marks += groupedMarkers.map { mark(for: $0) }
    return Figure(
      title: title, subtitle: subtitle, description: description,
      x: Axis(hyperparameter.title, kind: isInDecades ? .logarithmic : .linear),
      plots: [
        Plot(
          y: Axis(
            measure.title, kind: measure.isHigherBetter ? .percent : .linear, domain: domain),
          marks: marks)
      ])
  }

  // MARK: - Parts

  /// Learning rates and weight decays are looked at by their ratios, whatever the sweep.
  private var isInDecades: Bool {
    hyperparameter == .learningRate || hyperparameter == .weightDecay
  }

  /// Markers at one and the same value share a text.
  private var groupedMarkers: [Marker] {
    var groups: [Marker] = []
    for marker in markers where marker.value.isFinite && (marker.value > 0 || !isInDecades) {
      if let index = groups.firstIndex(where: { $0.value == marker.value }) {
        groups[index] = Marker(name: "\(groups[index].name), \(marker.name)", value: marker.value)
      } else {
        groups.append(marker)
      }
    }
    return groups
  }

  /// A point on the smoothed curve; a line across the plot where the curve has no such value.
  private func mark(for marker: Marker) -> any Mark {
    let label = "\(marker.name) \(text(marker.value))"
    if let reading = smoothedReading(at: marker.value) {
      return PointMark(x: marker.value, y: reading, label: label, ink: .series(1))
    }
    return RuleMark.vertical(at: marker.value, ink: .series(1), label: label)
  }

  /// The smoothed reading between two recorded values, linear in the value.
  private func smoothedReading(at value: Double) -> Double? {
    guard let upper = values.firstIndex(where: { $0 >= value }) else { return nil }
    if values[upper] == value { return finite(smoothed[upper]) }
    guard upper > 0 else { return nil }
    let share = (value - values[upper - 1]) / (values[upper] - values[upper - 1])
    return finite(smoothed[upper - 1] * (1 - share) + smoothed[upper] * share)
  }

  private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

  /// The part of the losses that tells something: a divergence at the end is cut off.
  ///
  /// It reaches from under the lowest loss to as far above the highest smoothed loss before the
  /// lowest one as a third of the fall between the two. An accuracy cannot run away.
  private var domain: ClosedRange<Double>? {
    guard !measure.isHigherBetter else { return nil }
    let smoothed = smoothed.filter(\.isFinite)
    guard let lowest = smoothed.indices.min(by: { smoothed[$0] < smoothed[$1] }),
      let highest = smoothed[...lowest].max()
    else { return nil }
    let bottom = smoothed[lowest]
    let fall = highest - bottom
    // Without a fall there is nothing to cut the end to.
    guard fall > 0.02 * abs(bottom) else { return nil }
    let drawn = (band?.lower ?? readings).filter(\.isFinite)
    let lower = min(bottom, drawn.min() ?? bottom) - fall * 0.05
    let upper = highest + fall / 3
    return (bottom >= 0 ? max(0, lower) : lower)...upper
  }

  private var description: String {
    let noun = hyperparameter == .learningRate ? "rate" : hyperparameter.title
    let measured = measure.title.prefix(1).uppercased() + measure.title.dropFirst()
    var parts: [String] = []
    if let band {
      parts.append(
        "\(measured), smoothed, of \(band.curveCount) tests over the \(hyperparameter.title): "
          + "their median, in a band from the least to the largest.")
    } else {
      parts.append("\(measured), measured and smoothed, over the \(hyperparameter.title).")
    }
    if let first = values.first, let last = values.last {
      parts.append("The \(noun) rises from \(text(first)) to \(text(last)).")
    }
    if let stop { parts.append("The test was stopped at \(text(stop)).") }
    if let cycle {
      parts.append("Smith's range is \(text(cycle.lowerBound)) to \(text(cycle.upperBound)).")
    }
    if !markers.isEmpty {
      let list = markers.map { "\($0.name) \(text($0.value))" }
      let plural = hyperparameter == .learningRate ? "rates" : "values"
      parts.append("Suggested \(plural): \(list.joined(separator: ", ")).")
    }
    return parts.joined(separator: " ")
  }

  /// Two digits; of a momentum and its like three, which are two of what it forgets.
  private func text(_ value: Double) -> String {
    NumberText.significant(value, digits: hyperparameter.isMemory ? 3 : 2)
  }
}

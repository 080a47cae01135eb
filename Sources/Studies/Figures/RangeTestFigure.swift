public import Schedules

/// What a range test measured over what it changed, with what the rules read from it: the picture
/// that one decides by.
///
/// There is a panel for the loss and one for the accuracy, as far as they were measured. The rules'
/// values are marked on the curve that they read, and their reasons stand under the plots.
public struct RangeTestFigure: Hashable, Sendable {
  /// A rule with the value that it suggests and its reason.
  public struct Marker: Hashable, Sendable {
    /// The rule's name.
    public let name: String
    /// The suggested value; nil where the rule has no answer.
    public let value: Double?
    /// Why this value, or why none; empty where it need not be said.
    public let reason: String

    /// Makes a marker.
    public init(name: String, value: Double?, reason: String = "") {
      self.name = name
      self.value = value
      self.reason = reason
    }
  }

  /// One measure along the test: a panel of the figure.
  public struct Trace: Hashable, Sendable {
    /// What was measured.
    public let measure: RangeTestMeasure
    /// The value of what the test changed at each reading, rising.
    public let values: [Double]
    /// The readings as they were measured; of several tests none.
    public let readings: [Double]
    /// The smoothed readings; of several tests their median.
    public let smoothed: [Double]
    /// How far several tests lie apart; nil for one.
    public let band: Band?

    /// Makes a trace.
    ///
    /// - Precondition: There are as many smoothed readings, and readings and edges of the band if
    ///   any, as values.
    public init(
      _ measure: RangeTestMeasure = .trainingLoss, values: [Double], readings: [Double],
      smoothed: [Double], band: Band? = nil
    ) {
      precondition(
        (readings.isEmpty || readings.count == values.count) && smoothed.count == values.count,
        "each of \(values.count) values has a reading and a smoothed one")
      precondition(
        band.map { $0.lower.count == values.count && $0.upper.count == values.count } ?? true,
        "each of \(values.count) values has both edges of the band")
      self.measure = measure
      self.values = values
      self.readings = readings
      self.smoothed = smoothed
      self.band = band
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

  /// Where a test ended before its last value.
  public struct Stop: Hashable, Sendable {
    /// The last value.
    public let value: Double
    /// Why it ended there.
    public let reason: String

    /// Makes a stop.
    public init(at value: Double, reason: String) {
      self.value = value
      self.reason = reason
    }
  }

  /// The heading.
  public let title: String
  /// A quieter line under the heading; nil for none.
  public let subtitle: String?
  /// What the test changed.
  public let hyperparameter: Hyperparameter<Double>
  /// What the rules read: the one of the traces that the suggestions are marked on.
  public let measure: RangeTestMeasure
  /// The measures, from the top panel down.
  public let traces: [Trace]
  /// The rules for one value.
  public let markers: [Marker]
  /// Smith's base and maximum, the two ends of a range; nil for none.
  public let cycle: Cycle?
  /// Where the test ended before its last value, of several the first; nil where none did.
  public let stop: Stop?

  /// Smith's two bounds.
  public struct Cycle: Hashable, Sendable {
    /// Where the range begins.
    public let base: Marker
    /// Where it ends.
    public let max: Marker

    /// Makes a range.
    public init(base: Marker, max: Marker) {
      self.base = base
      self.max = max
    }

    /// From base to maximum; nil where one of them is missing.
    public var range: ClosedRange<Double>? {
      guard let base = base.value, let max = max.value, base <= max else { return nil }
      return base...max
    }
  }

  /// Makes a figure of plain values.
  ///
  /// - Parameters:
  ///   - hyperparameter: What the test changed.
  ///   - title: The heading; nil for the name of the test.
  ///   - subtitle: A quieter line under the heading.
  ///   - traces: The measures, from the top panel down.
  ///   - measure: The one that the rules read; nil for the first.
  ///   - markers: The rules for one value.
  ///   - cycle: Smith's base and maximum.
  ///   - stop: Where the test ended before its last value.
  public init(
    _ hyperparameter: Hyperparameter<Double> = .learningRate, title: String? = nil,
    subtitle: String? = nil, traces: [Trace], measure: RangeTestMeasure? = nil,
    markers: [Marker] = [], cycle: Cycle? = nil, stop: Stop? = nil
  ) {
    self.hyperparameter = hyperparameter
    self.title = title ?? Self.heading(of: hyperparameter)
    self.subtitle = subtitle
    self.traces = traces
    self.measure = measure ?? traces.first?.measure ?? .trainingLoss
    self.markers = markers
    self.cycle = cycle
    self.stop = stop
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
    func marker(_ name: String, _ suggestion: Suggestion) -> Marker {
      Marker(name: name, value: suggestion.value, reason: suggestion.reason)
    }
    self.init(
      curve.hyperparameter, title: title, subtitle: subtitle,
      traces: curve.measures.map { measure in
        let places = measure.updates
        return Trace(
          measure.measure, values: places.map { curve.values[$0] }, readings: measure.readings,
          smoothed: Self.smoothing.smoothed(measure.readings, at: places))
      },
      measure: curve.measure, markers: suggestions.named.map(marker),
      cycle: Cycle(
        base: marker("Smith's base", suggestions.smith.base),
        max: marker("Smith's max", suggestions.smith.max)),
      stop: curve.ending.flatMap { ending in
        curve.values.last.map { Stop(at: $0, reason: ending.description) }
      })
  }
}

extension RangeTestCurve {
  /// What was measured: the training loss, the rules' measure if it is another, and an accuracy.
  var measures: [Column] {
    let updates = Array(losses.indices)
    var measures = [Column(.trainingLoss, updates: updates, readings: losses)]
    if let column { measures.append(column) }
    if let accuracies, !measure.isHigherBetter {
      measures.append(Column(.trainingAccuracy, updates: updates, readings: accuracies))
    }
    return measures
  }
}

public import Plotting
public import Schedules

/// The loss of a learning-rate range test over the rate, with what the rules read from it.
public struct RangeTestFigure: Hashable, Sendable {
  /// A learning rate with the name of the rule that suggests it.
  public struct Marker: Hashable, Sendable {
    /// The rule's name.
    public let name: String
    /// The suggested learning rate.
    public let learningRate: Double

    /// Makes a marker.
    public init(name: String, learningRate: Double) {
      self.name = name
      self.learningRate = learningRate
    }
  }

  /// The heading.
  public let title: String
  /// A quieter line under the heading; nil for none.
  public let subtitle: String?
  /// The learning rate of each update, rising.
  public let learningRates: [Double]
  /// The measured loss of each update.
  public let losses: [Double]
  /// The smoothed loss of each update.
  public let smoothedLosses: [Double]
  /// The suggested learning rates.
  public let markers: [Marker]
  /// Smith's base and maximum learning rate; nil when the curve has no such part.
  public let cycle: ClosedRange<Double>?
  /// The learning rate at which the test was stopped; nil when it ran to its end.
  public let stop: Double?

  /// Makes a figure of plain values.
  ///
  /// - Parameters:
  ///   - title: The heading.
  ///   - subtitle: A quieter line under the heading.
  ///   - learningRates: The learning rate of each update, rising.
  ///   - losses: The measured loss of each update.
  ///   - smoothedLosses: The smoothed loss of each update.
  ///   - markers: The suggested learning rates.
  ///   - cycle: Smith's base and maximum learning rate.
  ///   - stop: The learning rate at which the test was stopped.
  /// - Precondition: There are as many losses and smoothed losses as learning rates.
  public init(
    title: String = "Learning-rate range test", subtitle: String? = nil, learningRates: [Double],
    losses: [Double], smoothedLosses: [Double], markers: [Marker] = [],
    cycle: ClosedRange<Double>? = nil, stop: Double? = nil
  ) {
    precondition(
      losses.count == learningRates.count && smoothedLosses.count == learningRates.count,
      "each of \(learningRates.count) learning rates has a loss and a smoothed loss")
    self.title = title
    self.subtitle = subtitle
    self.learningRates = learningRates
    self.losses = losses
    self.smoothedLosses = smoothedLosses
    self.markers = markers
    self.cycle = cycle
    self.stop = stop
  }

  /// Makes a figure of a recorded curve and every rule's opinion of it.
  ///
  /// - Parameters:
  ///   - curve: What the test recorded.
  ///   - title: The heading.
  ///   - subtitle: A quieter line under the heading.
  ///   - smoothing: The average that is drawn over the measured losses. The default follows them
  ///     more closely than fastai's 0.98, which on a hundred steps is still at the start when the loss
  ///     has fallen; the rules smooth for themselves.
  public init(
    _ curve: RangeTestCurve, title: String = "Learning-rate range test", subtitle: String? = nil,
    smoothing: RangeTestSmoothing = RangeTestSmoothing(weight: 0.9, isDebiased: true)
  ) {
    let suggestions = curve.suggestions
    let bounds = (suggestions.smith.base.learningRate, suggestions.smith.max.learningRate)
    var cycle: ClosedRange<Double>?
    if let base = bounds.0, let max = bounds.1, base <= max { cycle = base...max }
    self.init(
      title: title, subtitle: subtitle, learningRates: curve.learningRates, losses: curve.losses,
      smoothedLosses: smoothing.smoothed(curve.losses),
      markers: suggestions.named.compactMap { name, suggestion in
        suggestion.learningRate.map { Marker(name: name, learningRate: $0) }
      },
      cycle: cycle,
      stop: curve.recordedCount < curve.plannedCount || curve.isCut
        ? curve.learningRates.last : nil)
  }

  /// The picture.
  public var figure: Figure {
    var marks: [any Mark] = []
    if let cycle {
      let ends = [cycle.lowerBound, cycle.upperBound].map(Self.text).joined(separator: " to ")
      marks.append(RegionMark(cycle, ink: .series(2), label: "Smith: \(ends)"))
    }
    marks.append(LineMark(x: learningRates, y: losses, weight: .faint))
    marks.append(LineMark(x: learningRates, y: smoothedLosses, name: "smoothed"))
    if let stop {
      marks.append(RuleMark.vertical(at: stop, label: "stopped at \(Self.text(stop))"))
    }
    marks += groupedMarkers.map { mark(for: $0) }
    return Figure(
      title: title, subtitle: subtitle, description: description,
      x: Axis("learning rate", kind: .logarithmic),
      plots: [Plot(y: Axis("training loss", domain: lossDomain), marks: marks)])
  }

  // MARK: - Parts

  /// Markers at one and the same rate share a text.
  private var groupedMarkers: [Marker] {
    var groups: [Marker] = []
    for marker in markers where marker.learningRate.isFinite && marker.learningRate > 0 {
      if let index = groups.firstIndex(where: { $0.learningRate == marker.learningRate }) {
        let name = "\(groups[index].name), \(marker.name)"
        groups[index] = Marker(name: name, learningRate: marker.learningRate)
      } else {
        groups.append(marker)
      }
    }
    return groups
  }

  /// A point on the smoothed curve; a line across the plot where the curve has no such rate.
  private func mark(for marker: Marker) -> any Mark {
    let label = "\(marker.name) \(Self.text(marker.learningRate))"
    if let loss = smoothedLoss(at: marker.learningRate) {
      return PointMark(x: marker.learningRate, y: loss, label: label, ink: .series(1))
    }
    return RuleMark.vertical(at: marker.learningRate, ink: .series(1), label: label)
  }

  /// The smoothed loss between two recorded rates, linear in the rate.
  private func smoothedLoss(at rate: Double) -> Double? {
    guard let upper = learningRates.firstIndex(where: { $0 >= rate }) else { return nil }
    if learningRates[upper] == rate { return finite(smoothedLosses[upper]) }
    guard upper > 0 else { return nil }
    let (left, right) = (learningRates[upper - 1], learningRates[upper])
    let share = (rate - left) / (right - left)
    return finite(smoothedLosses[upper - 1] * (1 - share) + smoothedLosses[upper] * share)
  }

  private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

  /// The part of the losses that tells something: a divergence at the end is cut off.
  ///
  /// It reaches from under the lowest loss to as far above the highest smoothed loss before the
  /// lowest one as a third of the fall between the two.
  private var lossDomain: ClosedRange<Double>? {
    let smoothed = smoothedLosses.filter(\.isFinite)
    guard let lowest = smoothed.indices.min(by: { smoothed[$0] < smoothed[$1] }),
      let highest = smoothed[...lowest].max()
    else { return nil }
    let bottom = smoothed[lowest]
    let fall = highest - bottom
    // Without a fall there is nothing to cut the end to.
    guard fall > 0.02 * abs(bottom) else { return nil }
    let lower = min(bottom, losses.filter(\.isFinite).min() ?? bottom) - fall * 0.05
    let upper = highest + fall / 3
    return (bottom >= 0 ? max(0, lower) : lower)...upper
  }

  private var description: String {
    var parts = ["Training loss, measured and smoothed, over the learning rate."]
    if let first = learningRates.first, let last = learningRates.last {
      parts.append("The rate rises from \(Self.text(first)) to \(Self.text(last)).")
    }
    if let stop { parts.append("The test was stopped at \(Self.text(stop)).") }
    if let cycle {
      parts.append(
        "Smith's range is \(Self.text(cycle.lowerBound)) to \(Self.text(cycle.upperBound)).")
    }
    if !markers.isEmpty {
      let list = markers.map { "\($0.name) \(Self.text($0.learningRate))" }
      parts.append("Suggested rates: \(list.joined(separator: ", ")).")
    }
    return parts.joined(separator: " ")
  }

  private static func text(_ rate: Double) -> String { NumberText.significant(rate, digits: 2) }
}

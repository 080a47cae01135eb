/// A map from data values to positions along one direction of a plot.
///
/// A scale owns its tick marks and how they are written; marks never compute ticks.
public protocol Scale: Sendable {
  /// The data values at the two ends, in data units.
  var domain: ClosedRange<Double> { get }

  /// The position of a value: 0 at the lower end of the domain, 1 at the upper.
  ///
  /// Values outside the domain give positions outside 0…1. The result is nil for a value without
  /// a place on the scale (NaN, ±∞, or a non-positive value on a logarithmic scale).
  func fraction(of value: Double) -> Double?

  /// The tick marks inside the domain, in increasing order.
  ///
  /// - Parameter count: How many labelled ticks there is room for.
  /// - Returns: The ticks, labelled ones at most one more than there is room for.
  func ticks(atMost count: Int) -> [Tick]
}

/// One tick mark of a scale.
public struct Tick: Hashable, Sendable {
  /// Where the tick stands, in data units.
  public let value: Double
  /// What is written beside it; nil for a minor tick, which has a mark but no text.
  public let label: String?

  /// Makes a tick.
  public init(value: Double, label: String?) {
    self.value = value
    self.label = label
  }
}

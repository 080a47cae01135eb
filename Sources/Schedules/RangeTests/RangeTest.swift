/// A range test: train while the learning rate, or another hyper-parameter, rises, and look at the
/// loss or the accuracy.
///
/// Smith 2015 (arXiv 1506.01186, §3.3) raises the rate along a straight line; fastai and
/// pytorch-lr-finder along an exponential. Momentum and weight decay are swept in the same way, with
/// the learning rate held.
///
///     let test = try RangeTest(.learningRate, from: 1e-7, to: 10, curve: .exponential, count: 100)
///     let rates = try test.values
///     let other = try RangeTest(.momentum)  // 0.7 to 0.99 by a constant difference
///
/// With `end: .halfOpen` the last update is one step short of `to`, as in fastai; with `.closed` it
/// is there, as in pytorch-lr-finder.
public struct RangeTest: Sendable, Hashable {
  /// How the value rises.
  public enum Sweep: String, Sendable, Hashable, Codable, CaseIterable {
    /// By the same ratio per update.
    case exponential
    /// By the same difference per update.
    case linear
  }

  /// What the test changes.
  public let hyperparameter: Hyperparameter<Double>
  /// The value of the first update: in the hyper-parameter's range, and > 0 for an exponential sweep.
  public let from: Double
  /// Where the sweep ends, in the hyper-parameter's range and greater than `from`.
  public let to: Double
  /// How the value rises.
  public let curve: Sweep
  /// The number of updates, ≥ 2.
  public let count: Int
  /// Whether the last update has the value `to`.
  public let end: Horizon.End
  /// When the test ends early.
  public let stop: RangeTestStop

  /// Creates a test.
  ///
  /// What is left out of its sweep is the hyper-parameter's own, see ``defaultSweep(of:)``.
  ///
  /// - Parameters:
  ///   - hyperparameter: What the test changes.
  ///   - from: The value of the first update: in the hyper-parameter's range, and > 0 for an
  ///     exponential sweep.
  ///   - to: Where the sweep ends, in the hyper-parameter's range and greater than `from`.
  ///   - curve: How the value rises.
  ///   - count: The number of updates, ≥ 2.
  ///   - end: Whether the last update has the value `to`.
  ///   - stop: When the test ends early.
  /// - Throws: `ScheduleError.rangeTest` for a value out of its range.
  public init(
    _ hyperparameter: Hyperparameter<Double> = .learningRate, from: Double? = nil,
    to: Double? = nil, curve: Sweep? = nil, count: Int = 100,
    end: Horizon.End = .halfOpen, stop: RangeTestStop = .fastai
  ) throws(ScheduleError) {
    let defaults = Self.defaultSweep(of: hyperparameter)
    let (from, to) = (from ?? defaults.from, to ?? defaults.to)
    let curve = curve ?? defaults.curve
    let isExponential = curve == .exponential
    guard from.isFinite, isExponential ? from > 0 : from >= 0 else {
      throw .rangeTest(
        expected: isExponential ? "a first value greater than 0" : "a first value of at least 0",
        found: formatted(from))
    }
    guard to.isFinite, to > from else {
      throw .rangeTest(
        expected: "a last value greater than \(formatted(from))", found: formatted(to))
    }
    for value in [from, to] where !hyperparameter.key.accepts(value) {
      throw .rangeTest(
        expected: "\(hyperparameter.title) of \(hyperparameter.key.expectation)",
        found: formatted(value))
    }
    guard (2...Horizon.maximumStepCount).contains(count) else {
      throw .rangeTest(expected: "at least 2 updates", found: "\(count)")
    }
    self.hyperparameter = hyperparameter
    self.from = from
    self.to = to
    self.curve = curve
    self.count = count
    self.end = end
    self.stop = stop
  }

  /// The sweep as a schedule, over the test's own run.
  public var schedule: Schedule {
    Ramp(from: from, to: to, curve: curve == .exponential ? .exponential : .linear).schedule
  }

  /// The test's run.
  public var horizon: Horizon { Horizon(steps: count, end: end) }

  /// The value in force during each update.
  ///
  /// - Throws: `ScheduleError.notFinite` when the ratio of the ends is beyond a Double.
  public var values: [Double] {
    get throws(ScheduleError) { Array(try schedule.resolved(over: horizon)) }
  }

  /// What this test recorded, update by update.
  ///
  /// - Parameters:
  ///   - losses: The raw training losses of the updates that were made; the last may be not finite.
  ///   - column: What was measured beside them.
  ///   - accuracies: The share of each update's batch that was classified rightly; nil for none.
  /// - Returns: The curve, cut at the first value that is not finite.
  /// - Throws: `ScheduleError.rangeTest` when there are more losses than updates, or the others do not
  ///   fit them.
  public func curve(
    losses: [Double], column: RangeTestCurve.Column? = nil, accuracies: [Double]? = nil
  ) throws(ScheduleError) -> RangeTestCurve {
    try RangeTestCurve(
      hyperparameter, values: Array(try values.prefix(losses.count)), losses: losses,
      column: column, accuracies: accuracies, plannedCount: count)
  }
}

// MARK: - JSON

extension RangeTest: Codable {
  private enum CodingKeys: String, CodingKey {
    case hyperparameter, from, to, curve, count, end, stop
  }

  /// Reads and checks a test.
  ///
  /// - Parameter decoder: Where to read from.
  /// - Throws: `DecodingError` when the values do not make a test.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let key = try container.decode(HyperparameterKey.self, forKey: .hyperparameter)
    guard !key.isInteger else {
      throw DecodingError.dataCorruptedError(
        forKey: .hyperparameter, in: container,
        debugDescription: "expected a hyper-parameter that is not whole, found \(key.rawValue)")
    }
    let (from, to) = (
      try container.decode(Double.self, forKey: .from),
      try container.decode(Double.self, forKey: .to)
    )
    let curve = try container.decode(Sweep.self, forKey: .curve)
    let count = try container.decode(Int.self, forKey: .count)
    let end = try container.decode(Horizon.End.self, forKey: .end)
    let stop = try container.decode(RangeTestStop.self, forKey: .stop)
    do {
      self = try RangeTest(
        Hyperparameter(key), from: from, to: to, curve: curve, count: count, end: end, stop: stop)
    } catch {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: container.codingPath, debugDescription: "\(error)"))
    }
  }

  /// Writes the test.
  ///
  /// - Parameter encoder: Where to write to.
  /// - Throws: Whatever the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(hyperparameter.key, forKey: .hyperparameter)
    try container.encode(from, forKey: .from)
    try container.encode(to, forKey: .to)
    try container.encode(curve, forKey: .curve)
    try container.encode(count, forKey: .count)
    try container.encode(end, forKey: .end)
    try container.encode(stop, forKey: .stop)
  }
}

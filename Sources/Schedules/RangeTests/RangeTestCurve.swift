/// What a range test recorded: a hyper-parameter's value and a raw loss per update.
///
/// The curve is always finite. It is cut at the first loss (or reading) that is not, and remembers
/// how many updates had been recorded and planned, because the tools' trimming counts those.
public struct RangeTestCurve: Sendable, Hashable {
  /// What was measured beside the training loss, after some of the updates.
  public struct Column: Sendable, Hashable, Codable {
    /// What was measured.
    public let measure: RangeTestMeasure
    /// The updates that have a reading, counted from 0, rising.
    public let updates: [Int]
    /// The readings, one for each of `updates`.
    public let readings: [Double]

    /// Makes a column; the curve checks that it fits.
    public init(_ measure: RangeTestMeasure, updates: [Int], readings: [Double]) {
      self.measure = measure
      self.updates = updates
      self.readings = readings
    }
  }

  /// What the test changed.
  public let hyperparameter: Hyperparameter<Double>

  /// Its value during each update; in the hyper-parameter's range, rising strictly.
  public let values: [Double]

  /// The raw training loss of each update; as many as there are values, all finite.
  public let losses: [Double]

  /// What was measured beside the losses; the rules then read this and not the losses.
  public let column: Column?

  /// The share of each update's batch that was classified rightly before the update, 0…1; nil where
  /// it was not recorded.
  ///
  /// No rule reads it, unless it is the `column`: it is there to be looked at beside the losses.
  public let accuracies: [Double]?

  /// How many updates were recorded, the one that was cut off as not finite included.
  public private(set) var recordedCount: Int

  /// How many updates the test would have made had it not stopped.
  public let plannedCount: Int

  /// Creates a curve from what was recorded, and cuts it at the first value that is not finite.
  ///
  /// - Parameters:
  ///   - hyperparameter: What the test changed.
  ///   - values: Its value during each update; in its range, rising strictly.
  ///   - losses: The raw training loss of each update; values that are not finite are allowed.
  ///   - column: What was measured beside the losses; readings that are not finite are allowed.
  ///   - accuracies: The share of each update's batch that was classified rightly; nil for none.
  ///   - plannedCount: How many updates the test would have made; as many as recorded by default.
  /// - Throws: `ScheduleError.rangeTest` when the counts differ, or the values do not rise strictly
  ///   inside their range, or the column's updates are none of the curve's or do not rise, or fewer
  ///   updates were planned than recorded.
  public init(
    _ hyperparameter: Hyperparameter<Double> = .learningRate, values: [Double],
    losses: [Double], column: Column? = nil, accuracies: [Double]? = nil, plannedCount: Int? = nil
  ) throws(ScheduleError) {
    guard losses.count == values.count else {
      throw .rangeTest(
        expected: "a loss for each of \(values.count) \(hyperparameter.plural)",
        found: "\(losses.count)")
    }
    if let accuracies, accuracies.count != values.count {
      throw .rangeTest(
        expected: "an accuracy for each of \(values.count) \(hyperparameter.plural)",
        found: "\(accuracies.count)")
    }
    try Self.check(values, of: hyperparameter)
    if let column { try Self.check(column, updateCount: losses.count) }
    if let plannedCount, plannedCount < losses.count {
      throw .rangeTest(
        expected: "at least \(losses.count) planned updates", found: "\(plannedCount)")
    }

    let lossCount = losses.firstIndex { !$0.isFinite } ?? losses.count
    let readingCount = column.flatMap { column in
      column.readings.firstIndex { !$0.isFinite }.map { column.updates[$0] }
    }
    let finite = min(lossCount, readingCount ?? losses.count)
    self.hyperparameter = hyperparameter
    self.values = Array(values.prefix(finite))
    self.losses = Array(losses.prefix(finite))
    self.accuracies = accuracies.map { Array($0.prefix(finite)) }
    self.column = column.map { column in
      let updates = Array(column.updates.prefix { $0 < finite })
      return Column(
        column.measure, updates: updates, readings: Array(column.readings.prefix(updates.count)))
    }
    // Both tools stop at an infinite loss and go on after one that is not a number.
    let stopsAtCut = finite < losses.count && losses[finite] == .infinity
    recordedCount = stopsAtCut ? finite + 1 : losses.count
    self.plannedCount = plannedCount ?? losses.count
  }

  private static func check(
    _ values: [Double], of hyperparameter: Hyperparameter<Double>
  ) throws(ScheduleError) {
    var previous = -Double.infinity
    for (index, value) in values.enumerated() {
      guard hyperparameter.key.accepts(value) else {
        throw .rangeTest(
          expected: hyperparameter.pluralExpectation,
          found: "\(formatted(value)) at point \(index + 1)")
      }
      guard value > previous else {
        throw .rangeTest(
          expected: "\(hyperparameter.plural) that rise",
          found: "\(formatted(value)) after \(formatted(previous)) at point \(index + 1)")
      }
      previous = value
    }
  }

  private static func check(_ column: Column, updateCount: Int) throws(ScheduleError) {
    guard column.readings.count == column.updates.count else {
      throw .rangeTest(
        expected: "a \(column.measure.title) for each of \(column.updates.count) updates",
        found: "\(column.readings.count)")
    }
    var previous = -1
    for update in column.updates {
      guard update > previous, update < updateCount else {
        throw .rangeTest(
          expected: "readings of the \(column.measure.title) after updates that rise below "
            + "\(updateCount)",
          found: "\(update) after \(previous)")
      }
      previous = update
    }
  }

  /// The number of finite points.
  public var count: Int { losses.count }

  /// Whether a value that is not finite followed the last point.
  public var isCut: Bool { count < recordedCount }

  // MARK: - What the rules read

  /// What the rules read.
  public var measure: RangeTestMeasure { column?.measure ?? .trainingLoss }

  /// The updates at which the rules have a reading.
  public var measuredUpdates: [Int] { column?.updates ?? Array(losses.indices) }

  /// The hyper-parameter's value at each of them.
  public var measuredValues: [Double] { measuredUpdates.map { values[$0] } }

  /// What the rules read at each of them: the column, or the losses.
  public var readings: [Double] { column?.readings ?? losses }

  /// The readings with the sign with which less is better.
  var falling: [Double] { measure.isHigherBetter ? readings.map { -$0 } : readings }
}

// MARK: - Smoothing and trimming

extension RangeTestCurve {
  /// A smoothed and trimmed part of a curve, on which a tool's rules work.
  struct Window: Sendable, Hashable {
    let hyperparameter: Hyperparameter<Double>
    let measure: RangeTestMeasure
    /// The update of each point in the curve.
    let updates: [Int]
    let values: [Double]
    /// The smoothed losses; of an accuracy the negative, so that less is better.
    let losses: [Double]

    var count: Int { losses.count }
  }

  /// The part that fastai's rules see.
  ///
  /// fastai smooths, stops at four times the best smoothed loss, drops the first tenth of the
  /// *planned* updates and the last five *recorded* ones, and then cuts at the first value that
  /// is not finite.
  var fastaiWindow: Window {
    window(.fastai, skippingFirst: plannedCount / 10)
  }

  /// The part that pytorch-lr-finder's rule sees: its own average and stop, ten updates less at
  /// the start and five at the end.
  var torchLRFinderWindow: Window {
    window(.torchLRFinder, skippingFirst: 10)
  }

  /// Trims by updates, whichever of them have a reading; a test stops by its training loss.
  private func window(_ stop: RangeTestStop, skippingFirst skipped: Int) -> Window {
    let recorded = stop.stopIndex(in: losses).map { $0 + 1 } ?? recordedCount
    let end = min(count, max(0, recorded - 5))
    let start = min(skipped, end)
    let updates = measuredUpdates
    let smoothed = stop.smoothing.smoothed(falling, at: updates)
    let first = updates.firstIndex { $0 >= start } ?? updates.count
    let last = updates.firstIndex { $0 >= end } ?? updates.count
    let kept = first..<max(first, last)
    return Window(
      hyperparameter: hyperparameter, measure: measure, updates: Array(updates[kept]),
      values: updates[kept].map { values[$0] }, losses: Array(smoothed[kept]))
  }
}

// MARK: - JSON

/// `{"learningRates": […], "losses": […], …}`: the values under the hyper-parameter's name with an s.
extension RangeTestCurve: Codable {
  private static let losses = RangeTestKey("losses")
  private static let column = RangeTestKey("column")
  private static let accuracies = RangeTestKey("accuracies")
  private static let recordedCount = RangeTestKey("recordedCount")
  private static let plannedCount = RangeTestKey("plannedCount")

  /// Reads and checks a curve.
  ///
  /// - Parameter decoder: Where to read from.
  /// - Throws: `DecodingError` when the values do not make a curve.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: RangeTestKey.self)
    let (hyperparameter, key) = container.hyperparameter { "\($0.name)s" }
    let values = try container.decode([Double].self, forKey: key)
    let losses = try container.decode([Double].self, forKey: Self.losses)
    let column = try container.decodeIfPresent(Column.self, forKey: Self.column)
    let accuracies = try container.decodeIfPresent([Double].self, forKey: Self.accuracies)
    let recorded = try container.decode(Int.self, forKey: Self.recordedCount)
    let planned = try container.decode(Int.self, forKey: Self.plannedCount)
    do {
      self = try RangeTestCurve(
        hyperparameter, values: values, losses: losses, column: column, accuracies: accuracies,
        plannedCount: planned)
    } catch {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: container.codingPath, debugDescription: error.description))
    }
    guard recorded >= count && recorded <= planned else {
      throw DecodingError.dataCorruptedError(
        forKey: Self.recordedCount, in: container,
        debugDescription: "expected \(count) to \(planned) recorded updates, found \(recorded)")
    }
    recordedCount = recorded
  }

  /// Writes the curve.
  ///
  /// - Parameter encoder: Where to write to.
  /// - Throws: Whatever the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: RangeTestKey.self)
    try container.encode(values, forKey: RangeTestKey("\(hyperparameter.name)s"))
    try container.encode(losses, forKey: Self.losses)
    try container.encodeIfPresent(column, forKey: Self.column)
    try container.encodeIfPresent(accuracies, forKey: Self.accuracies)
    try container.encode(recordedCount, forKey: Self.recordedCount)
    try container.encode(plannedCount, forKey: Self.plannedCount)
  }
}

/// What a range test recorded: a learning rate and a raw loss per update.
///
/// The curve is always finite. It is cut at the first loss (or accuracy) that is not, and
/// remembers how many updates had been recorded and planned, because the tools' trimming counts
/// those.
public struct RangeTestCurve: Sendable, Hashable {
  /// The learning rate in force during each update; finite, at least 0, rising strictly.
  public let learningRates: [Double]

  /// The raw loss of each update; as many as there are learning rates, all finite.
  public let losses: [Double]

  /// The accuracy after each update, where it was measured; as many as there are learning rates.
  public let accuracies: [Double]?

  /// How many updates were recorded, the one that was cut off as not finite included.
  public private(set) var recordedCount: Int

  /// How many updates the test would have made had it not stopped.
  public let plannedCount: Int

  /// Creates a curve from what was recorded, and cuts it at the first value that is not finite.
  ///
  /// - Parameters:
  ///   - learningRates: The learning rate of each update; finite, at least 0, rising strictly.
  ///   - losses: The raw loss of each update; values that are not finite are allowed.
  ///   - accuracies: The accuracy after each update, where it was measured.
  ///   - plannedCount: How many updates the test would have made; as many as recorded by default.
  /// - Throws: `ScheduleError.rangeTest` when the counts differ, or the learning rates do not
  ///   rise strictly from at least 0, or fewer updates were planned than recorded.
  public init(
    learningRates: [Double], losses: [Double], accuracies: [Double]? = nil,
    plannedCount: Int? = nil
  ) throws(ScheduleError) {
    guard losses.count == learningRates.count else {
      throw .rangeTest(
        expected: "a loss for each of \(learningRates.count) learning rates",
        found: "\(losses.count)")
    }
    if let accuracies, accuracies.count != learningRates.count {
      throw .rangeTest(
        expected: "an accuracy for each of \(learningRates.count) learning rates",
        found: "\(accuracies.count)")
    }
    var previous = -Double.infinity
    for (index, rate) in learningRates.enumerated() {
      guard rate.isFinite, rate >= 0 else {
        throw .rangeTest(
          expected: "finite learning rates of at least 0",
          found: "\(formatted(rate)) at point \(index + 1)")
      }
      guard rate > previous else {
        throw .rangeTest(
          expected: "learning rates that rise",
          found: "\(formatted(rate)) after \(formatted(previous)) at point \(index + 1)")
      }
      previous = rate
    }
    if let plannedCount, plannedCount < losses.count {
      throw .rangeTest(
        expected: "at least \(losses.count) planned updates", found: "\(plannedCount)")
    }

    let count = losses.indices.first { index in
      !losses[index].isFinite || accuracies.map { !$0[index].isFinite } ?? false
    }
    let finite = count ?? losses.count
    self.learningRates = Array(learningRates.prefix(finite))
    self.losses = Array(losses.prefix(finite))
    self.accuracies = accuracies.map { Array($0.prefix(finite)) }
    // Both tools stop at an infinite loss and go on after one that is not a number.
    let stopsAtCut = finite < losses.count && losses[finite] == .infinity
    recordedCount = stopsAtCut ? finite + 1 : losses.count
    self.plannedCount = plannedCount ?? losses.count
  }

  /// The number of finite points.
  public var count: Int { losses.count }

  /// Whether a value that is not finite followed the last point.
  public var isCut: Bool { count < recordedCount }
}

// MARK: - Smoothing and trimming

extension RangeTestCurve {
  /// A smoothed and trimmed part of a curve, on which a tool's rules work.
  struct Window: Sendable, Hashable {
    /// Where the window begins in the curve.
    let start: Int
    let learningRates: ArraySlice<Double>
    let losses: [Double]

    var count: Int { losses.count }

    func learningRate(at index: Int) -> Double { learningRates[start + index] }
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

  private func window(_ stop: RangeTestStop, skippingFirst skipped: Int) -> Window {
    let recorded = stop.stopIndex(in: losses).map { $0 + 1 } ?? recordedCount
    let end = min(count, max(0, recorded - 5))
    let start = min(skipped, end)
    let smoothed = stop.smoothing.smoothed(losses)
    return Window(
      start: start, learningRates: learningRates[start..<end], losses: Array(smoothed[start..<end]))
  }
}

// MARK: - JSON

extension RangeTestCurve: Codable {
  private enum CodingKeys: String, CodingKey {
    case learningRates, losses, accuracies, recordedCount, plannedCount
  }

  /// Reads and checks a curve.
  ///
  /// - Parameter decoder: Where to read from.
  /// - Throws: `DecodingError` when the values do not make a curve.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let learningRates = try container.decode([Double].self, forKey: .learningRates)
    let losses = try container.decode([Double].self, forKey: .losses)
    let accuracies = try container.decodeIfPresent([Double].self, forKey: .accuracies)
    let recorded = try container.decode(Int.self, forKey: .recordedCount)
    let planned = try container.decode(Int.self, forKey: .plannedCount)
    do {
      self = try RangeTestCurve(
        learningRates: learningRates, losses: losses, accuracies: accuracies,
        plannedCount: planned)
    } catch {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: container.codingPath, debugDescription: error.description))
    }
    guard recorded >= count && recorded <= planned else {
      throw DecodingError.dataCorruptedError(
        forKey: .recordedCount, in: container,
        debugDescription: "expected \(count) to \(planned) recorded updates, found \(recorded)")
    }
    recordedCount = recorded
  }
}

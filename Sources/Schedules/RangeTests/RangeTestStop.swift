/// When a range test ends before its last learning rate.
///
/// A test stops after the first loss that is not finite, and after the first *smoothed* loss that
/// exceeds `factor` times the lowest one so far. The factor means something for positive losses
/// only, so a lowest loss at or below zero never stops a test.
public struct RangeTestStop: Sendable, Hashable, Codable {
  /// How many times the lowest smoothed loss the smoothed loss may reach, more than 1.
  public let factor: Double

  /// The average that is watched.
  public let smoothing: RangeTestSmoothing

  /// fastai's rule: four times the best of its debiased average.
  public static let fastai = RangeTestStop(factor: 4, smoothing: .fastai)

  /// pytorch-lr-finder's rule: five times the best of its average.
  public static let torchLRFinder = RangeTestStop(factor: 5, smoothing: .torchLRFinder)

  /// Creates a stop rule.
  ///
  /// - Parameters:
  ///   - factor: How many times the lowest smoothed loss means divergence, more than 1;
  ///     infinity leaves only the losses that are not finite.
  ///   - smoothing: The average that is watched.
  /// - Precondition: `factor` is more than 1.
  public init(factor: Double, smoothing: RangeTestSmoothing) {
    precondition(factor > 1, "a divergence factor is more than 1, found \(factor)")
    self.factor = factor
    self.smoothing = smoothing
  }

  /// Reads and checks a stop rule.
  ///
  /// - Parameter decoder: Where to read from.
  /// - Throws: `DecodingError` when the factor is not more than 1.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let factor = try container.decode(Double.self, forKey: .factor)
    guard factor > 1 else {
      throw DecodingError.dataCorruptedError(
        forKey: .factor, in: container,
        debugDescription: "expected a factor of more than 1, found \(factor)")
    }
    self.factor = factor
    smoothing = try container.decode(RangeTestSmoothing.self, forKey: .smoothing)
  }

  /// The update after which a test with these losses stops.
  ///
  /// - Parameter losses: Raw losses, in the order of the updates.
  /// - Returns: The index of the last recorded loss, or nil when the rule stops nothing.
  public func stopIndex(in losses: [Double]) -> Int? {
    var watch = RangeTestWatch(self)
    return losses.firstIndex { watch.observe($0) != .proceed }
  }
}

/// A range test's stop rule at work: it sees the raw losses one at a time.
///
///     var watch = RangeTestWatch(.fastai)
///     let verdict = watch.observe(2.3)  // .proceed
public struct RangeTestWatch: Sendable, Hashable {
  /// What follows from the losses so far.
  public enum Verdict: Sendable, Hashable {
    /// The test goes on.
    case proceed
    /// The smoothed loss has exceeded the rule's factor times the lowest one.
    case diverged(smoothed: Double, best: Double)
    /// The loss just seen is not finite.
    case notFinite
  }

  private let rule: RangeTestStop
  private var average: RangeTestSmoothing.Average
  private var best = Double.infinity

  /// Starts to watch a test.
  ///
  /// - Parameter rule: The rule to apply.
  public init(_ rule: RangeTestStop) {
    self.rule = rule
    average = RangeTestSmoothing.Average(rule.smoothing)
  }

  /// Takes in the next raw loss.
  ///
  /// - Parameter loss: The loss of the update that has just been made.
  /// - Returns: Whether the test goes on, and if not, why.
  public mutating func observe(_ loss: Double) -> Verdict {
    guard loss.isFinite else { return .notFinite }
    let smoothed = average.adding(loss)
    best = min(best, smoothed)
    guard best > 0, smoothed > rule.factor * best else { return .proceed }
    return .diverged(smoothed: smoothed, best: best)
  }
}

/// Why a range test ended before its last value.
public enum RangeTestEnding: Sendable, Hashable {
  /// What was measured after the last point is not finite.
  case notFinite
  /// The smoothed training loss exceeded a multiple of its lowest value so far.
  case diverged(smoothed: Double, best: Double, factor: Double)
  /// Something else than the losses ended it.
  case early
}

extension RangeTestCurve {
  /// Why the test ended before its last value; nil for one that made all its updates.
  ///
  /// A curve does not say which rule watched it: fastai's is tried first, pytorch-lr-finder's second.
  public var ending: RangeTestEnding? {
    if isCut { return .notFinite }
    guard recordedCount < plannedCount else { return nil }
    for rule in [RangeTestStop.fastai, .torchLRFinder] {
      var watch = RangeTestWatch(rule)
      let verdicts = losses.map { watch.observe($0) }
      if case .diverged(let smoothed, let best) = verdicts.last,
        verdicts.dropLast().allSatisfy({ $0 == .proceed })
      {
        return .diverged(smoothed: smoothed, best: best, factor: rule.factor)
      }
    }
    return .early
  }
}

extension RangeTestEnding: CustomStringConvertible {
  /// The reason in a few words: `the smoothed loss, 2.4, is more than 4 times its lowest, 0.58`.
  public var description: String {
    switch self {
    case .notFinite: "what was measured next is not finite"
    case .diverged(let smoothed, let best, let factor):
      "the smoothed loss, \(threeDigits(smoothed)), is more than \(threeDigits(factor)) times its "
        + "lowest, \(threeDigits(best))"
    case .early: "the test ended before its last value"
    }
  }
}

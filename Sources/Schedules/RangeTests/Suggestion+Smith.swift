/// Smith's two bounds for a cycle, read from a range test the way he reads the plot.
///
/// "Note the learning rate value when the accuracy starts to increase and when the accuracy slows,
/// becomes ragged, or starts to fall" (Smith 2015, arXiv 1506.01186, §3.3); for losses, the largest
/// rate before the loss turns up (Smith 2018, arXiv 1803.09820, §4). No library computes them, so
/// this is what the words mean here. Let xᵢ be the raw losses, or the accuracies with their sign
/// turned where there are any, over n points, n ≥ 10:
///
/// - sᵢ is the running median of x over about n/15 points (odd, at least 3, centred): no lag, and
///   a single spike moves nothing.
/// - The *level* to start from is the median of the first n/20 points, at least 3.
/// - The *noise* σ is the median |xᵢ₋₁ − 2xᵢ + xᵢ₊₁| up to the lowest s, over 0.6745·√6: the
///   standard deviation of Gaussian noise on a straight slope.
/// - "Clearly" means by more than T = max(2σ, a tenth of the fall from the level to the lowest s).
///
/// `max` is the rate of the lowest s before s first rises clearly above it, after having fallen
/// clearly below the level, or the last rate before the curve becomes ragged, whichever is less.
/// Ragged: among the next n/10 points, at least 5, the noise is four times what it was in all the
/// points before, and more than T/2. `base` is the first rate from which on s stays clearly below
/// the level until that lowest point.
///
/// A loss that never clearly falls has neither bound. One that still falls at the last rate has no
/// `max`: the sweep was too short, and a guess would hide that.
public struct SmithBounds: Sendable, Hashable {
  /// The rate at which the loss clearly begins to fall, or the accuracy to rise.
  public let base: Suggestion

  /// The last rate before that turns, or becomes ragged.
  public let max: Suggestion

  /// Reads both bounds from a curve; from its accuracies where there are any, else its losses.
  ///
  /// - Parameter curve: What a range test recorded.
  public init(_ curve: RangeTestCurve) {
    let reading = Reading(curve)
    let count = reading.values.count
    guard count >= Reading.leastCount else {
      base = .none(reason: "needs \(Reading.leastCount) points, found \(count)")
      max = base
      return
    }
    guard reading.lowest < reading.level - reading.threshold else {
      base = .none(reason: "the \(reading.name) never clearly \(reading.improves)")
      max = base
      return
    }

    let turn = reading.turn()
    let start = reading.baseIndex(before: turn.best)
    let ragged = reading.raggedIndex(after: start)
    let rates = curve.learningRates
    let first = threeDigits(rates[start])
    base = .found(
      learningRate: rates[start], index: start,
      reason: "from \(first) on the \(reading.name) stays clearly \(reading.better) "
        + "than \(threeDigits(abs(reading.level))), where it began")

    if let ragged, ragged <= turn.best {
      let index = Swift.max(start, ragged - 1)
      max = .found(
        learningRate: rates[index], index: index,
        reason: "the \(reading.name) becomes ragged above \(threeDigits(rates[index]))")
    } else if turn.index != nil || curve.isCut {
      let best = threeDigits(abs(reading.medians[turn.best]))
      let end = turn.index.map { "clearly \(reading.worsens) by \(threeDigits(rates[$0]))" }
      max = .found(
        learningRate: rates[turn.best], index: turn.best,
        reason: "the \(reading.name) is best here (\(best)) and "
          + (end ?? "is not finite after \(threeDigits(rates[count - 1]))"))
    } else {
      max = .none(
        reason: "the \(reading.name) has not turned by the last rate, "
          + "\(threeDigits(rates[count - 1])): sweep further")
    }
  }
}

// MARK: - Reading a plot

/// The quantities that the definition of the bounds names.
private struct Reading {
  static let leastCount = 10

  let name: String
  let improves: String
  let better: String
  let worsens: String

  /// What should fall: losses, or accuracies with their sign turned.
  let values: [Double]
  let medians: [Double]
  let level: Double
  let lowest: Double
  let threshold: Double

  init(_ curve: RangeTestCurve) {
    if let accuracies = curve.accuracies {
      name = "accuracy"
      improves = "rises"
      better = "higher"
      worsens = "falls"
      values = accuracies.map { -$0 }
    } else {
      name = "loss"
      improves = "falls"
      better = "lower"
      worsens = "rises"
      values = curve.losses
    }
    let count = values.count
    guard count >= Self.leastCount else {
      medians = []
      (level, lowest, threshold) = (0, 0, 0)
      return
    }
    medians = runningMedians(values, width: Swift.max(3, count / 15) | 1)
    level = median(values.prefix(Swift.max(3, count / 20)))
    let lowestIndex = indexOfLeast(medians) ?? 0
    lowest = medians[lowestIndex]
    let noise = noiseLevel(values.prefix(Swift.max(lowestIndex + 1, Self.leastCount - 1)))
    threshold = Swift.max(2 * noise, 0.1 * (level - lowest))
  }

  /// The best point before the values first turn clearly worse, and where they have done so.
  func turn() -> (best: Int, index: Int?) {
    var best = 0
    for index in medians.indices {
      if medians[index] < medians[best] { best = index }
      if medians[best] < level - threshold && medians[index] > medians[best] + threshold {
        return (best, index)
      }
    }
    return (best, nil)
  }

  /// The first point from which on the values stay clearly better than the level.
  func baseIndex(before best: Int) -> Int {
    let last = medians[..<best].lastIndex { $0 >= level - threshold }
    return last.map { $0 + 1 } ?? 0
  }

  /// Where the first ragged stretch after a point begins, if there is one.
  func raggedIndex(after base: Int) -> Int? {
    let width = Swift.max(5, values.count / 10)
    guard base + width + width <= values.count else { return nil }
    return (base + width...values.count - width).first { index in
      let noise = noiseLevel(values[index..<index + width])
      return noise > 0.5 * threshold && noise > 4 * noiseLevel(values[..<index])
    }
  }
}

private func median(_ values: ArraySlice<Double>) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The median over a centred window that shrinks at the ends.
private func runningMedians(_ values: [Double], width: Int) -> [Double] {
  values.indices.map { index in
    let half = width / 2
    return median(values[max(0, index - half)..<min(values.count, index + half + 1)])
  }
}

/// The standard deviation of noise on a locally straight line, from second differences.
///
/// The median of |z| of a standard Gaussian is 0.6745, and xᵢ₋₁ − 2xᵢ + xᵢ₊₁ has √6 times the
/// deviation of one value.
private func noiseLevel(_ values: ArraySlice<Double>) -> Double {
  let inner = values.indices.dropFirst().dropLast()
  guard !inner.isEmpty else { return 0 }
  let bends = inner.map { abs(values[$0 - 1] - 2 * values[$0] + values[$0 + 1]) }
  return median(bends[...]) / (0.6745 * 6.0.squareRoot())
}

// MARK: - JSON

/// `{"base": 0.1, "max": 3.0, …}` with each bound's index and reason beside it; a bound without an
/// answer is `{"none": "reason"}`, and so is the whole when neither has one.
extension SmithBounds: Codable {
  private enum CodingKeys: String, CodingKey {
    case none, base, baseIndex, baseReason, max, maxIndex, maxReason
  }

  /// Reads both bounds.
  ///
  /// - Parameter decoder: Where to read from.
  /// - Throws: `DecodingError` when a key is missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let reason = try container.decodeIfPresent(String.self, forKey: .none) {
      base = .none(reason: reason)
      max = base
      return
    }
    func bound(
      _ rate: CodingKeys, _ index: CodingKeys, _ reason: CodingKeys
    ) throws -> Suggestion {
      guard container.contains(reason) else {
        return try container.decode(Suggestion.self, forKey: rate)
      }
      return .found(
        learningRate: try container.decode(Double.self, forKey: rate),
        index: try container.decode(Int.self, forKey: index),
        reason: try container.decode(String.self, forKey: reason))
    }
    base = try bound(.base, .baseIndex, .baseReason)
    max = try bound(.max, .maxIndex, .maxReason)
  }

  /// Writes both bounds.
  ///
  /// - Parameter encoder: Where to write to.
  /// - Throws: Whatever the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    if case .none(let reason) = base, base == max {
      try container.encode(reason, forKey: .none)
      return
    }
    func encode(
      _ bound: Suggestion, _ rate: CodingKeys, _ index: CodingKeys, _ reason: CodingKeys
    ) throws {
      guard case .found(let learningRate, let point, let why) = bound else {
        return try container.encode(bound, forKey: rate)
      }
      try container.encode(learningRate, forKey: rate)
      try container.encode(point, forKey: index)
      try container.encode(why, forKey: reason)
    }
    try encode(base, .base, .baseIndex, .baseReason)
    try encode(max, .max, .maxIndex, .maxReason)
  }
}

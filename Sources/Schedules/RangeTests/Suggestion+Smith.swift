/// Smith's two bounds for a cycle, read from a range test the way he reads the plot.
///
/// "Note the learning rate value when the accuracy starts to increase and when the accuracy slows,
/// becomes ragged, or starts to fall" (Smith 2015, arXiv 1506.01186, §3.3); for losses, the largest
/// rate before the loss turns up (Smith 2018, arXiv 1803.09820, §4). No library computes them, so
/// this is what the words mean here. Let xᵢ be the raw readings of the curve's measure, those of an
/// accuracy with their sign turned, over n points, n ≥ 10:
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
/// `max`: the sweep was too short, and a guess would hide that. For momentum and weight decay the
/// bounds are those of the range that helps.
public struct SmithBounds: Sendable, Hashable {
  /// The value from which on the loss clearly falls, or the accuracy rises.
  public let base: Suggestion

  /// The last value before that turns, or becomes ragged.
  public let max: Suggestion

  /// Reads both bounds from a curve's measure.
  ///
  /// - Parameter curve: What a range test recorded.
  public init(_ curve: RangeTestCurve) {
    let reading = Reading(curve)
    let measure = curve.measure
    let count = reading.values.count
    guard count >= Reading.leastCount else {
      base = .none(reason: "needs \(Reading.leastCount) points, found \(count)")
      max = base
      return
    }
    guard reading.lowest < reading.level - reading.threshold else {
      base = .none(reason: "the \(measure.noun) never clearly \(measure.improves)")
      max = base
      return
    }

    let turn = reading.turn()
    let start = reading.baseIndex(before: turn.best)
    let ragged = reading.raggedIndex(after: start)
    let (updates, values) = (curve.measuredUpdates, curve.measuredValues)
    func found(at index: Int, reason: String) -> Suggestion {
      .found(
        hyperparameter: curve.hyperparameter, value: values[index], index: updates[index],
        reason: reason)
    }
    base = found(
      at: start,
      reason: "from \(threeDigits(values[start])) on the \(measure.noun) stays clearly "
        + "\(measure.better) than \(threeDigits(abs(reading.level))), where it began")

    if let ragged, ragged <= turn.best {
      let index = Swift.max(start, ragged - 1)
      max = found(
        at: index,
        reason: "the \(measure.noun) becomes ragged above \(threeDigits(values[index]))")
    } else if turn.index != nil || curve.isCut {
      let best = threeDigits(abs(reading.medians[turn.best]))
      let end = turn.index.map { "clearly \(measure.worsens) by \(threeDigits(values[$0]))" }
      max = found(
        at: turn.best,
        reason: "the \(measure.noun) is best here (\(best)) and "
          + (end ?? Self.cut(curve)))
    } else {
      max = .none(
        reason: "the \(measure.noun) has not turned by the last \(curve.hyperparameter.noun), "
          + "\(threeDigits(values[count - 1])): sweep further")
    }
  }
}

extension SmithBounds {
  /// How a curve ends that was cut; what was not finite may have been the loss beside an accuracy.
  private static func cut(_ curve: RangeTestCurve) -> String {
    let last = threeDigits(curve.values[curve.count - 1])
    return "\(curve.column == nil ? "is" : "values are") not finite after \(last)"
  }
}

// MARK: - Reading a plot

/// The quantities that the definition of the bounds names.
private struct Reading {
  static let leastCount = 10

  /// What should fall: losses, or accuracies with their sign turned.
  let values: [Double]
  let medians: [Double]
  let level: Double
  let lowest: Double
  let threshold: Double

  init(_ curve: RangeTestCurve) {
    values = curve.falling
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
///
/// Bounds of anything but a learning rate say of what, as `"hyperparameter": "momentum"`.
extension SmithBounds: Codable {
  private enum CodingKeys: String, CodingKey {
    case none, hyperparameter, base, baseIndex, baseReason, max, maxIndex, maxReason
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
    let key = try container.decodeIfPresent(HyperparameterKey.self, forKey: .hyperparameter)
    func bound(
      _ value: CodingKeys, _ index: CodingKeys, _ reason: CodingKeys
    ) throws -> Suggestion {
      guard container.contains(reason) else {
        return try container.decode(Suggestion.self, forKey: value)
      }
      return .found(
        hyperparameter: key.map(Hyperparameter.init) ?? .learningRate,
        value: try container.decode(Double.self, forKey: value),
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
      _ bound: Suggestion, _ place: CodingKeys, _ index: CodingKeys, _ reason: CodingKeys
    ) throws {
      guard case .found(let hyperparameter, let value, let point, let why) = bound else {
        return try container.encode(bound, forKey: place)
      }
      if hyperparameter != .learningRate {
        try container.encode(hyperparameter.key, forKey: .hyperparameter)
      }
      try container.encode(value, forKey: place)
      try container.encode(point, forKey: index)
      try container.encode(why, forKey: reason)
    }
    try encode(base, .base, .baseIndex, .baseReason)
    try encode(max, .max, .maxIndex, .maxReason)
  }
}

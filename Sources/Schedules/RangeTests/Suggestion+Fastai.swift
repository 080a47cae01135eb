// fastai 2.8's four suggestion functions (`fastai/callback/schedule.py`, Apache-2.0), on the curve
// that fastai hands them. Where fastai raises an IndexError, or where rounding in single precision
// picks its answer, these say why there is no suggestion.

extension Suggestion {
  /// Half-way down the longest fall of the loss.
  ///
  /// The fall is the longest falling *subsequence*, so that noise does not break it; found in
  /// O(count²).
  static func valley(_ window: RangeTestCurve.Window) -> Suggestion {
    let losses = window.losses
    guard losses.count >= 3 else { return .tooFewPoints(in: window, needed: 3) }
    guard !window.isFlat else { return .flat }

    var lengths = [Int](repeating: 1, count: losses.count)
    var start = 0
    var end = 0
    for index in losses.indices.dropFirst() {
      for earlier in 0..<index {
        if losses[index] < losses[earlier] {
          lengths[index] = max(lengths[index], lengths[earlier] + 1)
        }
        // The start is counted back from the length known *now*, which may still grow: fastai's
        // way, kept because its suggestions depend on it.
        if lengths[end] < lengths[index] {
          end = index
          start = end - lengths[end]
        }
      }
    }

    let third = Double(end - start) / 3
    let index = max(0, start + Int(third) + Int(third / 2))
    let first = threeDigits(window.learningRate(at: max(0, start)))
    let last = threeDigits(window.learningRate(at: end))
    return .found(
      at: index, in: window,
      reason: end == 0
        ? "the loss falls nowhere; this is the first rate that counts"
        : "half-way down the longest fall of the loss, from \(first) to \(last)")
  }

  /// Where two slopes a fixed number of points apart, sliding down from the right, agree.
  ///
  /// - Parameters:
  ///   - window: fastai's part of the curve.
  ///   - distance: How many points lie between the two slopes.
  ///   - threshold: The difference of slopes, in loss per update, up to which they agree.
  /// - Returns: The rate under the left one of the two slopes.
  static func slide(
    _ window: RangeTestCurve.Window, distance: Int = 15, threshold: Double = 0.005
  ) -> Suggestion {
    guard window.count > distance else { return .tooFewPoints(in: window, needed: distance + 1) }
    let slopes = gradient(window.losses)
    var right = window.count - 1
    var left = right - distance
    var index = left
    var agrees = false
    while left >= 0 {
      agrees = abs(slopes[right] - slopes[left]) <= threshold
      if agrees { break }
      index = left
      right -= 1
      left -= 1
    }
    return .found(
      at: index, in: window,
      reason: agrees
        ? "coming from the right, slopes \(distance) points apart agree here to \(threshold)"
        : "slopes \(distance) points apart agree nowhere to \(threshold); "
          + "this is the first rate that counts")
  }

  /// A tenth of the rate at the lowest loss.
  static func minimum(_ window: RangeTestCurve.Window) -> Suggestion {
    guard let index = indexOfLeast(window.losses) else {
      return .tooFewPoints(in: window, needed: 1)
    }
    guard !window.isFlat else { return .flat }
    let rate = threeDigits(window.learningRate(at: index))
    let loss = threeDigits(window.losses[index])
    return .found(
      at: index, in: window, dividedBy: 10,
      reason: "a tenth of \(rate), where the smoothed loss is lowest (\(loss))")
  }

  /// Where the loss falls fastest per unit of the logarithm of the rate.
  static func steep(_ window: RangeTestCurve.Window) -> Suggestion {
    guard window.count >= 2 else { return .tooFewPoints(in: window, needed: 2) }
    guard !window.isFlat else { return .flat }
    let slopes = (1..<window.count).map { index in
      (window.losses[index] - window.losses[index - 1])
        / (Elementary.logarithm(window.learningRate(at: index))
          - Elementary.logarithm(window.learningRate(at: index - 1)))
    }
    let index = indexOfLeast(slopes) ?? 0
    return .found(
      at: index, in: window,
      reason: slopes[index] < 0
        ? "the smoothed loss falls fastest here per decade of the rate"
        : "the smoothed loss falls nowhere; it rises least here")
  }
}

// MARK: - Shared by the rules

extension Suggestion {
  static func found(
    at index: Int, in window: RangeTestCurve.Window, dividedBy divisor: Double = 1, reason: String
  ) -> Suggestion {
    let rate = window.learningRate(at: index) / divisor
    // The first rate of a sweep from zero, with which nothing can be trained.
    guard rate > 0 else { return .none(reason: "points at a rate of 0") }
    return .found(learningRate: rate, index: window.start + index, reason: reason)
  }

  static func tooFewPoints(in window: RangeTestCurve.Window, needed: Int) -> Suggestion {
    .none(
      reason: "needs \(needed) point\(needed == 1 ? "" : "s") after trimming, found \(window.count)"
    )
  }

  static var flat: Suggestion { .none(reason: "the loss does not change") }
}

extension RangeTestCurve.Window {
  /// Whether all losses are the same but for rounding.
  var isFlat: Bool {
    guard let least = losses.min(), let most = losses.max() else { return true }
    return most - least <= 1e-12 * max(abs(least), abs(most))
  }
}

/// The index of the least value, the first of equals.
func indexOfLeast(_ values: [Double]) -> Int? {
  values.indices.min { values[$0] < values[$1] }
}

/// Central differences, one-sided at the ends; zero for a single value.
func gradient(_ values: [Double]) -> [Double] {
  values.indices.map { index in
    let left = max(index - 1, 0)
    let right = min(index + 1, values.count - 1)
    return right > left ? (values[right] - values[left]) / Double(right - left) : 0
  }
}

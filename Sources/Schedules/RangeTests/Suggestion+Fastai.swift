// fastai 2.8's four suggestion functions (`fastai/callback/schedule.py`, Apache-2.0), on the curve
// that fastai hands them. Where fastai raises an IndexError, or where rounding in single precision
// picks its answer, these say why there is no suggestion. Of an accuracy they read the rise; of other
// hyper-parameters what "per decade" and "a tenth of" say there is read per unit, and without the tenth.

extension Suggestion {
  /// Half-way down the longest fall of the loss (up the longest rise of the accuracy).
  ///
  /// The fall is the longest falling *subsequence*, so that noise does not break it; found in
  /// O(count²).
  static func valley(_ window: RangeTestCurve.Window) -> Suggestion {
    let losses = window.losses
    guard losses.count >= 3 else { return .tooFewPoints(in: window, needed: 3) }
    guard !window.isFlat else { return .flat(window) }

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
    let first = threeDigits(window.values[max(0, start)])
    let last = threeDigits(window.values[end])
    let (measure, way) = (
      window.measure,
      window.measure.isHigherBetter ? "up the longest rise" : "down the longest fall"
    )
    return .found(
      at: index, in: window,
      reason: end == 0
        ? "the \(measure.noun) \(measure.improves) nowhere; this is the first "
          + "\(window.hyperparameter.noun) that counts"
        : "half-way \(way) of the \(measure.noun), from \(first) to \(last)")
  }

  /// Where two slopes a fixed number of points apart, sliding down from the right, agree.
  ///
  /// - Parameters:
  ///   - window: fastai's part of the curve.
  ///   - distance: How many points lie between the two slopes.
  ///   - threshold: The difference of slopes, in loss per update, up to which they agree.
  /// - Returns: The value under the left one of the two slopes.
  static func slide(
    _ window: RangeTestCurve.Window, distance: Int = 15, threshold: Double = 0.005
  ) -> Suggestion {
    guard window.count > distance else { return .tooFewPoints(in: window, needed: distance + 1) }
    let slopes = gradient(window.losses, at: window.updates)
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
          + "this is the first \(window.hyperparameter.noun) that counts")
  }

  /// A tenth of the rate at the lowest loss; of a momentum and its like the value itself, of which
  /// a tenth would be another thing altogether.
  static func minimum(_ window: RangeTestCurve.Window) -> Suggestion {
    guard let index = indexOfLeast(window.losses) else {
      return .tooFewPoints(in: window, needed: 1)
    }
    guard !window.isFlat else { return .flat(window) }
    let measure = window.measure
    let loss = threeDigits(abs(window.losses[index]))
    let place = "where the smoothed \(measure.noun) is \(measure.best) (\(loss))"
    guard window.hyperparameter.isCountedInDecades else {
      return .found(at: index, in: window, reason: place)
    }
    return .found(
      at: index, in: window, dividedBy: 10,
      reason: "a tenth of \(threeDigits(window.values[index])), \(place)")
  }

  /// Where the loss falls fastest per unit of the logarithm of the rate; of a momentum and its like
  /// per unit of the value.
  static func steep(_ window: RangeTestCurve.Window) -> Suggestion {
    guard window.count >= 2 else { return .tooFewPoints(in: window, needed: 2) }
    guard !window.isFlat else { return .flat(window) }
    let hyperparameter = window.hyperparameter
    let isInDecades = hyperparameter.isCountedInDecades
    let places = window.values.map { isInDecades ? Elementary.logarithm($0) : $0 }
    let slopes = (1..<window.count).map { (index: Int) -> Double in
      let fall = window.losses[index] - window.losses[index - 1]
      return fall / (places[index] - places[index - 1])
    }
    let index = indexOfLeast(slopes) ?? 0
    let unit = isInDecades ? "per decade of the \(hyperparameter.noun)" : "as the value rises"
    return .found(
      at: index, in: window,
      reason: slopes[index] < 0
        ? "the smoothed \(window.measure.noun) \(window.measure.improves) fastest here \(unit)"
        : .fallsNowhere(window))
  }
}

// MARK: - Shared by the rules

extension Suggestion {
  static func found(
    at index: Int, in window: RangeTestCurve.Window, dividedBy divisor: Double = 1, reason: String
  ) -> Suggestion {
    let value = window.values[index] / divisor
    // The first rate of a sweep from zero, with which nothing can be trained.
    guard value > 0 || window.hyperparameter != .learningRate else {
      return .none(reason: "points at a rate of 0")
    }
    return .found(
      hyperparameter: window.hyperparameter, value: value, index: window.updates[index],
      reason: reason)
  }

  static func tooFewPoints(in window: RangeTestCurve.Window, needed: Int) -> Suggestion {
    .none(
      reason: "needs \(needed) point\(needed == 1 ? "" : "s") after trimming, found \(window.count)"
    )
  }

  static func flat(_ window: RangeTestCurve.Window) -> Suggestion {
    .none(reason: "the \(window.measure.noun) does not change")
  }
}

extension String {
  /// Why a steepest point is on a curve that never improves.
  static func fallsNowhere(_ window: RangeTestCurve.Window) -> String {
    let measure = window.measure
    return "the smoothed \(measure.noun) \(measure.improves) nowhere; "
      + "it \(measure.worsens) least here"
  }
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

/// Central differences per update, one-sided at the ends; zero for a single value.
func gradient(_ values: [Double], at updates: [Int]) -> [Double] {
  values.indices.map { index in
    let left = max(index - 1, 0)
    let right = min(index + 1, values.count - 1)
    guard right > left else { return 0 }
    return (values[right] - values[left]) / Double(updates[right] - updates[left])
  }
}

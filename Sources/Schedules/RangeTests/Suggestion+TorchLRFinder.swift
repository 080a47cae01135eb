extension Suggestion {
  /// Where the smoothed loss falls fastest per update, pytorch-lr-finder 0.2's only suggestion.
  ///
  /// The library looks for the least gradient with NumPy, for which a loss that is not a number
  /// is the least of all; here the curve is cut before it.
  static func steepest(_ window: RangeTestCurve.Window) -> Suggestion {
    guard window.count >= 2 else { return .tooFewPoints(in: window, needed: 2) }
    guard !window.isFlat else { return .flat(window) }
    let slopes = gradient(window.losses, at: window.updates)
    let index = indexOfLeast(slopes) ?? 0
    return .found(
      at: index, in: window,
      reason: slopes[index] < 0
        ? "the smoothed \(window.measure.noun) \(window.measure.improves) fastest here per update"
        : .fallsNowhere(window))
  }
}

/// Smoothing of noisy measurements, for a line beside the faint one of what was measured.
///
/// Smooth before a line is thinned, as marks do when they are drawn: a mean of lowest and highest
/// points would be a mean of what stands out.
public enum Smoothing {
  /// The exponential moving average without its bias towards the start.
  ///
  ///     mₙ = w·mₙ₋₁ + (1 − w)·yₙ,   sₙ = mₙ / (1 − wⁿ),   m₀ = 0
  ///
  /// The divisor is the sum of the weights so far (Kingma and Ba, "Adam", 2014, arXiv:1412.6980, §3).
  /// The script of interactive figures smooths in the same way.
  ///
  /// - Parameters:
  ///   - values: What was measured. A value that is not finite stays as it is and is not counted.
  ///   - weight: The share of the past, *w*, in 0..<1.
  /// - Returns: As many values as there were.
  /// - Precondition: `weight` is in that range.
  public static func exponential(_ values: [Double], weight: Double) -> [Double] {
    precondition(weight >= 0 && weight < 1, "a smoothing weight is in 0..<1, not \(weight)")
    var (mean, rest) = (0.0, 1.0)
    return values.map { value in
      guard value.isFinite else { return value }
      mean = weight * mean + (1 - weight) * value
      rest *= weight
      return mean / (1 - rest)
    }
  }
}

extension LineMark {
  /// The line as measured, faint, and its smoothed course above it, which bears the name.
  ///
  /// - Parameter weight: The share of the past, in 0..<1.
  /// - Returns: The two lines, from back to front.
  public func smoothed(weight: Double) -> [LineMark] {
    let owner = run ?? name
    return [
      LineMark(x: x, y: y, ink: ink, weight: .faint, run: owner, breaks: breaks),
      LineMark(
        x: x, y: Smoothing.exponential(y, weight: weight), ink: ink, dash: dash, name: name,
        run: owner, breaks: breaks),
    ]
  }
}

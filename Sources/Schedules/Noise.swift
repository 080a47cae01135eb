extension Schedule {
  /// Numbers of a range, drawn evenly anew in every stretch of time; the same for the same seed.
  ///
  /// The number of a step is a function of the seed and the step: it does not depend on which others
  /// were looked at, and a resumed run sees the same ones. See ``Curve/noise(seed:every:)``.
  public static func noise(
    in range: ClosedRange<Double>, seed: UInt64, every: Span = 1.step
  ) -> Schedule {
    let curve = Curve.noise(seed: seed, every: every)
    return Ramp(from: range.lowerBound, to: range.upperBound, curve: curve).schedule
  }

  /// Every value times a random number of `1 − share ... 1 + share`, as timm's `noise_pct` has it.
  ///
  /// - Precondition: The share is in 0...1.
  public func withNoise(_ share: Double, seed: UInt64, every: Span = 1.step) -> Schedule {
    precondition((0...1).contains(share), "noise is a share of 0 to 1, found \(formatted(share))")
    return self * .noise(in: (1 - share)...(1 + share), seed: seed, every: every)
  }
}

extension Schedule {
  /// One value for the whole run.
  public static func constant(_ value: Double) -> Schedule { Hold(value).schedule }

  /// A straight line.
  public static func linear(
    from start: Double, to end: Double, over span: Span = .remainder
  ) -> Schedule {
    Ramp(from: start, to: end, over: span).schedule
  }

  /// Cosine annealing (Loshchilov and Hutter 2017, arXiv 1608.03983) down to a floor.
  ///
  ///     η(u) = floor + ½ (peak − floor) (1 + cos πu)
  ///
  /// Unlike PyTorch's `CosineAnnealingLR`, it holds the floor after `span` and does not climb again.
  public static func cosine(
    from peak: Double, to floor: Double = 0, over span: Span = .remainder
  ) -> Schedule {
    Ramp(from: peak, to: floor, over: span, curve: .cosine).schedule
  }

  /// A polynomial: a share `(1 − u)ᵖᵒʷᵉʳ` of the way from the end is left at `u`.
  ///
  /// The "poly" policy of DeepLab has a power of 0.9; a power of 1 is a straight line.
  public static func polynomial(
    from start: Double, to end: Double = 0, power: Double, over span: Span = .remainder
  ) -> Schedule {
    Ramp(from: start, to: end, over: span, curve: .polynomial(power: power)).schedule
  }

  /// An exponential between two values of one sign.
  public static func exponential(
    from start: Double, to end: Double, over span: Span = .remainder
  ) -> Schedule {
    Ramp(from: start, to: end, over: span, curve: .exponential).schedule
  }

  /// An exponential decay without end: multiplied by `decay` in every `period`, smoothly.
  ///
  /// `decay` is > 0. For the same decay in stairs see ``step(from:every:decayingBy:)``.
  public static func exponential(
    from start: Double, decayingBy decay: Double, every period: Span
  ) -> Schedule {
    Ramp(from: start, to: start * decay, over: period, curve: .exponential).schedule
      .repeated(decayingBy: decay, of: .values)
  }

  /// A warm-up, a long plateau and a cooldown, also known as trapezoidal.
  ///
  /// Zhai et al. 2022 (arXiv 2106.04560); the default cooldown is that of Hägele et al. 2024
  /// (arXiv 2405.18392).
  public static func warmupStableDecay(
    peak: Double, start: Double = 0, end: Double = 0, warmup: Span, decay: Span,
    curve: Curve = .oneMinusRoot
  ) -> Schedule {
    Schedule {
      Ramp(from: start, to: peak, over: warmup)
      Hold(peak)
      Ramp(from: peak, to: end, over: decay, curve: curve)
    }
  }
}

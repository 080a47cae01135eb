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
  ///     η(u) = floor + (peak − floor) (½ + ½ cos πuᵏ)ᵉˣᵖᵒⁿᵉⁿᵗ
  ///
  /// Unlike PyTorch's `CosineAnnealingLR`, it holds the floor after `span` and does not climb again. The
  /// exponent is optax's; `kDecay` is that of k-decay (Zhang and Li 2020, arXiv 2004.05909).
  public static func cosine(
    from peak: Double, to floor: Double = 0, over span: Span = .remainder, exponent: Double = 1,
    kDecay: Double = 1
  ) -> Schedule {
    let curve = Curve.cosine(exponent: exponent, kDecay: kDecay)
    return Ramp(from: peak, to: floor, over: span, curve: curve).schedule
  }

  /// A polynomial: a share `(1 − uᵏ)ᵖᵒʷᵉʳ` of the way from the end is left at `u`.
  ///
  /// The "poly" policy of DeepLab has a power of 0.9; a power of 1 is a straight line. `kDecay` is the
  /// *k* of k-decay (Zhang and Li 2020, arXiv 2004.05909).
  public static func polynomial(
    from start: Double, to end: Double = 0, power: Double, over span: Span = .remainder,
    kDecay: Double = 1
  ) -> Schedule {
    let curve = Curve.polynomial(power: power, kDecay: kDecay)
    return Ramp(from: start, to: end, over: span, curve: curve).schedule
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

  /// A hyperbolic tangent: flat for long, then down fast (Hsueh, Li and Wu 2018, arXiv 1806.01593).
  ///
  ///     η(u) = floor + ½ (peak − floor) (1 − tanh(lower (1 − u) + upper u))
  ///
  /// timm's `TanhLRScheduler`. It stops a share `½ − ½ tanh(upper)` short of the floor.
  public static func tanh(
    from peak: Double, to floor: Double = 0, over span: Span = .remainder, lower: Double = -7,
    upper: Double = 3
  ) -> Schedule {
    Ramp(from: peak, to: floor, over: span, curve: .tanh(from: lower, to: upper)).schedule
  }

  /// A sigmoid in time, Caffe's policy of that name.
  ///
  ///     η(t) = end + (start − end) / (1 + exp((t − midpoint) / width))
  ///
  /// Caffe has `width = 1 / gamma` steps, and a rate that rises from 0 or falls to 0 by gamma's sign.
  public static func sigmoid(
    from start: Double, to end: Double = 0, midpoint: Span, width: Span
  ) -> Schedule {
    Ramp(from: start, to: end, curve: .sigmoid(midpoint: midpoint, width: width)).schedule
  }
}

extension Schedule {
  /// Inverse time decay: Caffe's `inv` policy, and Keras' `InverseTimeDecay` with a power of 1.
  ///
  ///     η(t) = floor + (start − floor) (1 + t / every)⁻ᵖᵒʷᵉʳ
  ///
  /// Caffe has `every = 1 / gamma` steps; a power of 1 is Robbins and Monro's (1951).
  ///
  /// - Parameters:
  ///   - start: The first value.
  ///   - floor: What it sinks towards.
  ///   - power: How fast it falls, > 0.
  ///   - every: The time after which `2⁻ᵖᵒʷᵉʳ` is left, > 0.
  /// - Returns: A decay for the remainder of the run.
  public static func inverseTime(
    from start: Double, to floor: Double = 0, power: Double = 1, every: Span
  ) -> Schedule {
    Ramp(from: start, to: floor, curve: .inverse(power: power, every: every)).schedule
  }

  /// A warm-up, then the inverse square root of time.
  ///
  ///     η(t) = peak / √(1 + (t − warmup) / timescale)
  ///
  /// With the warm-up's length as the timescale, the default, this is `peak · √(warmup / t)`: the law
  /// of Zhai and others 2022 (arXiv 2106.04560) without its cooldown, and of transformers'
  /// `get_inverse_sqrt_schedule`.
  public static func inverseSquareRoot(
    peak: Double, start: Double = 0, warmup: Span, timescale: Span? = nil
  ) -> Schedule {
    .inverseTime(from: peak, power: 0.5, every: timescale ?? warmup)
      .warmedUp(over: warmup, from: start, to: peak)
  }

  /// The Transformer's rate (Vaswani and others 2017, arXiv 1706.03762, equation 3), known as Noam.
  ///
  ///     η(t) = scale · modelSize^−½ · min((t + 1)^−½, (t + 1) · warmup^−3⁄2)
  ///
  /// The paper counts steps from 1, so that the first update has a rate.
  ///
  /// - Parameters:
  ///   - modelSize: The width of the model, > 0.
  ///   - warmup: Updates until the peak, ≥ 1.
  ///   - scale: A factor of the whole.
  /// - Returns: A straight line up, and the inverse square root of time.
  /// - Precondition: The warm-up has at least one update.
  public static func noam(modelSize: Double, warmup: Int, scale: Double = 1) -> Schedule {
    precondition(warmup >= 1, "a warm-up of at least 1 update is expected, found \(warmup)")
    let count = Double(warmup)
    let peak = scale / (modelSize * count).squareRoot()
    return .inverseTime(from: peak, power: 0.5, every: .steps(count))
      .warmedUp(over: .steps(count - 1), from: peak / count, to: peak)
  }

  /// The power law in tokens and batch size (Shen and others 2024, arXiv 2408.13359), its stable part.
  ///
  ///     η(n) = min(peak, batchSize · amplitude · nᵉˣᵖᵒⁿᵉⁿᵗ),   n tokens seen
  ///
  /// The paper has an amplitude of 4 and an exponent of −0.51, and adds a warm-up and a cooldown:
  /// ``warmedUp(over:from:to:curve:)`` and ``Schedule/spliced(at:with:ofRun:)``.
  ///
  /// - Parameters:
  ///   - peak: What the value never exceeds, > 0.
  ///   - amplitude: The factor *a*, > 0.
  ///   - exponent: The exponent *b*, < 0.
  ///   - batchSize: Samples per update, > 0.
  /// - Returns: The peak until the law comes down to it, and then the law, until the run's end.
  public static func powerLaw(
    peak: Double, amplitude: Double = 4, exponent: Double = -0.51, batchSize: Double
  ) -> Schedule {
    let crossing = Elementary.power(peak / (batchSize * amplitude), 1 / exponent)
    return Schedule {
      Hold(peak, for: .tokens(crossing))
      Schedule.inverseTime(from: peak, power: -exponent, every: .tokens(crossing))
    }.limited()
  }
}

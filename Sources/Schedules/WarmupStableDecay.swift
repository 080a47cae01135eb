extension Schedule {
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

  /// Knee: a warm-up, an exploration at the peak, and a straight line down in what is left
  /// (Iyer and others 2020, arXiv 2003.03977).
  ///
  /// The paper explores for half of the run or more.
  public static func knee(
    peak: Double, start: Double = 0, end: Double = 0, warmup: Span, explore: Span
  ) -> Schedule {
    Schedule {
      Ramp(from: start, to: peak, over: warmup)
      Hold(peak, for: explore)
      Ramp(from: peak, to: end)
    }
  }

  /// A warm-up and a straight line down to zero for the whole rest
  /// (Bergsma and others 2025, arXiv 2502.15938, "D2Z").
  public static func linearToZero(
    peak: Double, start: Double = 0, warmup: Span = .zero
  ) -> Schedule {
    let descent = Ramp(from: peak, to: 0).schedule
    return warmup == .zero ? descent : descent.warmedUp(over: warmup, from: start, to: peak)
  }

  /// A plateau, and a cosine down: fastai's `fit_flat_cos`.
  ///
  /// - Parameters:
  ///   - peak: The value of the plateau.
  ///   - end: The last value; a 100,000th of the peak unless given, as in fastai.
  ///   - flat: The length of the plateau.
  /// - Returns: A hold and a ramp.
  public static func flatCosine(
    peak: Double, end: Double? = nil, flat: Span = 75.percent
  ) -> Schedule {
    Schedule {
      Hold(peak, for: flat)
      Ramp(from: peak, to: end ?? peak / 1e5, curve: .cosine)
    }
  }
}

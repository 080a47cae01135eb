extension Schedule {
  /// How many phases 1cycle has.
  public enum OneCycleStyle: String, Hashable, Sendable, Codable, CaseIterable {
    /// Up, and then all the way down: fastai's form and PyTorch's default.
    case twoPhase
    /// Up, down to the start in the same time, and then far below it: Smith and Topin's form.
    case threePhase
  }

  /// Where the boundaries of 1cycle lie.
  public enum Alignment: String, Hashable, Sendable, Codable, CaseIterable {
    /// Where the spans say.
    case exact
    /// One step earlier, where PyTorch's `OneCycleLR` has them; the horizon's end is then `.closed`.
    case pytorch
  }

  /// The 1cycle policy (Smith and Topin 2018, arXiv 1708.07120).
  ///
  /// Up from `start` to `peak` during the warm-up and down to `end` in the remainder of the run; in
  /// three phases, down to `start` in the warm-up's time and then to `end`. The paper has straight
  /// lines and three phases; fastai and PyTorch have cosines and two.
  ///
  /// With `style: .threePhase`, a warm-up of more than half of the run leaves the way down no time:
  /// it is cut at the run's end, as it is in PyTorch.
  ///
  /// - Parameters:
  ///   - peak: The largest value.
  ///   - start: The first value; a 25th of the peak unless given, as in fastai and PyTorch.
  ///   - end: The last value; a 10,000th of the start unless given, as in PyTorch.
  ///   - warmup: The length of the way up.
  ///   - curve: The shape of all phases.
  ///   - style: Two phases or three.
  ///   - alignment: Where the boundaries lie.
  /// - Returns: A schedule of two or three ramps.
  public static func oneCycle(
    peak: Double, start: Double? = nil, end: Double? = nil, warmup: Span = 30.percent,
    curve: Curve = .cosine, style: OneCycleStyle = .twoPhase,
    aligned alignment: Alignment = .exact
  ) -> Schedule {
    let start = start ?? peak / 25
    let end = end ?? start / 1e4
    let up = alignment == .pytorch ? warmup - 1.step : warmup
    switch style {
    case .twoPhase:
      return Schedule {
        Ramp(from: start, to: peak, over: up, curve: curve)
        Ramp(from: peak, to: end, curve: curve)
      }
    case .threePhase:
      let phases = Schedule {
        Ramp(from: start, to: peak, over: up, curve: curve)
        Ramp(from: peak, to: start, over: up, curve: curve)
        Ramp(from: start, to: end, curve: curve)
      }
      return warmup.percent > 50 ? phases.limited() : phases
    }
  }

  /// fastai's `fit_one_cycle`: 1cycle with a warm-up of a quarter of the run and an end of a
  /// 100,000th of the peak.
  public static func fastaiOneCycle(
    peak: Double, start: Double? = nil, end: Double? = nil, warmup: Span = 25.percent
  ) -> Schedule {
    .oneCycle(peak: peak, start: start ?? peak / 25, end: end ?? peak / 1e5, warmup: warmup)
  }

  /// Smith's own 1cycle, as the logs published with the paper show it.
  ///
  /// From `base` to `peak` in `halfCycle`, then to **zero** in as much time, and never below a
  /// thousandth of `base`. None of the forms that libraries ship is this one.
  public static func smithOneCycle(base: Double, peak: Double, halfCycle: Span) -> Schedule {
    Schedule {
      Ramp(from: base, to: peak, over: halfCycle)
      Ramp(from: peak, to: 0, over: halfCycle)
      Hold(0)
    }.clamped(to: min(base / 1000, peak)...max(base, peak))
  }

  /// The momentum that goes with ``smithOneCycle(base:peak:halfCycle:)``: triangles downwards, each
  /// half as deep as the one before, so that in the tail the momentum falls again at half slope.
  public static func smithMomentum(
    high: Double = 0.95, low: Double = 0.85, halfCycle: Span
  ) -> Schedule {
    .triangular2(base: high, peak: low, halfCycle: halfCycle)
  }
}

extension Schedule {
  /// Cyclical values in triangles (Smith 2017, arXiv 1506.01186), without end.
  ///
  /// - Parameters:
  ///   - base: The value between triangles.
  ///   - peak: The value at their tips.
  ///   - halfCycle: The time from base to peak, *stepsize* in the paper.
  ///   - descent: The time from peak to base; as long as the ascent unless given.
  /// - Returns: Triangles that fill the remainder of the run.
  public static func triangular(
    base: Double, peak: Double, halfCycle: Span, descent: Span? = nil
  ) -> Schedule {
    triangle(base: base, peak: peak, halfCycle: halfCycle, descent: descent).repeated()
  }

  /// Triangles, each half as high as the one before (Smith 2017, arXiv 1506.01186).
  public static func triangular2(
    base: Double, peak: Double, halfCycle: Span, descent: Span? = nil
  ) -> Schedule {
    triangle(base: base, peak: peak, halfCycle: halfCycle, descent: descent)
      .repeated(decayingBy: 0.5)
  }

  /// Triangles whose height is multiplied by `decay` in every `period`, one step unless given
  /// (`exp_range` in Smith 2017, arXiv 1506.01186).
  ///
  ///     value(t) = base + (peak − base) · triangle(t) · decayᵗ
  public static func exponentialRange(
    base: Double, peak: Double, halfCycle: Span, descent: Span? = nil, decayingBy decay: Double,
    every period: Span = 1.step
  ) -> Schedule {
    let height = triangle(base: 0, peak: peak - base, halfCycle: halfCycle, descent: descent)
    return .constant(base)
      + height.repeated() * .exponential(from: 1, decayingBy: decay, every: period)
  }

  private static func triangle(
    base: Double, peak: Double, halfCycle: Span, descent: Span?
  ) -> Schedule {
    Schedule {
      Ramp(from: base, to: peak, over: halfCycle)
      Ramp(from: peak, to: base, over: descent ?? halfCycle)
    }
  }
}

extension Schedule {
  /// SGDR: cosine annealing with warm restarts (Loshchilov and Hutter 2017, arXiv 1608.03983).
  ///
  /// - Parameters:
  ///   - peak: The value that a cycle begins with.
  ///   - floor: The value that it comes down to.
  ///   - first: The length of the first cycle, *T₀*.
  ///   - stretch: The ratio of a cycle's length to the one before, *T_mult*; > 0, need not be whole.
  ///   - decay: The ratio of a cycle's height to the one before.
  ///   - target: What the decay multiplies.
  ///   - count: The number of cycles; without it, as many as the run has time for.
  /// - Returns: The repeated annealing.
  public static func cosineRestarts(
    peak: Double, floor: Double = 0, first: Span, stretchingBy stretch: Double = 1,
    decayingBy decay: Double = 1, of target: Decay = .amplitude, count: Int? = nil
  ) -> Schedule {
    Schedule.cosine(from: peak, to: floor, over: first)
      .repeated(count, stretchingBy: stretch, decayingBy: decay, of: target)
  }

  /// Snapshot ensembles' annealing: a run of equal cosine cycles, at whose ends the model is kept
  /// (Huang and others 2017, arXiv 1704.00109, equation 2).
  ///
  /// - Precondition: There is at least one cycle.
  public static func snapshotCosine(
    peak: Double, floor: Double = 0, cycles: Int
  ) -> Schedule {
    precondition(cycles >= 1, "expected at least one cycle, found \(cycles)")
    return Schedule.cosine(from: peak, to: floor).repeated(cycles)
  }
}

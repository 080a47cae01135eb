/// Something in a schedule that may not be meant.
public enum ScheduleFinding: Hashable, Sendable {
  /// The schedule cannot be resolved over the run, or leaves its hyper-parameter's range.
  case error(ScheduleError)
  /// The value jumps where two phases meet.
  case jump(step: Int, before: Double, after: Double)
  /// The largest value lies between two updates, or where another phase begins, and is in force
  /// during none.
  case missedPeak(peak: Double, instant: Double, reached: Double)
  /// A phase has no length in this run and is never entered.
  case emptyPhase(phase: String)
  /// The first phase, a way up, takes the whole run.
  case warmupFillsRun(phase: String, end: Double, steps: Int)
  /// The last update is far from the value that the schedule ends with.
  case endNotReached(last: Double, end: Double)
  /// Adam's β₁ is not below √β₂, without which it need not converge (Reddi and others 2018, arXiv
  /// 1904.09237).
  case momentumAboveBeta2(step: Int, momentum: Double, limit: Double)
  /// A value is above the largest that a range test found safe.
  case aboveRangeTest(step: Int, value: Double, maximum: Double)

  /// The finding's name in JSON.
  public var name: String {
    switch self {
    case .error: "error"
    case .jump: "jump"
    case .missedPeak: "missedPeak"
    case .emptyPhase: "emptyPhase"
    case .warmupFillsRun: "warmupFillsRun"
    case .endNotReached: "endNotReached"
    case .momentumAboveBeta2: "momentumAboveBeta2"
    case .aboveRangeTest: "aboveRangeTest"
    }
  }

  /// The update that the finding is about, if it is about one.
  public var step: Int? {
    switch self {
    case .jump(let step, _, _), .momentumAboveBeta2(let step, _, _),
      .aboveRangeTest(let step, _, _):
      step
    case .error(.outOfRange(_, let step, _, _)), .error(.notFinite(let step, _)): step
    case .error, .missedPeak, .emptyPhase, .warmupFillsRun, .endNotReached: nil
    }
  }
}

extension ScheduleFinding: CustomStringConvertible {
  /// What was found, where, and what follows.
  public var description: String {
    switch self {
    case .error(let error):
      error.description
    case .jump(let step, let before, let after):
      "the value jumps from \(short(before)) to \(short(after)) at step \(step)"
    case .missedPeak(let peak, let instant, let reached):
      "the peak of \(short(peak)) at \(short(instant)) is in force during no step; "
        + "the largest value is \(short(reached))"
    case .emptyPhase(let phase):
      "\(phase) has no length in this run and is never entered"
    case .warmupFillsRun(let phase, let end, let steps):
      "\(phase), a warm-up, ends at step \(short(end)) of a run of \(steps)"
    case .endNotReached(let last, let end):
      "the last step has \(short(last)), not the end value \(short(end))"
    case .momentumAboveBeta2(let step, let momentum, let limit):
      "momentum is \(short(momentum)) at step \(step); Adam needs less than the root of beta2, "
        + short(limit)
    case .aboveRangeTest(let step, let value, let maximum):
      "the value is \(short(value)) at step \(step), above the range test's \(short(maximum))"
    }
  }

  /// Six digits: a finding is read, not calculated with.
  private func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return formatted(value) }
    let digits = 5 - (Elementary.logarithm(abs(value)) / Elementary.logarithm(10)).rounded(.down)
    // A power of ten up to 10²² is exact, and so a short decimal comes out of the division.
    let power = Elementary.power(10, abs(digits))
    return formatted(
      digits < 0 ? (value / power).rounded() * power : (value * power).rounded() / power)
  }
}

/// A change of schedule in the middle of a run, and the jump that it makes.
public struct Splice: Hashable, Sendable {
  /// The old schedule until the change and the new one after it.
  public let schedule: Schedule
  /// The first update under the new schedule.
  public let step: Int
  /// The value that the old schedule had for that update, or the last one it had if its run was over.
  public let before: Double
  /// The value that the new schedule has for it.
  public let after: Double

  /// How far the value jumps; negative for a fall.
  public var jump: Double { after - before }
}

extension Schedule {
  /// The schedule until an instant, with its past unchanged, and then another.
  ///
  /// - Parameters:
  ///   - span: The time until the change, from the run's beginning.
  ///   - continuation: What takes over; its remainder is what is left of the run.
  ///   - run: The length in steps of the run that the past was made for, where the length changes with
  ///     the schedule; without it, per cent and remainders of the past are those of the new run.
  /// - Returns: The two in sequence.
  public func spliced(
    at span: Span, with continuation: Schedule, ofRun run: Int? = nil
  ) -> Schedule {
    .sequence([limited(to: span, ofRun: run), continuation])
  }

  /// The same as ``spliced(at:with:ofRun:)`` with the jump it makes in a run.
  ///
  /// - Parameters:
  ///   - span: The time until the change, from the run's beginning.
  ///   - continuation: What takes over.
  ///   - horizon: The run with its new length.
  ///   - previous: The run before its length changed; the same run unless given.
  /// - Returns: The new schedule with the values before and after the change.
  /// - Throws: A ``ScheduleError`` where a schedule cannot be resolved, or the change is not inside the
  ///   run.
  public func splice(
    at span: Span, with continuation: Schedule, over horizon: Horizon, was previous: Horizon? = nil
  ) throws(ScheduleError) -> Splice {
    let schedule = spliced(at: span, with: continuation, ofRun: previous?.stepCount)
    let values = try schedule.resolved(over: horizon)
    let past = try resolved(over: previous ?? horizon)
    let instant = try horizon.steps(of: span, from: 0, phase: "splice")
    let step = max(0, (instant - horizon.tolerance).rounded(.up))
    guard step < Double(values.count) else {
      throw .longerThanRun(phase: "splice", end: instant, steps: values.count)
    }
    let index = Int(step)
    return Splice(
      schedule: schedule, step: index, before: past[min(index, past.count - 1)],
      after: values[index])
  }
}

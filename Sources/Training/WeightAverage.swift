import Networks
import Schedules

/// When weights are averaged, and how much today's count: a pure function of how far a run has come.
struct WeightAverage: Sendable {
  private let averaging: Averaging
  private let decay: ResolvedSchedule?
  private let firstStep: Int
  private let timetable: Timetable

  /// Lays the averaging of a run out.
  ///
  /// - Parameters:
  ///   - averaging: What is done.
  ///   - plan: Has the averaging decay, perhaps.
  ///   - timetable: The epochs of the run.
  init(_ averaging: Averaging, plan: ResolvedPlan, timetable: Timetable) {
    self.averaging = averaging
    decay = plan[.averagingDecay]
    firstStep = Int((averaging.start * Double(timetable.stepCount)).rounded(.up))
    self.timetable = timetable
  }

  /// What today's parameters count in their average after a step.
  ///
  /// - Parameters:
  ///   - step: The step's number, from 0.
  ///   - count: Averagings before it.
  /// - Returns: The weight, 0…1; nil where it is not their turn.
  func weight(after step: Int, count: Int) -> Float? {
    let made = step + 1 - firstStep
    guard made > 0,
      averaging.interval.map({ made.isMultiple(of: $0) }) ?? timetable.isLast(step)
    else { return nil }
    guard let defaultDecay = averaging.defaultDecay else { return 1 / Float(count + 1) }
    return Float(1 - (decay?[step] ?? defaultDecay))
  }
}

extension Averaging {
  /// Whether there is an average to judge the network by.
  ///
  /// - Parameter count: Averagings so far.
  /// - Returns: False only where the first one is still to come and nothing stands for it.
  func isThere(count: Int) -> Bool { kind != .swa || count > 0 }
}

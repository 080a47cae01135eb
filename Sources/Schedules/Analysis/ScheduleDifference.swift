/// How far two schedules are from each other over one run.
public struct ScheduleDifference: Hashable, Sendable, Codable {
  /// The largest distance at a step.
  public let largestGap: Double
  /// The first step with that distance.
  public let step: Int
  /// The values of the first and of the second schedule there.
  public let values: [Double]
  /// The sum of the first schedule's excess over the steps where it is the larger one.
  public let areaAbove: Double
  /// The sum of the second schedule's excess over the steps where that is the larger one.
  public let areaBelow: Double
  /// Ση of the first and of the second schedule: the sums of their values.
  public let sums: [Double]
  /// The number of steps at which the values are not equal.
  public let differingSteps: Int
  /// The number of steps in the run.
  public let stepCount: Int
}

extension ResolvedSchedule {
  /// The difference from another schedule over the same run.
  ///
  /// - Precondition: Both have the same number of steps.
  public func difference(from other: ResolvedSchedule) -> ScheduleDifference {
    precondition(
      count == other.count, "runs of \(count) and \(other.count) steps cannot be compared")
    var (gap, place) = (0.0, 0)
    var (above, below, first, second) = (0.0, 0.0, 0.0, 0.0)
    var differing = 0
    for step in indices {
      let (a, b) = (self[step], other[step])
      first += a
      second += b
      if a != b { differing += 1 }
      if a > b { above += a - b } else { below += b - a }
      if abs(a - b) > gap { (gap, place) = (abs(a - b), step) }
    }
    return ScheduleDifference(
      largestGap: gap, step: place, values: [self[place], other[place]], areaAbove: above,
      areaBelow: below, sums: [first, second], differingSteps: differing, stepCount: count)
  }
}

extension Schedule {
  /// The difference from another schedule over a run.
  ///
  /// - Throws: A ``ScheduleError`` where one of them cannot be resolved.
  public func difference(
    from other: Schedule, over horizon: Horizon
  ) throws(ScheduleError) -> ScheduleDifference {
    try resolved(over: horizon).difference(from: other.resolved(over: horizon))
  }
}

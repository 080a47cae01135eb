/// A measurement with the update it was taken after.
public struct Observation: Hashable, Sendable, Codable {
  /// The update that had been made, from 0.
  public var step: Int
  /// What was measured.
  public var value: Double

  /// A measurement after an update.
  public init(step: Int, value: Double) {
    self.step = step
    self.value = value
  }
}

extension Controller {
  /// The values that were, or would have been, in force with these measurements.
  ///
  /// A measurement after update `t` changes update `t + 1` at the earliest. The controller goes on from
  /// the state it is in and is not changed itself.
  ///
  /// - Parameters:
  ///   - schedule: The open-loop values.
  ///   - observations: Measurements in the order of their steps.
  /// - Returns: A value per update, to the last one or to the one at which the controller stopped.
  public func values(
    of schedule: ResolvedSchedule, observing observations: [Observation]
  ) -> [Double] {
    var controller = self
    var values: [Double] = []
    var next = observations.startIndex
    for step in schedule.indices {
      values.append(schedule[step] * controller.scale)
      while next < observations.endIndex, observations[next].step <= step {
        controller.observe(observations[next].value)
        next += 1
      }
      if controller.isStopped { break }
    }
    return values
  }
}

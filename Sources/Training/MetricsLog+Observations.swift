public import Schedules

extension MetricsLog {
  /// A measurement of the log that a controller can watch.
  public enum Measurement: String, Hashable, Sendable, CaseIterable {
    /// The loss of each step whose loss was read.
    case loss
    /// The mean of an epoch's losses.
    case trainLoss
    /// The loss over the test split after an epoch.
    case testLoss
    /// The accuracy over the test split after an epoch.
    case testAccuracy
  }

  /// The numbers of the log that a `Controller` would have seen, for replaying one.
  ///
  /// A measurement of an epoch was taken after the epoch's last step. An epoch without steps in the log
  /// has no place in time and is left out.
  public func observations(of measurement: Measurement) -> [Observation] {
    if measurement == .loss {
      return steps.compactMap { record in
        record.loss.map { Observation(step: record.step, value: $0) }
      }
    }
    let lastSteps = steps.reduce(into: [Int: Int]()) { $0[$1.epoch] = $1.step }
    return epochs.compactMap { record in
      guard let step = lastSteps[record.epoch] else { return nil }
      let value: Double? =
        switch measurement {
        case .loss, .trainLoss: record.trainLoss
        case .testLoss: record.testLoss
        case .testAccuracy: record.testAccuracy
        }
      return value.map { Observation(step: step, value: $0) }
    }
  }
}

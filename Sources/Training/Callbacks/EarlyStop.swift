public import Schedules

/// Ends a run when a measurement has stopped getting better.
///
/// The measurement is taken after each epoch (or each step, for the step's loss); the run ends after
/// more than `patience` of them in a row that are not better than the best one so far: Prechelt 1998
/// ("Early stopping, but when?"), its third class of criteria. The network at the end is the last one and
/// not the best one.
public final class EarlyStop: ControllerCallback {
  /// What it is called in checkpoints.
  public let memoryName = "early-stop"
  /// What is watched.
  public let measurement: MetricsLog.Measurement
  /// The rule, with its state.
  public var controller: Controller

  /// Makes the callback.
  ///
  /// - Parameters:
  ///   - patience: Measurements in a row without progress that are let pass, ≥ 0.
  ///   - measurement: What is watched.
  ///   - threshold: How much better than the best one a measurement has to be, ≥ 0.
  ///   - ignored: Measurements at the beginning that count for nothing, ≥ 0.
  public init(
    patience: Int, watching measurement: MetricsLog.Measurement = .testLoss,
    threshold: Double = 0, ignoring ignored: Int = 0
  ) {
    self.measurement = measurement
    controller = .stop(
      patience: patience, goal: measurement.goal, threshold: .absolute(difference: threshold),
      ignoring: ignored)
  }

  static let entry = CallbackCatalog.Entry(
    name: "early-stop", metavariable: "RULE",
    summary: "end when testLoss stops falling: patience=3",
    expected: "a rule such as testAccuracy,patience=3,threshold=0.001,ignoring=5"
  ) { text in
    guard var rule = RuleText(text), let measurement = rule.takeMeasurement(otherwise: .testLoss),
      let patience = rule.takeCount("patience", otherwise: -1),
      let threshold = rule.takeNumber("threshold", 0...1e9, otherwise: 0),
      let ignored = rule.takeCount("ignoring", otherwise: 0), rule.isEmpty
    else { return nil }
    return EarlyStop(
      patience: patience, watching: measurement, threshold: threshold, ignoring: ignored)
  }
}

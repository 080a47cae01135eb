public import Schedules

/// A callback that shows a `Controller` a measurement and does what it says: end the run, or, of those
/// that scale the learning rates, lower or raise them.
public protocol ControllerCallback: RememberingCallback {
  /// What is watched.
  var measurement: MetricsLog.Measurement { get }
  /// The rule, with its state.
  var controller: Controller { get set }
}

extension ControllerCallback {
  /// How often the loss is needed, in steps.
  public var lossInterval: Int? { measurement.lossInterval }

  /// Shows the controller a measurement.
  public func handle(_ event: Event, of trainer: Trainer) -> Directive {
    guard let value = measurement.value(in: event) else { return .proceed }
    controller.observe(value)
    return controller.isStopped ? .endRun(.stopped) : .proceed
  }

  /// The rule with its state.
  public func memory() throws(TrainingError) -> String { try controller.json() }

  /// Goes on in the state of a checkpoint's run.
  public func recall(_ memory: String) -> Bool {
    guard let controller = Controller(json: memory) else { return false }
    self.controller = controller
    return true
  }
}

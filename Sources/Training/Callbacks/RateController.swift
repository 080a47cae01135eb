public import Schedules

/// Multiplies the plan's learning rates by what a `Controller` says: a closed loop around the schedule.
///
/// The plan goes on by the clock; the controller watches a measurement and lowers, or raises, all
/// groups' rates by one factor. A measurement after step t changes step t + 1 at the earliest.
public final class RateController: ControllerCallback {
  /// What it is called in checkpoints.
  public let memoryName = "controller"
  /// What the next update's learning rates are multiplied by.
  public var learningRateScale: Double { controller.scale }
  /// What is watched.
  public let measurement: MetricsLog.Measurement
  /// The rule, with its state.
  public var controller: Controller

  /// Makes the callback.
  ///
  /// - Parameters:
  ///   - controller: The rule; its goal is the measurement's: `.larger` for an accuracy.
  ///   - measurement: What it watches.
  public init(_ controller: Controller, watching measurement: MetricsLog.Measurement = .testLoss) {
    self.controller = controller
    self.measurement = measurement
  }

  static let entry = CallbackCatalog.Entry(
    name: "controller", metavariable: "RULE",
    summary: "scale the rates: plateau(patience=3), greedy(loss)",
    expected: "a rule such as plateau(testLoss,factor=0.1,patience=10) or "
      + "greedy(loss,factor=0.95,patience=10,window=5)"
  ) { text in
    guard text.hasSuffix(")"), let open = text.firstIndex(of: "("),
      var rule = RuleText(String(text[text.index(after: open)...].dropLast())),
      let measurement = rule.takeMeasurement(otherwise: .testLoss)
    else { return nil }
    let controller: Controller? =
      switch text[..<open] {
      case "plateau": plateau(&rule, measurement.goal)
      case "greedy": greedy(&rule, measurement.goal)
      default: nil
      }
    guard let controller, rule.isEmpty else { return nil }
    return RateController(controller, watching: measurement)
  }

  private static func plateau(_ rule: inout RuleText, _ goal: Controller.Goal) -> Controller? {
    guard let factor = rule.takeNumber("factor", 0...(1.0).nextDown, otherwise: 0.1),
      let patience = rule.takeCount("patience", otherwise: 10),
      let cooldown = rule.takeCount("cooldown", otherwise: 0),
      let threshold = rule.takeNumber("threshold", 0...1, otherwise: 1e-4),
      let floor = rule.takeNumber("floor", 0...1, otherwise: 0),
      let ignored = rule.takeCount("ignoring", otherwise: 0)
    else { return nil }
    return .plateau(
      factor: factor, patience: patience, cooldown: cooldown, goal: goal,
      threshold: .relative(share: threshold), floor: floor, ignoring: ignored)
  }

  private static func greedy(_ rule: inout RuleText, _ goal: Controller.Goal) -> Controller? {
    let factors = Double.leastNonzeroMagnitude...(1.0).nextDown
    guard let factor = rule.takeNumber("factor", factors, otherwise: 0.95),
      let patience = rule.takeCount("patience", otherwise: 10),
      let cooldown = rule.takeCount("cooldown", otherwise: 0),
      let warmup = rule.takeCount("warmup", otherwise: 0),
      let threshold = rule.takeNumber("threshold", 0...1e9, otherwise: 1e-6),
      let floor = rule.takeNumber("floor", 0...1, otherwise: 0.01),
      let ceiling = rule.takeNumber("ceiling", 1...1e9, otherwise: 10),
      let window = rule.takeCount("window", from: 1, otherwise: 1),
      let ignored = rule.takeCount("ignoring", otherwise: 0)
    else { return nil }
    return .greedy(
      factor: factor, patience: patience, cooldown: cooldown, warmup: warmup, goal: goal,
      threshold: .absolute(difference: threshold), within: floor...ceiling, averaging: window,
      ignoring: ignored)
  }
}

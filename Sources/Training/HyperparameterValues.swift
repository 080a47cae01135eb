import Networks
import Schedules

/// The values of a plan at each step, in the form in which a program takes them.
struct HyperparameterValues: Sendable {
  /// What the trainer follows; a plan with anything else is refused rather than half obeyed.
  static let supported: [Hyperparameter<Double>] = [
    .learningRate, .momentum, .weightDecay, .labelSmoothing, .batchNormMomentum,
  ]

  private let plan: ResolvedPlan
  private let groups: [String]
  private let learningRates: ResolvedSchedule

  /// Resolves a plan over a run.
  ///
  /// - Parameters:
  ///   - plan: The schedules.
  ///   - horizon: The run.
  ///   - groups: The parameter groups of the graph, in its order.
  /// - Throws: `TrainingError` for a plan that cannot be followed, `ScheduleError` for one that
  ///   cannot be resolved.
  init(_ plan: Plan, over horizon: Horizon, groups: [String]) throws {
    let names = Self.supported.map(\.name)
    if let key = plan.keys.first(where: { !names.contains($0) }) {
      throw TrainingError.unsupportedSchedule(key: key, supported: names)
    }
    for entry in plan.entries {
      guard let group = entry.group, !groups.contains(group) else { continue }
      throw TrainingError.unsupportedSchedule(key: "\(group):\(entry.name)", supported: names)
    }
    self.plan = try plan.resolved(over: horizon)
    self.groups = groups
    guard let learningRates = self.plan[.learningRate, groups[0]] else {
      throw TrainingError.missingLearningRate
    }
    self.learningRates = learningRates
  }

  /// The learning rate of the first group.
  func learningRate(at step: Int) -> Double { learningRates[step] }

  /// The momentum of the first group.
  func momentum(at step: Int) -> Double { plan[.momentum, groups[0]]?[step] ?? 0 }

  /// Everything that a program is told for a step; the learning rates of all groups are multiplied by
  /// the scale.
  func stepInputs(
    at step: Int, validCount: Int, learningRateScale: Double = 1
  ) -> StepInputs {
    func value(
      _ key: Hyperparameter<Double>, _ group: String? = nil, scale: Double = 1, otherwise: Float
    ) -> Float {
      plan[key, group].map { Float($0[step] * scale) } ?? otherwise
    }
    return StepInputs(
      validCount: validCount,
      labelSmoothing: value(.labelSmoothing, otherwise: 0),
      batchNormMomentum: value(.batchNormMomentum, otherwise: 0.1),
      groups: groups.map { group in
        StepInputs.Group(
          learningRate: value(.learningRate, group, scale: learningRateScale, otherwise: 0),
          momentum: value(.momentum, group, otherwise: 0),
          weightDecay: value(.weightDecay, group, otherwise: 0))
      })
  }
}

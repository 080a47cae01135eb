import Datasets
import Networks
import Schedules

/// The values of a plan at each step, in the form in which a program takes them.
struct HyperparameterValues: Sendable {
  /// What every training follows, whatever its optimiser.
  private static let always: [Hyperparameter<Double>] = [
    .learningRate, .momentum, .weightDecay, .labelSmoothing, .batchNormMomentum,
  ]
  /// What a group of parameters may have for itself.
  private static let ofGroups: [Hyperparameter<Double>] = [
    .learningRate, .momentum, .weightDecay, .beta2,
  ]

  /// What a training of a recipe follows; a plan with anything else is refused rather than half
  /// obeyed.
  static func supported(by recipe: Recipe) -> [Hyperparameter<Double>] {
    always + (recipe.optimizer.defaultBeta2 == nil ? [] : [.beta2])
      + (recipe.averaging?.defaultDecay == nil ? [] : [.averagingDecay])
      + (recipe.augmentation.hasStrength ? [.augmentationStrength] : [])
  }

  /// The schedules of one group of parameters; `nil` where its value never changes.
  private struct Group: Sendable {
    let learningRate: ResolvedSchedule
    let momentum: ResolvedSchedule?
    let weightDecay: ResolvedSchedule?
    let beta2: ResolvedSchedule?
  }

  let plan: ResolvedPlan
  private let groups: [Group]
  private let defaultMomentum: Double
  private let defaultBeta2: Double

  /// Resolves a plan over a run.
  ///
  /// Of a parameter that several of the plan's groups name, each hyper-parameter follows the last of
  /// them that schedules it, or else the plan's schedule for all parameters.
  ///
  /// - Parameters:
  ///   - plan: The schedules.
  ///   - recipe: Says what is supported.
  ///   - horizon: The run.
  ///   - graph: Has the parameter groups.
  /// - Throws: `TrainingError` for a plan that cannot be followed, `ScheduleError` for one that
  ///   cannot be resolved.
  init(_ plan: Plan, of recipe: Recipe, over horizon: Horizon, graph: Graph) throws {
    // The timetable follows the batch and the image size.
    let supported =
      Self.supported(by: recipe).map(\.name)
      + [Hyperparameter<Int>.batchSize, .imageSize].map(\.name)
    let ofGroups = Self.ofGroups.map(\.name).filter(supported.contains)
    for entry in plan.entries {
      let names = entry.group == nil ? supported : ofGroups
      guard names.contains(entry.name) else {
        throw TrainingError.unsupportedSchedule(
          key: (entry.group.map { "\($0):" } ?? "") + entry.name, supported: names)
      }
    }
    let selected = Set(graph.groups.flatMap(\.selectors))
    if let group = plan.groups.first(where: { !selected.contains($0) }) {
      throw TrainingError.unknownGroup(
        name: group, network: graph.network.name,
        example: graph.parameters.first.map { graph[$0.values].name } ?? "")
    }
    let resolved = try plan.resolved(over: horizon)
    guard let learningRate = resolved[.learningRate] else {
      throw TrainingError.missingLearningRate
    }
    self.plan = resolved
    groups = graph.groups.map { group in
      func values(_ key: Hyperparameter<Double>) -> ResolvedSchedule? {
        let own = group.selectors.reversed().lazy.compactMap { selector in
          resolved.entries.first { $0.name == key.name && $0.group == selector }?.values
        }.first
        return own ?? resolved[key]
      }
      return Group(
        learningRate: values(.learningRate) ?? learningRate, momentum: values(.momentum),
        weightDecay: values(.weightDecay), beta2: values(.beta2))
    }
    defaultMomentum = recipe.optimizer.defaultMomentum
    defaultBeta2 = recipe.optimizer.defaultBeta2 ?? 0
  }

  /// The learning rate of the parameters without a group.
  func learningRate(at step: Int) -> Double { groups[0].learningRate[step] }

  /// The momentum of the parameters without a group.
  func momentum(at step: Int) -> Double { groups[0].momentum?[step] ?? defaultMomentum }

  /// Everything that a program is told for a step.
  ///
  /// - Parameters:
  ///   - step: The step's number in the plan, from 0.
  ///   - update: The number of updates made before it.
  ///   - validCount: Images that count.
  ///   - learningRateScale: Multiplies the learning rates of all groups.
  /// - Returns: The values of all groups.
  func stepInputs(
    at step: Int, update: Int, validCount: Int, learningRateScale: Double = 1
  ) -> StepInputs {
    func value(_ key: Hyperparameter<Double>, otherwise: Float) -> Float {
      plan[key].map { Float($0[step]) } ?? otherwise
    }
    return StepInputs(
      validCount: validCount,
      labelSmoothing: value(.labelSmoothing, otherwise: 0),
      batchNormMomentum: value(.batchNormMomentum, otherwise: 0.1),
      updateNumber: update + 1,
      groups: groups.map { group in
        StepInputs.Group(
          learningRate: Float(group.learningRate[step] * learningRateScale),
          momentum: Float(group.momentum?[step] ?? defaultMomentum),
          weightDecay: Float(group.weightDecay?[step] ?? 0),
          beta2: Float(group.beta2?[step] ?? defaultBeta2))
      })
  }
}

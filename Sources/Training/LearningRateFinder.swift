public import Datasets
public import Networks
public import Schedules

/// Carries out a range test: trains while one hyper-parameter rises, and watches the loss.
///
/// The test has a program of its own and starts at the network's initial parameters, the same ones
/// that a training of the recipe starts from; no training is disturbed by it.
public struct LearningRateFinder: Hashable, Sendable {
  /// Network, data, batch, seed, order, augmentation; and the hyper-parameters that stay as they are.
  ///
  /// The epochs and the schedule of what the test changes are not used.
  public let recipe: Recipe
  /// What changes, from where to where, in how many steps, and when to stop.
  public let test: RangeTest

  /// Makes a finder.
  public init(_ recipe: Recipe, test: RangeTest) {
    self.recipe = recipe
    self.test = test
  }

  /// Carries the test out.
  ///
  /// - Parameters:
  ///   - dataset: The images; only the training split is used.
  ///   - network: In place of the one that the recipe names.
  ///   - backend: What it runs on.
  ///   - observe: Is told of each step; false ends the test there.
  /// - Returns: The curve, with suggestions.
  /// - Throws: `TrainingError` for a recipe that cannot be carried out, `ScheduleError` for a plan
  ///   that does not fit, or the backend's own error.
  public func run(
    on dataset: Dataset, network: Network? = nil, backend: any Backend,
    observe: (StepRecord) -> Bool = { _ in true }
  ) throws -> RangeTestCurve {
    let program = try TrainingProgram(
      recipe, dataset: dataset.training, network: network, backend: backend)
    let batches = try recipe.batches(of: dataset.training)
    let stepsPerEpoch = batches.sampler.stepsPerEpoch
    let values = try HyperparameterValues(
      plan,
      over: Horizon(
        steps: test.count, stepsPerEpoch: Double(stepsPerEpoch),
        samplesPerStep: Double(recipe.batch), end: test.end),
      groups: program.graph.groups)
    let loader = Loader(
      dataset.training, plan: batches,
      epochs: 0..<(test.count + stepsPerEpoch - 1) / stepsPerEpoch)
    program.initialize(seed: recipe.seed)

    var watch = RangeTestWatch(test.stop)
    var losses: [Double] = []
    for step in 0..<test.count {
      let inputs = values.stepInputs(at: step, validCount: recipe.batch)
      loader.withNextBatch { program.step($0, inputs) }
      let loss = program.meanLoss(validCount: recipe.batch)
      losses.append(loss)
      let record = StepRecord(
        step: step, epoch: step / stepsPerEpoch, learningRate: values.learningRate(at: step),
        momentum: values.momentum(at: step), loss: loss)
      guard observe(record), watch.observe(loss) == .proceed else { break }
    }
    return try test.curve(losses: losses)
  }

  /// The recipe's plan with the test's sweep in the place of what it changes.
  private var plan: Plan {
    Plan {
      Scheduled(test.hyperparameter, test.schedule)
      for key in HyperparameterValues.supported where key != test.hyperparameter {
        if let schedule = recipe.plan[key] { Scheduled(key, schedule) }
      }
    }
  }
}

public import Datasets
public import Networks
public import Schedules

/// Carries out a range test: trains while one hyper-parameter rises, and watches the loss or the
/// accuracy.
///
/// The test has a program of its own and starts at the network's initial parameters, the same ones
/// that a training of the recipe starts from; no training is disturbed by it.
public struct HyperparameterFinder: Hashable, Sendable {
  /// Network, data, batch, seed, order, augmentation; and the hyper-parameters that stay as they are.
  ///
  /// The epochs and the schedule of what the test changes are not used.
  public var recipe: Recipe
  /// What changes, from where to where, in how many steps, and when to stop.
  public let test: RangeTest
  /// What the rules are to read.
  public let measure: RangeTestMeasure
  /// Updates from one reading of the measure to the next, ≥ 1; the training loss has one at each.
  public let interval: Int
  /// How the noise of the gradients is measured on the way; nil for not at all.
  public let noise: GradientNoiseProbe?

  /// Makes a finder.
  ///
  /// - Parameters:
  ///   - recipe: What is trained, and the hyper-parameters that stay as they are.
  ///   - test: What changes.
  ///   - measure: What the rules are to read. A reading of a validation measure is a pass over the
  ///     data set's test split, with batch norm's running statistics, which need some tens of updates
  ///     to be worth anything.
  ///   - interval: Updates from one reading to the next, ≥ 1; by default the twentieth part of the
  ///     test for a validation measure, so that it takes twenty passes, and 1 for the others.
  ///   - noise: How the noise of the gradients is measured on the way.
  /// - Precondition: `interval` is at least 1.
  public init(
    _ recipe: Recipe, test: RangeTest, measure: RangeTestMeasure = .trainingLoss,
    interval: Int? = nil, noise: GradientNoiseProbe? = nil
  ) {
    self.recipe = recipe
    self.test = test
    self.measure = measure
    self.interval = interval ?? (measure.isOnValidation ? max(1, test.count / 20) : 1)
    self.noise = noise
    precondition(self.interval >= 1, "readings are at least 1 update apart, found \(self.interval)")
  }

  /// One update of the test.
  public struct Step: Hashable, Sendable {
    /// The update.
    public let record: StepRecord
    /// The value of what the test changes.
    public let value: Double
    /// The measure after the update, if it was its turn.
    public let reading: Double?
  }

  /// What a test gave.
  public struct Result: Hashable, Sendable {
    /// The curve, with suggestions.
    public let curve: RangeTestCurve
    /// The noise of the gradients at the places where it was measured, in their order.
    public let noise: [GradientNoiseProbe.Place]
  }

  /// Carries the test out.
  ///
  /// It ends early where its stop rule says so, which watches the training loss whatever the measure,
  /// and after the first loss or reading that is not finite.
  ///
  /// - Parameters:
  ///   - dataset: The images; the test split only for a validation measure.
  ///   - network: In place of the one that the recipe names.
  ///   - backend: What it runs on.
  ///   - observe: Is told of each step; false ends the test there.
  /// - Returns: The curve and the noise of the gradients.
  /// - Throws: `TrainingError` for a recipe that cannot be carried out, `ScheduleError` for a plan
  ///   that does not fit, or the backend's own error.
  public func run(
    on dataset: Dataset, network: Network? = nil, backend: any Backend,
    observe: (Step) -> Bool = { _ in true }
  ) throws -> Result {
    // A test looks at the weights as they are.
    var recipe = recipe
    recipe.averaging = nil
    let program = try TrainingProgram(
      recipe, dataset: dataset.training, network: network, backend: backend)
    var batches = try recipe.batches(of: dataset.training)
    let stepsPerEpoch = batches.sampler.stepsPerEpoch / recipe.accumulation
    let epochs = (test.count + stepsPerEpoch - 1) / stepsPerEpoch
    let values = try HyperparameterValues(
      plan(of: recipe), of: recipe,
      over: Horizon(
        steps: test.count, stepsPerEpoch: Double(stepsPerEpoch),
        samplesPerStep: Double(recipe.batch), end: test.end),
      graph: program.graph)
    batches.follow(
      values.plan[.augmentationStrength],
      epochs: (0..<epochs).map {
        $0 * stepsPerEpoch..<min(($0 + 1) * stepsPerEpoch, test.count)
      }, accumulation: recipe.accumulation)
    let sweep = try test.values
    let loader = Loader(
      dataset.training, plan: batches, epochs: 0..<epochs,
      makesImages: !program.hold(
        dataset.training, as: .training,
        padsByReflection: batches.augmentation.padsByReflection))
    var meter = try noise.map {
      try GradientNoiseMeter(
        $0, dataset: dataset.training, batches: batches, afterEpoch: epochs,
        updateCount: test.count)
    }
    program.initialize(seed: recipe.seed, dataset: dataset.training)

    var watch = RangeTestWatch(test.stop)
    var (losses, accuracies): ([Double], [Double]) = ([], [])
    var readings: (updates: [Int], values: [Double]) = ([], [])
    for step in 0..<test.count {
      let inputs = values.stepInputs(at: step, update: step, validCount: recipe.partCount)
      meter?.observe(program, before: step, inputs)
      if step > 0, step.isMultiple(of: stepsPerEpoch) { loader.skip(toEpoch: step / stepsPerEpoch) }
      let loss = program.step(loader, inputs, readsLoss: true) ?? .nan
      losses.append(loss)
      accuracies.append(program.hitShare(validCount: recipe.partCount))
      let reading = reading(
        after: step, of: program, accuracy: accuracies[step], on: dataset.test)
      if let reading {
        readings.updates.append(step)
        readings.values.append(reading)
      }
      let record = StepRecord(
        step: step, epoch: step / stepsPerEpoch, learningRate: values.learningRate(at: step),
        momentum: values.momentum(at: step), loss: loss)
      let goesOn = observe(Step(record: record, value: sweep[step], reading: reading))
      guard goesOn, watch.observe(loss) == .proceed, reading?.isFinite ?? true else { break }
    }
    let column =
      measure == .trainingLoss
      ? nil
      : RangeTestCurve.Column(measure, updates: readings.updates, readings: readings.values)
    return Result(
      curve: try test.curve(losses: losses, column: column, accuracies: accuracies),
      noise: meter?.places ?? [])
  }

  /// The measure after an update; nil when it is not its turn, or none beside the training loss.
  private func reading(
    after step: Int, of program: TrainingProgram, accuracy: Double, on validation: ImageDataset
  ) -> Double? {
    guard (step + 1).isMultiple(of: interval) else { return nil }
    let views = recipe.testTimeAugmentation
    switch measure {
    case .trainingLoss: return nil
    case .trainingAccuracy: return accuracy
    case .validationLoss: return program.evaluate(validation, augmentation: views).loss
    case .validationAccuracy: return program.evaluate(validation, augmentation: views).accuracy
    }
  }

  /// The recipe's plan with the test's sweep in the place of what it changes.
  private func plan(of recipe: Recipe) -> Plan {
    recipe.plan.keeping(HyperparameterValues.supported(by: recipe).map(\.name))
      .replacing(test.hyperparameter, with: test.schedule)
  }
}

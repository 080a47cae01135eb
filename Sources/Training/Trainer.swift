public import Datasets
public import Networks
import Schedules

/// Trains a network as a recipe says.
///
///     let recipe = Recipe(network: "resnet8", data: "fashion-mnist", epochs: 5, batch: 128, plan: plan)
///     let trainer = try Trainer(recipe, dataset: Dataset.load(recipe.data), backend: backend)
///     let result = try trainer.run()
///
/// A step writes its batch and its hyper-parameters into the program's slots and runs forward,
/// backward and update. The hyper-parameters are those of the plan at the step's number: a pure
/// function of it, so nothing here remembers anything but the step.
public final class Trainer {
  /// What is carried out.
  public let recipe: Recipe
  /// The images.
  public let dataset: Dataset
  private let program: TrainingProgram
  private let batches: BatchPlan
  private let values: HyperparameterValues
  /// The updates made so far in the current run.
  private var stepsMade = 0

  /// Prepares a training.
  ///
  /// - Parameters:
  ///   - recipe: What to carry out.
  ///   - dataset: The images.
  ///   - network: In place of the one that the recipe names.
  ///   - backend: What it runs on.
  /// - Throws: `TrainingError` for a recipe that cannot be carried out, `ScheduleError` for a plan
  ///   that does not fit the run, or the backend's own error.
  public init(
    _ recipe: Recipe, dataset: Dataset, network: Network? = nil, backend: any Backend
  ) throws {
    self.recipe = recipe
    self.dataset = dataset
    program = try TrainingProgram(
      recipe, dataset: dataset.training, network: network, backend: backend)
    batches = try recipe.batches(of: dataset.training)
    values = try HyperparameterValues(
      recipe.plan,
      over: Horizon(
        steps: recipe.epochs * batches.sampler.stepsPerEpoch,
        stepsPerEpoch: Double(batches.sampler.stepsPerEpoch), samplesPerStep: Double(recipe.batch)),
      groups: program.graph.groups)
  }

  /// The network written out for the recipe's batch.
  public var graph: Graph { program.graph }

  /// Carries the recipe out, from the initial parameters to the last epoch.
  ///
  /// - Parameter callbacks: Who is told what happens and may end the run.
  /// - Returns: How the run ended, and its epochs.
  /// - Throws: What a callback threw.
  public func run(
    _ callbacks: [any Callback] = [DivergenceStop()]
  ) throws(TrainingError)
    -> RunResult
  {
    let clock = Stopwatch()
    let stepsPerEpoch = batches.sampler.stepsPerEpoch
    let loader = Loader(dataset.training, plan: batches, epochs: 0..<recipe.epochs)
    var epochs: [EpochRecord] = []
    program.initialize(seed: recipe.seed)
    stepsMade = 0

    var directive = try tell(callbacks, .runBegan(start))
    var epoch = 0
    while epoch < recipe.epochs, directive.outcome == nil {
      let epochClock = Stopwatch()
      let firstStep = stepsMade
      var losses = Mean()
      directive = try tell(callbacks, .epochBegan(epoch))
      for step in epoch * stepsPerEpoch..<(epoch + 1) * stepsPerEpoch where directive == .proceed {
        let record = makeStep(step, epoch: epoch, loader: loader, callbacks: callbacks)
        losses.add(record.loss)
        directive = try tell(callbacks, .stepEnded(record))
      }
      if directive.outcome != nil { break }
      loader.skip(toEpoch: epoch + 1)
      let images = Double((stepsMade - firstStep) * recipe.batch)
      let imagesPerSecond = images / epochClock.seconds
      let evaluation = program.evaluate(dataset.test)
      let record = EpochRecord(
        epoch: epoch, trainLoss: losses.value, testLoss: evaluation.loss,
        testAccuracy: evaluation.accuracy, wallSeconds: clock.seconds,
        imagesPerSecond: imagesPerSecond)
      epochs.append(record)
      directive = try tell(callbacks, .epochEnded(record))
      epoch += 1
    }

    let result = RunResult(
      outcome: directive.outcome ?? .completed, epochs: epochs, stepCount: stepsMade,
      wallSeconds: clock.seconds)
    _ = try tell(callbacks, .runEnded(result))
    return result
  }

  /// The network and the optimiser's state as they are now.
  ///
  /// - Throws: `TrainingError.recipe` if the recipe cannot be written down.
  public func checkpoint() throws(TrainingError) -> Checkpoint {
    // The number of threads changes no value, so it changes no byte of the file either.
    var recipe = recipe
    recipe.threads = nil
    return Checkpoint(
      program.program, graph,
      metadata: [
        "format": "anneal", "network": recipe.network, "seed": "\(recipe.seed)",
        "step": "\(stepsMade)", "recipe": try recipe.json(),
      ])
  }

  private var start: RunStart {
    RunStart(
      recipe: recipe, parameterCount: graph.parameterCount,
      stepCount: recipe.epochs * batches.sampler.stepsPerEpoch,
      stepsPerEpoch: batches.sampler.stepsPerEpoch, testCount: dataset.test.count)
  }

  private func makeStep(
    _ step: Int, epoch: Int, loader: Loader, callbacks: [any Callback]
  ) -> StepRecord {
    let inputs = values.stepInputs(at: step, validCount: recipe.batch)
    loader.withNextBatch { program.step($0, inputs) }
    stepsMade += 1
    let isLossNeeded = callbacks.contains { callback in
      callback.lossInterval.map { step.isMultiple(of: $0) } ?? false
    }
    return StepRecord(
      step: step, epoch: epoch, learningRate: values.learningRate(at: step),
      momentum: values.momentum(at: step),
      loss: isLossNeeded ? program.meanLoss(validCount: recipe.batch) : nil)
  }

  /// Tells everyone; the strongest answer counts.
  private func tell(
    _ callbacks: [any Callback], _ event: Event
  ) throws(TrainingError) -> Directive {
    var directive = Directive.proceed
    for callback in callbacks {
      directive = directive.combined(with: try callback.handle(event, of: self))
    }
    return directive
  }
}

/// The mean of those of some numbers that are there.
private struct Mean {
  private var sum = 0.0
  private var count = 0

  mutating func add(_ value: Double?) {
    guard let value else { return }
    sum += value
    count += 1
  }

  /// The mean; nil of nothing.
  var value: Double? { count == 0 ? nil : sum / Double(count) }
}

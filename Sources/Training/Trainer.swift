public import Datasets
public import Networks
import Schedules

/// Trains a network as a recipe says.
///
///     let recipe = Recipe(network: "resnet8", data: "fashion-mnist", epochs: 5, batch: 128, plan: plan)
///     let trainer = try Trainer(recipe, datasets: recipe.loadDatasets(), backend: backend)
///     let result = try trainer.run()
///
/// A step writes its batch and its hyper-parameters into the program's slots and runs forward,
/// backward and update. The hyper-parameters are those of the plan at the step's number: a pure
/// function of it, and so are the order of the samples and what happens to them: nothing here
/// remembers anything but how far the training has come, and from a checkpoint it goes on as if it had
/// never stopped.
///
/// Where the plan changes the batch or the image size, the network is written out anew and compiled for
/// the epochs that are alike, and its values are carried over: one graph a size over the same parameters.
public final class Trainer {
  /// What is carried out.
  public let recipe: Recipe
  /// What each epoch's images come in.
  public let timetable: Timetable
  /// The images at every size of the timetable, in the order of their first epochs.
  private let datasets: [Dataset]
  private let imageSizes: [Int?]
  private let network: Network?
  private let backend: any Backend
  /// What `program` is compiled for.
  private var stage: Stage
  private var program: TrainingProgram
  private let values: HyperparameterValues
  private let average: WeightAverage?
  /// How far the current run has come.
  private(set) var progress = TrainingProgress()
  /// How the current run ends, as soon as a callback has said so.
  private(set) var outcome: Outcome?
  /// Those of the recipe, then those of the current run.
  private(set) var callbacks: [any Callback] = []
  /// The processes that the training is shared with; nil where it is this one's alone.
  let collective: (any Collective)?
  private var sharedSteps: SharedSteps?
  /// What the callbacks of all processes want.
  private var wishes = Wishes()
  /// Of all images; found when the first checkpoint needs it.
  private lazy var fingerprint = datasets.map(\.fingerprint).joined(separator: " ")

  /// Prepares a training whose images have one size.
  ///
  /// - Parameters:
  ///   - recipe: What to carry out.
  ///   - dataset: The images.
  ///   - network: In place of the one that the recipe names.
  ///   - backend: What it runs on.
  ///   - collective: The processes that carry it out together; nil for this one alone.
  /// - Throws: As ``init(_:datasets:network:backend:collective:)``.
  public convenience init(
    _ recipe: Recipe, dataset: Dataset, network: Network? = nil, backend: any Backend,
    collective: (any Collective)? = nil
  ) throws {
    try self.init(
      recipe, datasets: [dataset], network: network, backend: backend, collective: collective)
  }

  /// Prepares a training.
  ///
  /// - Parameters:
  ///   - recipe: What to carry out.
  ///   - datasets: The images at each of the recipe's `imageSizes`.
  ///   - network: In place of the one that the recipe names.
  ///   - backend: What it runs on.
  ///   - collective: The processes that carry it out together, each with a trainer of the same recipe
  ///     and images; nil for this one alone.
  /// - Throws: `TrainingError` for a recipe that cannot be carried out, `ScheduleError` for a plan
  ///   that does not fit the run, or the backend's own error.
  public init(
    _ recipe: Recipe, datasets: [Dataset], network: Network? = nil, backend: any Backend,
    collective: (any Collective)? = nil
  ) throws {
    if let collective { try recipe.checkParts(processes: collective.count) }
    self.collective = collective
    imageSizes = try recipe.imageSizes()
    guard let first = datasets.first, datasets.count == imageSizes.count else {
      throw TrainingError.recipe(
        field: "imageSize", expected: "\(datasets.count) image sizes, as many as data sets",
        found: imageSizes.map { $0.map { "\($0)" } ?? "the data set's own" }.joined(separator: ", ")
      )
    }
    timetable = try Timetable(recipe, imageCount: first.training.count)
    stage = timetable.stages[0]
    program = try TrainingProgram(
      recipe.fixed(at: stage), dataset: first.training, network: network, backend: backend)
    for dataset in datasets { try program.checkNetwork(takes: dataset.training) }
    values = try HyperparameterValues(
      timetable.following(recipe.plan), of: recipe, over: timetable.horizon, graph: program.graph)
    average = recipe.averaging.map { [values, timetable] averaging in
      WeightAverage(averaging, plan: values.plan, timetable: timetable)
    }
    self.recipe = recipe
    self.datasets = datasets
    self.network = network
    self.backend = backend
  }

  /// The network written out for the batch and image size of the current epoch.
  public var graph: Graph { program.graph }

  /// The images at the size of the current epoch.
  private var dataset: Dataset {
    datasets[imageSizes.firstIndex(of: stage.imageSize) ?? 0]
  }

  /// Carries the recipe out, from the initial parameters or a checkpoint to the last epoch.
  ///
  /// From a checkpoint it goes on bit for bit as the training would have that wrote it, whatever the
  /// number of threads and processes then and now.
  ///
  /// Of several processes it is process 0 that goes on from a checkpoint and tells the others; they pass
  /// none. When a callback of any process ends an epoch or the run, it ends in all of them after the
  /// same step. What scales the learning rates is process 0's.
  ///
  /// - Parameters:
  ///   - callbacks: Who is told what happens and may end the run, after the recipe's own callbacks.
  ///   - point: Where to go on; nil to begin.
  /// - Returns: How the run ended, and its epochs.
  /// - Throws: What a callback threw, or why the checkpoint is none of this training, or why the other
  ///   processes cannot go on, which is told to all of them.
  public func run(
    _ callbacks: [any Callback] = [DivergenceStop()], from point: ResumePoint? = nil
  ) throws(TrainingError) -> RunResult {
    do throws(TrainingError) {
      return try carryOut(callbacks, from: point)
    } catch {
      collective?.abandon(error.description)
      throw error
    }
  }

  private func carryOut(
    _ callbacks: [any Callback], from point: ResumePoint?
  ) throws(TrainingError) -> RunResult {
    let clock = Stopwatch()
    self.callbacks = recipe.callbacks.compactMap { $0.makeCallback() } + callbacks
    try begin(from: point)
    let earlierSeconds = progress.seconds
    var loader = try enterEpoch()
    var epochs = point?.epochs ?? []

    _ = try tell(.runBegan(start))
    while progress.epoch < recipe.epochs, outcome == nil {
      let epoch = progress.epoch
      if timetable.stages[epoch] != stage { loader = try enterEpoch() }
      let epochClock = Stopwatch()
      let earlierEpochSeconds = progress.epochSeconds
      var directive = try tell(.epochBegan(epoch))
      while progress.step < timetable.firstStep(ofEpoch: epoch + 1), directive == .proceed {
        let record = try makeStep(loader: loader)
        progress.seconds = earlierSeconds + clock.seconds
        progress.epochSeconds = earlierEpochSeconds + epochClock.seconds
        directive = try tell(.stepEnded(record))
      }
      if outcome != nil { break }
      // A device may be at work on steps whose losses nobody has read; their time is the epoch's.
      program.wait()
      progress.epochSeconds = earlierEpochSeconds + epochClock.seconds
      loader.skip(toEpoch: epoch + 1)
      let record = try endEpoch { earlierSeconds + clock.seconds }
      epochs.append(record)
      _ = try tell(.epochEnded(record))
    }

    let outcome = outcome ?? .completed
    progress.isStopped = outcome == .stopped
    let result = RunResult(
      outcome: outcome, epochs: epochs, stepCount: progress.updateCount,
      wallSeconds: earlierSeconds + clock.seconds)
    _ = try tell(.runEnded(result))
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
        Checkpoint.formatKey: Checkpoint.format, "network": recipe.network,
        "seed": "\(recipe.seed)", "recipe": try recipe.json(), "data": fingerprint,
        Checkpoint.arithmeticKey: program.arithmetic,
      ].merging(
        progress.metadata(isFinished: progress.epoch == recipe.epochs || progress.isStopped)
      ) { own, _ in own }.merging(try callbacks.memories()) { own, _ in own })
  }

  private var start: RunStart {
    RunStart(
      recipe: recipe, parameterCount: graph.parameterCount, timetable: timetable,
      firstStep: progress.step, testCount: dataset.test.count)
  }

  /// Puts the program and the progress where the run begins, in all processes where it does in the first.
  private func begin(from point: ResumePoint?) throws(TrainingError) {
    guard let collective else { return try start(from: point) }
    if collective.rank == 0 {
      try start(from: point)
      let state = try checkpoint().serialized()
      _ = try together { () throws(CollectiveError) in try collective.broadcast(state) }
    } else {
      precondition(point == nil, "process 0 says where the others go on")
      let path = "process 0"
      let state = try together { () throws(CollectiveError) in try collective.broadcast([]) }
      try start(from: ResumePoint(checkpoint: Checkpoint(bytes: state, path: path), path: path))
    }
  }

  private func start(from point: ResumePoint?) throws(TrainingError) {
    guard let point else {
      program.initialize(seed: recipe.seed, dataset: dataset.training)
      if average != nil { program.beginAverages() }
      (progress, outcome) = (TrainingProgress(), nil)
      return
    }
    let (checkpoint, path) = (point.checkpoint, point.path)
    try checkpoint.check(recipe: recipe, fingerprint: fingerprint, path: path)
    if !point.acceptsOtherArithmetic { try checkpoint.check(program.arithmetic, path: path) }
    let reached = try TrainingProgress(checkpoint.metadata, timetable: timetable, path: path)
    try callbacks.recall(checkpoint.metadata, path: path)
    try program.restore(checkpoint, path: path)
    (progress, outcome) = (reached, reached.isStopped ? .stopped : nil)
  }

  /// Compiles the network for the batch and image size of the next step's epoch, if it is not, and
  /// begins to prepare the batches of the epochs that are alike.
  private func enterEpoch() throws(TrainingError) -> Loader {
    let epoch = min(progress.epoch, recipe.epochs - 1)
    let next = timetable.stages[epoch]
    if next != stage {
      let values = Checkpoint(program.program, graph, metadata: [:])
      stage = next
      do {
        program = try TrainingProgram(
          recipe.fixed(at: next), dataset: dataset.training, network: network, backend: backend)
      } catch {
        throw .stage(epoch: epoch, batch: next.batch, reason: "\(error)")
      }
      try program.restore(values, path: "epoch \(epoch)")
    }
    var batches = try recipe.fixed(at: next).batches(of: dataset.training)
    batches.follow(
      values.plan[.augmentationStrength],
      epochs: timetable.stages.indices.map(timetable.steps(ofEpoch:)),
      accumulation: recipe.accumulation)
    if let collective, sharedSteps?.program !== program {
      sharedSteps = SharedSteps(program, collective)
    }
    let step = progress.step - timetable.firstStep(ofEpoch: progress.epoch)
    return Loader(
      dataset.training, plan: batches,
      epochs: progress.epoch..<max(progress.epoch, timetable.end(ofStageAt: epoch)),
      firstStep: step * recipe.accumulation, share: sharedSteps?.share ?? .all,
      makesImages: !program.hold(
        dataset.training, as: .training,
        padsByReflection: batches.augmentation.padsByReflection))
  }

  /// Makes the next step.
  private func makeStep(loader: Loader) throws(TrainingError) -> StepRecord {
    let step = progress.step
    let scale = wishes.learningRateScale
    var inputs = values.stepInputs(
      at: step, update: progress.updateCount, validCount: graph.configuration.batch,
      learningRateScale: scale)
    let weight = average?.weight(after: step, count: progress.averagingCount)
    inputs.averagingWeight = weight ?? 0
    let isLossNeeded = wishes.lossIntervals.contains { step.isMultiple(of: $0) }
    let loss =
      if let sharedSteps {
        try together { () throws(CollectiveError) in
          try sharedSteps.step(loader, inputs, readsLoss: isLossNeeded)
        }
      } else {
        program.step(loader, inputs, readsLoss: isLossNeeded)
      }
    if weight != nil {
      program.average()
      progress.averagingCount += 1
    }
    let record = StepRecord(
      step: step, epoch: progress.epoch, learningRate: values.learningRate(at: step) * scale,
      momentum: values.momentum(at: step),
      loss: loss)
    progress.step += 1
    progress.updateCount += 1
    progress.epochUpdateCount += 1
    progress.losses.add(record.loss)
    return record
  }

  /// Judges the network after an epoch's steps and moves on to the next epoch.
  private func endEpoch(wallSeconds: () -> Double) throws(TrainingError) -> EpochRecord {
    let images = Double(progress.epochUpdateCount * stage.batch)
    let evaluation = try evaluate()
    progress.seconds = wallSeconds()
    let record = EpochRecord(
      epoch: progress.epoch, trainLoss: progress.losses.value, testLoss: evaluation.loss,
      testAccuracy: evaluation.accuracy, wallSeconds: progress.seconds,
      imagesPerSecond: images == 0 ? 0 : images / progress.epochSeconds)
    progress.epoch += 1
    progress.epochUpdateCount = 0
    progress.losses = Mean()
    progress.epochSeconds = 0
    return record
  }

  private func evaluate() throws(TrainingError) -> Evaluation {
    let isAverage = recipe.averaging?.isThere(count: progress.averagingCount) ?? false
    let (test, views) = (dataset.test, recipe.testTimeAugmentation)
    guard let sharedSteps else {
      return isAverage
        ? program.evaluateAverage(on: test, augmentation: views)
        : program.evaluate(test, augmentation: views)
    }
    return try together { () throws(CollectiveError) in
      try sharedSteps.evaluate(test, augmentation: views, judgesAverage: isAverage)
    }
  }

  /// Tells everyone; the strongest answer counts, and those who come later find it in `outcome` and
  /// `progress`.
  private func tell(_ event: Event) throws(TrainingError) -> Directive {
    let earlier = outcome
    var directive = Directive.proceed
    for callback in callbacks {
      directive = directive.combined(with: try callback.handle(event, of: self))
      take(directive, to: event, after: earlier)
    }
    // After the last event nobody has to agree on anything.
    if case .runEnded = event { return directive }
    let answer = Answer(directive, callbacks)
    let answers = try agree(answer)
    wishes = Wishes(answers)
    directive = answers.map(\.directive).reduce(.proceed) { $0.combined(with: $1) }
    take(directive, to: event, after: earlier)
    return directive
  }

  private func take(_ directive: Directive, to event: Event, after earlier: Outcome?) {
    outcome = earlier ?? directive.outcome
    switch event {
    case .epochBegan, .stepEnded:
      guard directive == .endEpoch else { return }
      progress.step = timetable.firstStep(ofEpoch: progress.epoch + 1)
    case .runBegan, .epochEnded, .runEnded: return
    }
  }
}

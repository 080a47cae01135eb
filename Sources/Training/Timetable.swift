import Schedules

/// What the images of an epoch come in.
public struct Stage: Hashable, Sendable {
  /// Images in a step.
  public let batch: Int
  /// Pixels on a side; nil for the data set's own size.
  public let imageSize: Int?
}

/// The epochs of a run: what each one's images come in, and with which step it begins.
///
/// A plan may change the batch size and the image size. Both are read once an epoch, so their lengths
/// are epochs or shares of the run's epochs: `imageSize=96@3ep,160` gives the first three epochs images
/// of 96 pixels (progressive resizing: Howard 2018, fast.ai's DAWNBench entry), and `batchSize=128@50%,256`
/// makes batches larger in place of a lower learning rate (Smith and others 2018, arXiv 1711.00489). What
/// a schedule has between two epochs is passed over.
public struct Timetable: Hashable, Sendable {
  /// What each epoch's images come in.
  public let stages: [Stage]
  /// The number of each epoch's first step, then the number of all steps.
  private let firstSteps: [Int]
  /// The images before each epoch, then those of the run.
  private let firstImages: [Int]

  /// Lays the epochs of a recipe out.
  ///
  /// - Parameters:
  ///   - recipe: Epochs, batch and the plan.
  ///   - imageCount: Training images.
  /// - Throws: `TrainingError` where not even one batch can be made or split into the recipe's parts,
  ///   `ScheduleError` for a schedule that cannot be resolved.
  public init(_ recipe: Recipe, imageCount: Int) throws {
    stages = try recipe.stages()
    var (firstSteps, firstImages) = ([0], [0])
    for (epoch, stage) in stages.enumerated() {
      guard stage.batch <= imageCount else {
        throw TrainingError.batchTooLarge(batch: stage.batch, count: imageCount)
      }
      try recipe.checkAccumulation(batch: stage.batch)
      let steps = imageCount / stage.batch
      firstSteps.append(firstSteps[epoch] + steps)
      firstImages.append(firstImages[epoch] + steps * stage.batch)
    }
    (self.firstSteps, self.firstImages) = (firstSteps, firstImages)
  }

  /// Passes over the training images.
  public var epochCount: Int { stages.count }

  /// Updates of the whole run.
  public var stepCount: Int { firstSteps[epochCount] }

  /// The steps of an epoch, by their numbers in the run.
  public func steps(ofEpoch epoch: Int) -> Range<Int> { firstSteps[epoch]..<firstSteps[epoch + 1] }

  /// The number of the step with which an epoch begins, that of the one after the last included.
  public func firstStep(ofEpoch epoch: Int) -> Int { firstSteps[epoch] }

  /// Whether a step is the last of its epoch.
  func isLast(_ step: Int) -> Bool { firstSteps[epoch(of: step) + 1] == step + 1 }

  /// The images that a number of steps go through, ≤ those of the run.
  public func imageCount(by step: Int) -> Int {
    let epoch = epoch(of: step)
    return firstImages[epoch] + (step - firstSteps[epoch]) * stages[epoch].batch
  }

  /// The epoch that a step belongs to; the last one for the end of the run.
  ///
  /// It is asked at every step, and a run may have a million epochs.
  private func epoch(of step: Int) -> Int {
    var (low, high) = (0, epochCount - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if firstSteps[middle] <= step { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// One past the last of the epochs from one on that are like it.
  func end(ofStageAt epoch: Int) -> Int {
    stages[epoch...].firstIndex { $0 != stages[epoch] } ?? epochCount
  }

  /// The run that schedules are resolved over.
  var horizon: Horizon {
    let lengths = stages.indices.map { steps(ofEpoch: $0).count }
    guard let stage = stages.first, stages.allSatisfy({ $0.batch == stage.batch }) else {
      return Horizon(epochLengths: EpochLengths(lengths))
    }
    return Horizon(
      steps: stepCount, stepsPerEpoch: Double(lengths[0]), samplesPerStep: Double(stage.batch))
  }

  /// A plan with the batch and image sizes of the epochs in the place of their schedules, so that what is
  /// proportional to them, or measured in samples, follows what is done.
  func following(_ plan: Plan) -> Plan {
    var plan = plan
    for (key, value) in [
      (Hyperparameter.batchSize, { $0.batch }), (.imageSize, { $0.imageSize ?? 0 }),
    ] as [(Hyperparameter<Int>, (Stage) -> Int)] where plan[key] != nil {
      var holds: [Schedule] = []
      var epoch = 0
      while epoch < epochCount {
        let end = end(ofStageAt: epoch)
        let length = Span.steps(Double(firstSteps[end] - firstSteps[epoch]))
        holds.append(Schedule { Hold(Double(value(stages[epoch])), for: length) })
        epoch = end
      }
      plan = plan.replacing(key, with: .sequence(holds))
    }
    return plan
  }
}

extension Recipe {
  /// What each epoch's images come in: the plan's schedules of batch and image size, and the recipe's own
  /// numbers where it has none.
  ///
  /// - Throws: `TrainingError.recipe` for sizes out of their range or lengths that are no epochs,
  ///   `ScheduleError` for a schedule that cannot be resolved.
  public func stages() throws -> [Stage] {
    try validate()
    let batches = try valuesByEpoch(.batchSize)
    let imageSizes = try valuesByEpoch(.imageSize)
    if imageSizes != nil, let imageSize {
      throw TrainingError.recipe(
        field: "imageSize", expected: "a number or a schedule in the plan",
        found: "\(imageSize) and "
          + "\(plan[.imageSize].map(\.description) ?? "")")
    }
    return try (0..<epochs).map { epoch in
      let stage = Stage(
        batch: batches?[epoch] ?? batch, imageSize: imageSizes?[epoch] ?? imageSize)
      try check("batch", stage.batch, Self.batches)
      if let size = stage.imageSize { try check("imageSize", size, Self.imageSizes) }
      return stage
    }
  }

  /// The image sizes of the epochs, each once, in the order of their first epochs; nil for the data set's
  /// own.
  public func imageSizes() throws -> [Int?] {
    try stages().reduce(into: []) { sizes, stage in
      if !sizes.contains(stage.imageSize) { sizes.append(stage.imageSize) }
    }
  }

  private func valuesByEpoch(_ key: Hyperparameter<Int>) throws -> ResolvedIntegers? {
    guard let schedule = plan[key] else { return nil }
    guard !schedule.isMeasuredInSteps else {
      throw TrainingError.recipe(
        field: key.name, expected: "lengths in epochs or per cent, since it changes between epochs",
        found: schedule.description)
    }
    return try plan.keeping([key.name]).resolved(over: Horizon(epochs: epochs, stepsPerEpoch: 1))[
      key]
  }
}

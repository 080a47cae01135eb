public import Datasets
public import Networks
import Schedules
import Tensors

/// A network made ready to be trained and judged: the steps that every kind of training is made of.
///
/// It belongs to one thread at a time, like the backend's program inside it.
public final class TrainingProgram {
  /// The network written out for the batch and image size.
  public let graph: Graph
  let program: any CompiledProgram
  /// What the last bits of its results depend on.
  let arithmetic: String
  /// The splits whose images the program was offered to hold.
  var offers: [HeldSplit: HeldOffer] = [:]
  private var losses: HostBuffer
  private var hits: HostBuffer

  /// Compiles a network.
  ///
  /// - Parameters:
  ///   - network: The network; its channels are those of the images.
  ///   - configuration: Batch, image size, optimiser.
  ///   - backend: What it runs on.
  /// - Throws: The backend's error.
  public init(
    _ network: Network, configuration: Graph.Configuration, backend: any Backend
  ) throws {
    graph = Graph(network: network, configuration: configuration)
    program = try backend.compile(graph)
    arithmetic = backend.arithmetic
    losses = HostBuffer(count: configuration.batch)
    hits = HostBuffer(count: configuration.batch)
  }

  /// Compiles the network of a recipe for the images of a data set.
  ///
  /// - Parameters:
  ///   - recipe: Network, batch, optimiser.
  ///   - dataset: The images.
  ///   - network: In place of the one that the recipe names.
  ///   - backend: What it runs on.
  /// - Throws: `TrainingError` for a recipe that cannot be carried out, or the backend's error.
  convenience init(
    _ recipe: Recipe, dataset: ImageDataset, network: Network?, backend: any Backend
  ) throws {
    try recipe.validate()
    let found =
      network
      ?? NetworkCatalog[recipe.network]?.network(
        imageChannels: dataset.channels, classes: dataset.classCount)
    guard let found else {
      throw TrainingError.unknownNetwork(
        name: recipe.network, known: NetworkCatalog.entries.map(\.name))
    }
    try Self.check(found, takes: dataset)
    try self.init(
      recipe.applied(to: found),
      configuration: Graph.Configuration(
        batch: recipe.partCount, height: dataset.height, width: dataset.width,
        optimizer: recipe.optimizer, selectors: recipe.plan.groups, clipNorm: recipe.clipNorm,
        accumulation: recipe.accumulation, averaging: recipe.averaging,
        precision: recipe.precision),
      backend: backend)
  }

  /// Checks that the network's filters and windows fit into the images of a split.
  func checkNetwork(takes dataset: ImageDataset) throws(TrainingError) {
    try Self.check(graph.network, takes: dataset)
  }

  private static func check(
    _ network: Network, takes dataset: ImageDataset
  ) throws(TrainingError) {
    guard network.takesImages(height: dataset.height, width: dataset.width) else {
      throw .imageTooSmall(network: network.name, height: dataset.height, width: dataset.width)
    }
  }

  /// Starts a training: every parameter at its initial value.
  ///
  /// - Parameters:
  ///   - seed: The run's seed.
  ///   - dataset: The training images, for parameters that depend on them.
  public func initialize(seed: UInt64, dataset: ImageDataset) {
    program.initialize(graph, seed: seed)
    for state in graph.states {
      guard case .whitening(let inputs, let size) = state.initialization else { continue }
      let filters = Self.whiteningFilters(of: dataset, channels: inputs, size: size)
      program.write(filters.span, to: state.values)
    }
  }

  /// The images that whitening filters are made from: Jordan's number.
  private static let whitenedImages = 5_000

  private static func whiteningFilters(
    of dataset: ImageDataset, channels: Int, size: Int
  ) -> [Float] {
    var covariance = PatchCovariance(channels: channels, size: size)
    var remaining = min(dataset.count, whitenedImages)
    let loader = Loader(
      dataset, plan: .evaluation(count: dataset.count, batchSize: min(256, remaining)),
      epochs: 0..<1)
    while remaining > 0 {
      loader.withNextBatch { batch in
        batch.withImages { images in
          for index in 0..<min(batch.validCount, remaining) {
            covariance.add(images, index: index, height: dataset.height, width: dataset.width)
          }
        }
        remaining -= min(batch.validCount, remaining)
      }
    }
    return covariance.whiteningFilters
  }

  /// Makes one update of a single batch.
  ///
  /// - Parameters:
  ///   - batch: The images and labels.
  ///   - inputs: Everything that changes from step to step.
  /// - Precondition: A step has one part.
  public func step(_ batch: LoadedBatch, _ inputs: StepInputs) {
    precondition(graph.configuration.accumulation == 1, "a step has several parts")
    differentiate(batch, inputs)
    program.run(.update)
  }

  /// Makes one update of as many batches as a step has parts.
  ///
  /// - Parameters:
  ///   - loader: Gives the batches.
  ///   - inputs: Everything that changes from step to step.
  ///   - readsLoss: Whether the loss is wanted; it waits for the device.
  /// - Returns: The mean loss before the update, if it is wanted.
  func step(_ loader: Loader, _ inputs: StepInputs, readsLoss: Bool) -> Double? {
    let parts = graph.configuration.accumulation
    var loss = 0.0
    for _ in 0..<parts {
      loader.withNextBatch { differentiate($0, inputs) }
      if readsLoss { loss += meanLoss(validCount: graph.configuration.batch) }
      if parts > 1 { program.run(.accumulate) }
    }
    program.run(.update)
    return readsLoss ? loss / Double(parts) : nil
  }

  /// Makes every average a copy of what it is the average of.
  func beginAverages() {
    let groups = graph.groups.map { _ in StepInputs.Group(learningRate: 0) }
    let inputs = StepInputs(validCount: 1, averagingWeight: 1, groups: groups)
    program.write(inputs.values.span, to: graph.stepInputs)
    program.run(.average)
  }

  /// Brings the averages up to date; the weight of today's values is a step input.
  func average() { program.run(.average) }

  /// Judges a split by the averages of the weights.
  func evaluateAverage(
    on dataset: ImageDataset, augmentation: TestTimeAugmentation
  ) -> Evaluation {
    exchangeAverages()
    defer { exchangeAverages() }
    return evaluate(dataset, augmentation: augmentation)
  }

  /// Puts the averages in the place of the weights, and the weights in theirs.
  func exchangeAverages() { program.run(.exchange) }

  /// Computes the gradients of a batch's mean loss and makes no update; weight decay is no part of
  /// them.
  func differentiate(_ batch: LoadedBatch, _ inputs: StepInputs) {
    write(batch, inputs, from: .training)
    program.run(.forward)
    program.run(.backward)
  }

  /// Runs the network with batch norm's running statistics; changes no parameter.
  ///
  /// - Parameter batch: The images and labels.
  /// - Returns: Sums over the batch's valid samples.
  func evaluate(_ batch: LoadedBatch) -> (loss: Double, hits: Double) {
    runEvaluation(batch)
    return (
      loss: sum(graph.losses, into: &losses, batch.validCount),
      hits: sum(graph.hits, into: &hits, batch.validCount)
    )
  }

  /// Runs the network as ``evaluate(_:)`` does and waits for nothing.
  func runEvaluation(_ batch: LoadedBatch) {
    let groups = graph.groups.map { _ in StepInputs.Group(learningRate: 0) }
    write(
      batch, StepInputs(validCount: batch.validCount, groups: groups), from: .evaluation)
    program.run(.evaluate)
  }

  /// The share of the last step's batch that was classified rightly; waits for the device.
  ///
  /// - Parameter validCount: The samples of that batch, ≥ 1.
  /// - Returns: The share before the step's update, 0…1.
  public func hitShare(validCount: Int) -> Double {
    sum(graph.hits, into: &hits, validCount) / Double(validCount)
  }

  /// Waits until everything that was run is done.
  func wait() { _ = sum(graph.losses, into: &losses, 1) }

  /// The mean loss of the last step's batch; waits for the device.
  ///
  /// - Parameter validCount: The samples of that batch, ≥ 1.
  /// - Returns: The mean, before the step's update.
  public func meanLoss(validCount: Int) -> Double {
    sum(graph.losses, into: &losses, validCount) / Double(validCount)
  }

  /// Adds in the order of the samples, so that the sum is the same on every run.
  private func sum(_ slot: Slot, into buffer: inout HostBuffer, _ count: Int) -> Double {
    buffer.withMutableSpan { program.read(slot, into: &$0) }
    return buffer.withSpan { values in
      var sum = 0.0
      for index in 0..<count { sum += Double(values[index]) }
      return sum
    }
  }

  /// Hands a batch over; the samples of one without pixels are those of `split`.
  private func write(_ batch: LoadedBatch, _ inputs: StepInputs, from split: HeldSplit) {
    if batch.hasImages {
      batch.withImages { program.write($0, to: graph.images) }
    } else {
      let shape = graph[graph.images].shape
      program.write(
        batch.description.sources(height: shape[2], width: shape[3]), of: split)
    }
    batch.withLabels { program.write($0, to: graph.labels) }
    batch.withOthers { labels, shares in
      program.write(labels, to: graph.others.labels)
      program.write(shares, to: graph.others.shares)
    }
    program.write(inputs.values.span, to: graph.stepInputs)
  }
}

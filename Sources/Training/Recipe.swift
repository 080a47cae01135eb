public import Datasets
public import Networks
public import Schedules

/// Everything a training is described by; the same recipe gives the same network, bit for bit, on
/// one kind of machine, whatever its number of threads.
public struct Recipe: Hashable, Sendable {
  /// The network's name in the catalogue.
  public var network: String
  /// How the network brings images of any size to features; nil for its own way.
  public var head: Head?
  /// What follows the network's linear layers; nil for what its authors chose.
  public var activation: Nonlinearity?
  /// How the network's parameters start.
  public var initialization: InitializationChoice
  /// The data set's name in the catalogue, or its folder.
  public var data: String
  /// Pixels on a side that the images are resized to, ≥ 1; nil leaves them as they are, which only
  /// images of one size can be, or to the plan's schedule.
  public var imageSize: Int?
  /// Whether damaged images are left out; otherwise they are an error.
  public var skipsBadImages: Bool
  /// Passes over the training split, ≥ 1.
  public var epochs: Int
  /// Images in a step, ≥ 1; the plan may have a schedule that stands before it.
  public var batch: Int
  /// The seed of the initial parameters, the order of the samples and the augmentation.
  public var seed: UInt64
  /// Threads that share the work, ≥ 1; nil for as many as the machine has.
  ///
  /// Results do not depend on it.
  public var threads: Int?
  /// How the training images are ordered.
  public var order: Sampler.Order
  /// How the training images are changed.
  public var augmentation: Augmentation
  /// The views of each test image that the network is judged by.
  public var testTimeAugmentation: TestTimeAugmentation
  /// How gradients change the parameters.
  public var optimizer: Optimizer
  /// The largest norm of all gradients together, > 0; nil for any.
  public var clipNorm: Double?
  /// Parts that a step's images are put through the network in, ≥ 1; each has its own statistics of
  /// batch norm, and the gradient is the mean of theirs.
  public var accumulation: Int
  /// The average of the weights that the network is judged by; nil for the weights themselves.
  public var averaging: Averaging?
  /// What activations and their gradients are kept as; parameters are always float32.
  public var precision: Precision
  /// What changes during the run; it needs a learning rate.
  ///
  /// Without a schedule, momentum and β₂ are the optimiser's own, weight decay and label smoothing
  /// are 0 and the momentum of batch norm's running statistics is 0.1. A schedule with a group is for
  /// the parameters that the group's name selects (`ParameterSelector`): `biases:weightDecay=0`.
  public var plan: Plan
  /// Callbacks on which the result depends: what ends the training early or steers its learning rate.
  public var callbacks: [RecipeCallback]

  /// Makes a recipe; whether it can be carried out is judged by `validate` and by the trainer.
  public init(
    network: String, head: Head? = nil, activation: Nonlinearity? = nil,
    initialization: InitializationChoice = .he, data: String, imageSize: Int? = nil,
    skipsBadImages: Bool = false, epochs: Int, batch: Int, seed: UInt64 = 0, threads: Int? = nil,
    order: Sampler.Order = .shuffled, augmentation: Augmentation = .none,
    testTimeAugmentation: TestTimeAugmentation = .none, optimizer: Optimizer = .sgd,
    clipNorm: Double? = nil, accumulation: Int = 1,
    averaging: Averaging? = nil, precision: Precision = .float32, plan: Plan,
    callbacks: [RecipeCallback] = []
  ) {
    self.network = network
    self.head = head
    self.activation = activation
    self.initialization = initialization
    self.data = data
    self.imageSize = imageSize
    self.skipsBadImages = skipsBadImages
    self.epochs = epochs
    self.batch = batch
    self.seed = seed
    self.threads = threads
    self.order = order
    self.augmentation = augmentation
    self.testTimeAugmentation = testTimeAugmentation
    self.optimizer = optimizer
    self.clipNorm = clipNorm
    self.accumulation = accumulation
    self.averaging = averaging
    self.precision = precision
    self.plan = plan
    self.callbacks = callbacks
  }

  /// The image sizes that can be asked for.
  public static let imageSizes = 1...4_096
  /// The batch sizes that can be asked for.
  static let batches = 1...1_000_000

  /// Checks the numbers that need neither data nor network.
  ///
  /// - Throws: `TrainingError.recipe` for the first one out of its range.
  public func validate() throws(TrainingError) {
    try check("epochs", epochs, 1...1_000_000)
    try check("batch", batch, Self.batches)
    if let threads { try check("threads", threads, 1...1_024) }
    if let imageSize { try check("imageSize", imageSize, Self.imageSizes) }
    try checkAccumulation(batch: batch)
    if let clipNorm, !(clipNorm > 0 && clipNorm.isFinite) {
      throw .recipe(field: "clipNorm", expected: "a finite number above 0", found: "\(clipNorm)")
    }
    for (index, callback) in callbacks.enumerated()
    where callbacks.prefix(index).contains(where: { $0.name == callback.name }) {
      throw .recipe(
        field: "callbacks", expected: "each of them once", found: "\(callback.name) twice")
    }
  }

  /// Checks that a batch can be put through the network in the recipe's parts.
  func checkAccumulation(batch: Int) throws(TrainingError) {
    try check("accumulation", accumulation, 1...batch)
    guard batch.isMultiple(of: accumulation) else {
      throw .recipe(
        field: "accumulation", expected: "a divisor of the batch of \(batch)",
        found: "\(accumulation)")
    }
  }

  /// The recipe for a number of processes: each of them puts as many of a step's parts through the
  /// network as the others.
  ///
  /// A recipe whose steps have one part gets as many as there are processes. What comes out is then
  /// that recipe's result, whatever number of processes carries it out.
  ///
  /// - Parameter processes: How many, ≥ 1.
  /// - Returns: The recipe with the parts of its steps a multiple of the processes.
  /// - Throws: `TrainingError.recipe` for a batch or parts that cannot be shared out equally.
  public func shared(among processes: Int) throws(TrainingError) -> Recipe {
    var recipe = self
    if accumulation == 1 { recipe.accumulation = processes }
    try recipe.checkParts(processes: processes)
    return recipe
  }

  /// Checks that processes can share a step's parts out.
  func checkParts(processes: Int) throws(TrainingError) {
    guard accumulation.isMultiple(of: processes) else {
      throw .recipe(
        field: "accumulation", expected: "a multiple of the \(processes) processes",
        found: "\(accumulation)")
    }
    guard plan[.batchSize] != nil || batch.isMultiple(of: accumulation) else {
      throw .recipe(
        field: "batch", expected: "a multiple of the \(accumulation) parts of a step",
        found: "\(batch)")
    }
  }

  func check(
    _ field: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(TrainingError) {
    guard range.contains(value) else {
      throw .recipe(
        field: field, expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(value)")
    }
  }

  /// Loads the data set at the image size of the last epoch.
  ///
  /// - Parameter location: Where data sets with a name are looked for.
  /// - Returns: The data set, whole in memory.
  /// - Throws: `TrainingError.recipe` for a number out of its range, or `DatasetError`.
  public func loadDataset(location: DatasetLocation = DatasetLocation()) throws -> Dataset {
    let size = try stages().last?.imageSize
    return try Dataset.load(
      data, imageSize: size, skipsBadImages: skipsBadImages, location: location)
  }

  /// Loads the data set at every image size of the training, in the order of `imageSizes`.
  ///
  /// The images are decoded once a size, and normalised alike at all of them: as at the last epoch's.
  ///
  /// - Parameter location: Where data sets with a name are looked for.
  /// - Returns: The data sets, whole in memory.
  /// - Throws: `TrainingError.recipe` for a number out of its range, or `DatasetError`.
  public func loadDatasets(location: DatasetLocation = DatasetLocation()) throws -> [Dataset] {
    let (sizes, last) = (try imageSizes(), try stages().last?.imageSize)
    let source = try DatasetSource(data, location: location)
    let final = try source.load(imageSize: last, skipsBadImages: skipsBadImages)
    return try sizes.map { size in
      size == last
        ? final
        : try source.load(
          imageSize: size, normalization: final.training.normalization,
          skipsBadImages: skipsBadImages)
    }
  }

  /// The recipe without schedules of batch and image size, with an epoch's sizes in their place.
  func fixed(at stage: Stage) -> Recipe {
    var recipe = self
    (recipe.batch, recipe.imageSize) = (stage.batch, stage.imageSize)
    let sizes = [Hyperparameter<Int>.batchSize, .imageSize].map(\.name)
    recipe.plan = plan.keeping(plan.keys.filter { !sizes.contains($0) })
    return recipe
  }

  /// Images that go through the network together.
  var partCount: Int { batch / accumulation }

  /// The batches of a split under this recipe, as many of them in a step as there are parts.
  ///
  /// - Throws: `TrainingError.batchTooLarge` where not even one batch can be made.
  func batches(of dataset: ImageDataset) throws(TrainingError) -> BatchPlan {
    guard batch <= dataset.count else {
      throw .batchTooLarge(batch: batch, count: dataset.count)
    }
    return BatchPlan(
      sampler: Sampler(
        count: dataset.count, batchSize: partCount, order: order, remainder: .dropped, seed: seed),
      augmentation: augmentation)
  }
}

// MARK: - JSON

extension Recipe: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case network, head, activation, initialization, data, imageSize, skipsBadImages, epochs, batch,
      seed, threads, order, augmentation, testTimeAugmentation, optimizer, clipNorm, accumulation,
      averaging, precision,
      plan, callbacks
  }

  private struct AnyName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct UnknownMember: Error, CustomStringConvertible {
    let name: String
    let known: [String]

    var description: String {
      "a member '\(name)' beside \(known.joined(separator: ", "))"
    }
  }

  /// Reads a recipe; whatever the initialiser has a default for may be left out.
  ///
  /// A member that is no part of a recipe is an error: a misspelt name would otherwise train with
  /// the default.
  public init(from decoder: any Decoder) throws {
    for name in try decoder.container(keyedBy: AnyName.self).allKeys
    where CodingKeys(stringValue: name.stringValue) == nil {
      throw UnknownMember(
        name: name.stringValue, known: CodingKeys.allCases.map(\.stringValue))
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      network: try container.decode(String.self, forKey: .network),
      head: try container.decodeIfPresent(Head.self, forKey: .head),
      activation: try container.decodeIfPresent(Nonlinearity.self, forKey: .activation),
      initialization: try container.decodeIfPresent(
        InitializationChoice.self, forKey: .initialization) ?? .he,
      data: try container.decode(String.self, forKey: .data),
      imageSize: try container.decodeIfPresent(Int.self, forKey: .imageSize),
      skipsBadImages: try container.decodeIfPresent(Bool.self, forKey: .skipsBadImages) ?? false,
      epochs: try container.decode(Int.self, forKey: .epochs),
      batch: try container.decode(Int.self, forKey: .batch),
      seed: try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? 0,
      threads: try container.decodeIfPresent(Int.self, forKey: .threads),
      order: try container.decodeIfPresent(Sampler.Order.self, forKey: .order) ?? .shuffled,
      augmentation: try container.decodeIfPresent(Augmentation.self, forKey: .augmentation)
        ?? .none,
      testTimeAugmentation: try container.decodeIfPresent(
        TestTimeAugmentation.self, forKey: .testTimeAugmentation) ?? .none,
      optimizer: try container.decodeIfPresent(Optimizer.self, forKey: .optimizer) ?? .sgd,
      clipNorm: try container.decodeIfPresent(Double.self, forKey: .clipNorm),
      accumulation: try container.decodeIfPresent(Int.self, forKey: .accumulation) ?? 1,
      averaging: try container.decodeIfPresent(Averaging.self, forKey: .averaging),
      precision: try container.decodeIfPresent(Precision.self, forKey: .precision) ?? .float32,
      plan: try container.decode(Plan.self, forKey: .plan),
      callbacks: try container.decodeIfPresent([RecipeCallback].self, forKey: .callbacks) ?? [])
  }
}

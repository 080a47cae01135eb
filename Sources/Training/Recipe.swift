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
  /// images of one size can be.
  public var imageSize: Int?
  /// Whether damaged images are left out; otherwise they are an error.
  public var skipsBadImages: Bool
  /// Passes over the training split, ≥ 1.
  public var epochs: Int
  /// Images in a step, ≥ 1.
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
  /// Whether the optimiser's momentum is Nesterov's.
  public var usesNesterov: Bool
  /// What activations and their gradients are kept as; parameters are always float32.
  public var precision: Precision
  /// What changes during the run; it needs a learning rate.
  ///
  /// Without a schedule, momentum, weight decay and label smoothing are 0 and the momentum of batch
  /// norm's running statistics is 0.1.
  public var plan: Plan
  /// Callbacks on which the result depends: what ends the training early or steers its learning rate.
  public var callbacks: [RecipeCallback]

  /// Makes a recipe; whether it can be carried out is judged by `validate` and by the trainer.
  public init(
    network: String, head: Head? = nil, activation: Nonlinearity? = nil,
    initialization: InitializationChoice = .he, data: String, imageSize: Int? = nil,
    skipsBadImages: Bool = false, epochs: Int, batch: Int, seed: UInt64 = 0, threads: Int? = nil,
    order: Sampler.Order = .shuffled, augmentation: Augmentation = .none,
    usesNesterov: Bool = false, precision: Precision = .float32, plan: Plan,
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
    self.usesNesterov = usesNesterov
    self.precision = precision
    self.plan = plan
    self.callbacks = callbacks
  }

  /// The image sizes that can be asked for.
  public static let imageSizes = 1...4_096

  /// Checks the numbers that need neither data nor network.
  ///
  /// - Throws: `TrainingError.recipe` for the first one out of its range.
  public func validate() throws(TrainingError) {
    try check("epochs", epochs, 1...1_000_000)
    try check("batch", batch, 1...1_000_000)
    if let threads { try check("threads", threads, 1...1_024) }
    if let imageSize { try check("imageSize", imageSize, Self.imageSizes) }
    for (index, callback) in callbacks.enumerated()
    where callbacks.prefix(index).contains(where: { $0.name == callback.name }) {
      throw .recipe(
        field: "callbacks", expected: "each of them once", found: "\(callback.name) twice")
    }
  }

  private func check(
    _ field: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(TrainingError) {
    guard range.contains(value) else {
      throw .recipe(
        field: field, expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(value)")
    }
  }

  /// Loads the data set at the recipe's image size.
  ///
  /// - Parameter location: Where data sets with a name are looked for.
  /// - Returns: The data set, whole in memory.
  /// - Throws: `TrainingError.recipe` for a number out of its range, or `DatasetError`.
  public func loadDataset(location: DatasetLocation = DatasetLocation()) throws -> Dataset {
    try validate()
    return try Dataset.load(
      data, imageSize: imageSize, skipsBadImages: skipsBadImages, location: location)
  }

  /// The batches of a split under this recipe.
  ///
  /// - Throws: `TrainingError.batchTooLarge` where not even one batch can be made.
  func batches(of dataset: ImageDataset) throws(TrainingError) -> BatchPlan {
    guard batch <= dataset.count else {
      throw .batchTooLarge(batch: batch, count: dataset.count)
    }
    return BatchPlan(
      sampler: Sampler(
        count: dataset.count, batchSize: batch, order: order, remainder: .dropped, seed: seed),
      augmentation: augmentation)
  }
}

// MARK: - JSON

extension Recipe: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case network, head, activation, initialization, data, imageSize, skipsBadImages, epochs, batch,
      seed, threads, order, augmentation, usesNesterov, precision, plan, callbacks
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
      usesNesterov: try container.decodeIfPresent(Bool.self, forKey: .usesNesterov) ?? false,
      precision: try container.decodeIfPresent(Precision.self, forKey: .precision) ?? .float32,
      plan: try container.decode(Plan.self, forKey: .plan),
      callbacks: try container.decodeIfPresent([RecipeCallback].self, forKey: .callbacks) ?? [])
  }
}

import Datasets
import Networks
import Schedules
import Training

/// The options that describe a training, shared by the commands that train.
enum RecipeOptions {
  static let network = Option.value(
    "network", "NETWORK", .choice(NetworkCatalog.entries.map(\.name)), default: "resnet8",
    "a network's name")
  static let head = Option.optional(
    "head", "HEAD", .choice(Head.allCases) { $0.rawValue },
    "average, max or concat (both) instead of its own")
  static let activation = Option.optional(
    "activation", "NAME", .choice(Nonlinearity.allCases) { $0.rawValue },
    "relu, gelu or celu instead of the network's own")
  static let initialization = Option.value(
    "init", "LIST", .initialization, default: "he",
    "some of zero-gamma,dirac,whitening")
  static let data = Option.value(
    "data", "DATA", .text, default: "fashion-mnist", "a data set or a folder"
  ).completed(by: .words(DatasetCatalog.entries.map(\.name)))
  static let imageSize = Option.optional(
    "image-size", "N", .count(Recipe.imageSizes), "resize the images to N×N")
  static let skipBadImages = Option.flag("skip-bad-images", "leave damaged images out")
  static let batch = Option.value(
    "batch", "B", .count(1...1_000_000), default: "128", "images in a step")
  static let seed = Option.value(
    "seed", "S", .seed, default: "0", "seed of parameters, order, augmentation")
  static let order = Option.value(
    "order", "ORDER", .choice(Sampler.Order.allCases) { $0.rawValue }, default: "shuffled",
    "shuffled or sequential")
  static let augment = Option.value(
    "augment", "LIST", .augmentation, default: "none",
    "none, or some like crop,flip,mixup0.2")
  static let testTimeAugmentation = Option.value(
    "tta", "VIEWS", .choice(TestTimeAugmentation.allCases) { $0.rawValue }, default: "none",
    "judge by views: flip or flip,translate")
  static let optimizer = Option.value(
    "optimizer", "NAME", .optimizer, default: "sgd", "or sgd(nesterov), adamw, …")
  static let clip = Option.optional(
    "clip", "NORM", .positive, "shorten longer gradients to NORM")
  static let accumulate = Option.value(
    "accumulate", "N", .count(1...1_000_000), default: "1", "parts of a step")
  static let averaging = Option.optional(
    "average", "HOW", .averaging, "judge by the weights' ema, lookahead or swa")
  static let precision = Option.value(
    "precision", "TYPE", .choice(Precision.allCases) { $0.rawValue },
    default: Precision.float32.rawValue, "float32, bfloat16 or float16")

  static let declarations = [
    network.declaration, head.declaration, activation.declaration, initialization.declaration,
    data.declaration, imageSize.declaration, skipBadImages.declaration, batch.declaration,
    seed.declaration, order.declaration, augment.declaration, testTimeAugmentation.declaration,
    optimizer.declaration,
    clip.declaration, accumulate.declaration, averaging.declaration,
    precision.declaration,
    StandardOptions.threads.declaration,
  ]

  /// What a recipe is carried out on; no part of it.
  static let backends = [
    BackendChoice.device.declaration, BackendChoice.convolution.declaration,
    BackendChoice.numerics.declaration,
  ]

  /// What the options alone describe, their defaults included.
  static func recipe(_ arguments: Arguments, epochs: Int, plan: Plan) throws(CommandError) -> Recipe
  {
    Recipe(
      network: try arguments(network), head: try arguments(head),
      activation: try arguments(activation), initialization: try arguments(initialization),
      data: try arguments(data), imageSize: try arguments(imageSize),
      skipsBadImages: try arguments(skipBadImages), epochs: epochs, batch: try arguments(batch),
      seed: try arguments(seed),
      threads: try arguments(StandardOptions.threads), order: try arguments(order),
      augmentation: try arguments(augment),
      testTimeAugmentation: try arguments(testTimeAugmentation),
      optimizer: try arguments(optimizer),
      clipNorm: try arguments(clip), accumulation: try arguments(accumulate),
      averaging: try arguments(averaging), precision: try arguments(precision), plan: plan)
  }

  /// A recipe from a file with what was typed in the place of what stands there.
  static func override(_ recipe: Recipe, with arguments: Arguments) throws(CommandError) -> Recipe {
    var recipe = recipe
    if arguments.has(network) { recipe.network = try arguments(network) }
    if let head = try arguments(head) { recipe.head = head }
    if let activation = try arguments(activation) { recipe.activation = activation }
    if arguments.has(initialization) { recipe.initialization = try arguments(initialization) }
    if arguments.has(data) { recipe.data = try arguments(data) }
    if let imageSize = try arguments(imageSize) { recipe.imageSize = imageSize }
    if arguments.has(skipBadImages) { recipe.skipsBadImages = true }
    if arguments.has(batch) { recipe.batch = try arguments(batch) }
    if arguments.has(seed) { recipe.seed = try arguments(seed) }
    if arguments.has(order) { recipe.order = try arguments(order) }
    if arguments.has(augment) { recipe.augmentation = try arguments(augment) }
    if arguments.has(testTimeAugmentation) {
      recipe.testTimeAugmentation = try arguments(testTimeAugmentation)
    }
    if arguments.has(optimizer) { recipe.optimizer = try arguments(optimizer) }
    if let norm = try arguments(clip) { recipe.clipNorm = norm }
    if arguments.has(accumulate) { recipe.accumulation = try arguments(accumulate) }
    if let averaging = try arguments(averaging) { recipe.averaging = averaging }
    if arguments.has(precision) { recipe.precision = try arguments(precision) }
    if let threads = try arguments(StandardOptions.threads) { recipe.threads = threads }
    return recipe
  }

  /// The images of a recipe at their last size; those that were left out are reported.
  static func dataset(_ recipe: Recipe, _ console: Console) throws -> Dataset {
    let dataset = try recipe.loadDataset()
    reportSkippedImages(dataset, console)
    return dataset
  }

  /// The images of a recipe at all sizes of its training; those that were left out are reported.
  static func datasets(_ recipe: Recipe, _ console: Console) throws -> [Dataset] {
    let datasets = try recipe.loadDatasets()
    // The same images are left out at every size.
    if let dataset = datasets.first { reportSkippedImages(dataset, console) }
    return datasets
  }

  /// Says which images were left out.
  static func reportSkippedImages(_ dataset: Dataset, _ console: Console) {
    let skipped = dataset.skippedImages
    guard !skipped.isEmpty else { return }
    let total = skipped.count + dataset.training.count + dataset.test.count
    console.report("left out \(skipped.count) of \(total) images:")
    for error in skipped.prefix(10) { console.report("  \(error)") }
    if skipped.count > 10 { console.report("  and \(skipped.count - 10) more") }
  }

  /// What a recipe runs on.
  static func backend(
    _ arguments: Arguments, _ recipe: Recipe, _ console: Console
  ) throws -> BackendChoice {
    try BackendChoice.read(arguments, threads: recipe.threads, console)
  }
}

extension ValueKind where Value == InitializationChoice {
  /// A list of ways to start parameters.
  static var initialization: ValueKind {
    ValueKind(
      expected: "he or a list of " + InitializationChoice.names.joined(separator: ", "),
      completion: .words(["he"] + InitializationChoice.names)
    ) { InitializationChoice($0) }
  }
}

extension ValueKind where Value == Optimizer {
  /// An optimiser with its settings.
  static var optimizer: ValueKind {
    ValueKind(
      expected: Optimizer.usages.joined(separator: " or "), completion: .words(Optimizer.names)
    ) { try? Optimizer(parsing: $0) }
  }
}

extension ValueKind where Value == Averaging {
  /// An average of weights with its settings.
  static var averaging: ValueKind {
    ValueKind(
      expected: Averaging.usages.joined(separator: " or "),
      completion: .words(Averaging.Kind.allCases.map(\.rawValue))
    ) { try? Averaging(parsing: $0) }
  }
}

extension ValueKind where Value == Augmentation {
  /// A list of augmentations.
  static var augmentation: ValueKind {
    ValueKind(
      expected: Augmentation.expected,
      completion: .words([
        "none", "crop", "flip", "crop,flip", "translate,altflip", "cutout", "mixup", "cutmix",
      ])
    ) { try? Augmentation(parsing: $0) }
  }
}

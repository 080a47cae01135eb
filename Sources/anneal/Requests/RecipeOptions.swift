import Datasets
import Networks
import Schedules
import Training

/// The options that describe a training, shared by the commands that train.
enum RecipeOptions {
  static let network = Option.value(
    "network", "NETWORK", .choice(NetworkCatalog.entries.map(\.name)), default: "resnet8",
    "a network's name")
  static let data = Option.value(
    "data", "DATA", .text, default: "fashion-mnist", "a data set or a folder"
  ).completed(by: .words(DatasetCatalog.entries.map(\.name)))
  static let batch = Option.value(
    "batch", "B", .count(1...1_000_000), default: "128", "images in a step")
  static let seed = Option.value(
    "seed", "S", .seed, default: "0", "seed of parameters, order, augmentation")
  static let order = Option.value(
    "order", "ORDER", .choice(Sampler.Order.allCases) { $0.rawValue }, default: "shuffled",
    "shuffled or sequential")
  static let augment = Option.value(
    "augment", "LIST", .augmentation, default: "none", "none, or some of crop,flip")
  static let nesterov = Option.flag("nesterov", "use Nesterov's momentum")

  static let declarations = [
    network.declaration, data.declaration, batch.declaration, seed.declaration,
    order.declaration, augment.declaration, nesterov.declaration,
    StandardOptions.threads.declaration, BackendChoice.device.declaration,
    BackendChoice.convolution.declaration,
  ]

  /// What the options alone describe, their defaults included.
  static func recipe(_ arguments: Arguments, epochs: Int, plan: Plan) throws(CommandError) -> Recipe
  {
    Recipe(
      network: try arguments(network), data: try arguments(data), epochs: epochs,
      batch: try arguments(batch), seed: try arguments(seed),
      threads: try arguments(StandardOptions.threads), order: try arguments(order),
      augmentation: try arguments(augment), usesNesterov: try arguments(nesterov), plan: plan)
  }

  /// A recipe from a file with what was typed in the place of what stands there.
  static func override(_ recipe: Recipe, with arguments: Arguments) throws(CommandError) -> Recipe {
    var recipe = recipe
    if arguments.has(network) { recipe.network = try arguments(network) }
    if arguments.has(data) { recipe.data = try arguments(data) }
    if arguments.has(batch) { recipe.batch = try arguments(batch) }
    if arguments.has(seed) { recipe.seed = try arguments(seed) }
    if arguments.has(order) { recipe.order = try arguments(order) }
    if arguments.has(augment) { recipe.augmentation = try arguments(augment) }
    if arguments.has(nesterov) { recipe.usesNesterov = true }
    if let threads = try arguments(StandardOptions.threads) { recipe.threads = threads }
    return recipe
  }

  /// What a recipe runs on.
  static func backend(
    _ arguments: Arguments, _ recipe: Recipe, _ console: Console
  ) throws -> BackendChoice {
    try BackendChoice(
      device: try arguments(BackendChoice.device), threads: recipe.threads,
      convolution: try arguments(BackendChoice.convolution), environment: console.environment)
  }
}

extension ValueKind where Value == Augmentation {
  /// A list of augmentations.
  static var augmentation: ValueKind {
    ValueKind(
      expected: "none or a list of crop, crop1 to crop16 and flip",
      completion: .words(["none", "crop", "flip", "crop,flip"])
    ) { try? Augmentation(parsing: $0) }
  }
}

import Datasets
import Networks
import Plotting
import Training

/// `anneal evaluate`: judges the network of a checkpoint.
enum Evaluate {
  private static let data = Option.optional(
    "data", "DATA", .text, "a data set or a folder, if not the recipe's"
  ).completed(by: .words(DatasetCatalog.entries.map(\.name)))
  private static let split = Option.value(
    "split", "SPLIT", .choice(ImageDataset.Split.allCases) { $0.rawValue }, default: "test",
    "training or test")
  private static let logits = Option.optional(
    "logits", "FILE", .file, "write what the network says of each image (safetensors)")
  private static let augmentation = Option.optional(
    "tta", "VIEWS", .choice(TestTimeAugmentation.allCases) { $0.rawValue },
    "none, flip or flip,translate instead of its recipe's")

  static let command = Command(
    name: "evaluate",
    summary: "Judge a checkpoint's network on a data set",
    positionals: [
      Positional(
        name: "CHECKPOINT", summary: "a run's folder or a file of one", completion: .file)
    ],
    options: [
      data.declaration, split.declaration, logits.declaration, augmentation.declaration,
      StandardOptions.threads.declaration,
    ] + RecipeOptions.backends + [StandardOptions.json.declaration],
    examples: ["anneal evaluate runs/first --logits logits.safetensors"],
    action: .run(run))

  private struct Summary: Encodable {
    var network: String
    var data: String
    var split: String
    var testTimeAugmentation: TestTimeAugmentation
    var step: Int?
    var loss: Double
    var accuracy: Double
    var count: Int
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let path = checkpointPath(arguments.positionals[0])
    let checkpoint = try Checkpoint(path: path)
    var recipe = try checkpoint.recipe(path: path)
    recipe.data = try arguments(data) ?? recipe.data
    recipe.threads = try arguments(StandardOptions.threads)
    let choice = try RecipeOptions.backend(arguments, recipe, console)
    let dataset = try RecipeOptions.dataset(recipe, console)
    let split = try arguments(split)
    let images = split == .training ? dataset.training : dataset.test
    let program = try TrainingProgram(
      checkpoint, path: path, dataset: images, backend: choice.backend)
    let augmentation = try arguments(augmentation) ?? recipe.testTimeAugmentation
    let (evaluation, values) = program.evaluateWithLogits(images, augmentation: augmentation)
    if let file = try arguments(logits) {
      let logits = Checkpoint(
        tensors: [values],
        metadata: [
          "network": recipe.network, "data": recipe.data, "split": split.rawValue,
          "testTimeAugmentation": augmentation.rawValue,
        ])
      try logits.write(to: file)
    }
    let step = checkpoint.metadata["step"].flatMap { Int($0) }
    if try arguments(StandardOptions.json) {
      try console.printJSON(
        Summary(
          network: recipe.network, data: recipe.data, split: split.rawValue,
          testTimeAugmentation: augmentation, step: step,
          loss: evaluation.loss, accuracy: evaluation.accuracy, count: evaluation.count))
    } else {
      try console.print(
        "\(recipe.network) after \(step ?? 0) steps on \(NumberText.grouped(evaluation.count)) "
          + "\(split.rawValue) images of \(recipe.data): "
          + "loss \(NumberText.fixed(evaluation.loss, decimals: 4)), "
          + "accuracy \(NumberText.percent(evaluation.accuracy, decimals: 2))")
    }
    return .done
  }

  /// A run's checkpoint by its folder, any other by its file.
  private static func checkpointPath(_ path: String) -> String {
    guard let folder = try? RunFolder(opening: path) else { return path }
    return folder.checkpointPath
  }
}

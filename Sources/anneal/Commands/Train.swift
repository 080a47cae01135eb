import Datasets
import Networks
import Plotting
import Schedules
import Training

/// `anneal train`: trains a network as a recipe or the options say.
enum Train {
  private static let epochs = Option.optional(
    "epochs", "E", .count(1...1_000_000), "passes over the training images")
  private static let folder = Option.optional(
    "run", "DIR", .directory, "keep recipe, metrics and checkpoint in DIR")

  static let command = Command(
    name: "train",
    summary: "Train a network by a recipe, by options and schedules, or by both",
    positionals: [
      Positional(
        name: "WORD", summary: "RECIPE.json; lr=…, momentum=…, weightDecay=…, labelSmoothing=…",
        isRequired: false, isRepeatable: true, completion: .file)
    ],
    options: [epochs.declaration] + RecipeOptions.declarations
      + [folder.declaration, StandardOptions.json.declaration],
    examples: [
      "anneal train --epochs 5 'lr=onecycle(peak=0.4,warmup=30%)' momentum=0.9",
      "anneal train recipe.json --seed 1 --run runs/second",
    ],
    action: .run(run))

  private struct Summary: Encodable {
    var outcome: String
    var testAccuracy: Double?
    var parameters: Int
    var steps: Int
    var wallSeconds: Double
    /// The median epoch's, evaluation left out.
    var imagesPerSecond: Double?
    var epochs: [Epoch]
    /// The run's folder, if it was kept.
    var run: String?
  }

  private struct Epoch: Encodable {
    var epoch: Int
    var trainLoss: Double?
    var testLoss: Double
    var testAccuracy: Double
    var imagesPerSecond: Double
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let words = arguments.positionals.filter { $0.contains("=") }
    let files = arguments.positionals.filter { !$0.contains("=") }
    guard files.count <= 1 else {
      throw CommandError.unexpectedArgument(files[1], usage: "anneal train RECIPE.json [OPTIONS]")
    }
    do {
      return try train(try recipe(arguments, file: files.first, words: words), arguments, console)
    } catch {
      // What is wrong with a request that stands in a file is wrong with the file.
      let failure = CommandError(reporting: error)
      guard let file = files.first, words.isEmpty, case .failure(.usage, let message) = failure
      else { throw failure }
      throw CommandError.failure(.badData, "\(file): \(message)")
    }
  }

  private static func recipe(
    _ arguments: Arguments, file: String?, words: [String]
  ) throws -> Recipe {
    guard let file else {
      guard let epochs = try arguments(epochs) else {
        throw CommandError.missingOption("--epochs", metavariable: "E", command: "anneal train")
      }
      return try RecipeOptions.recipe(arguments, epochs: epochs, plan: Plan(words: words))
    }
    var recipe = try RecipeOptions.override(Recipe(path: file), with: arguments)
    if let epochs = try arguments(epochs) { recipe.epochs = epochs }
    if !words.isEmpty {
      let typed = try Plan(words: words)
      let names = typed.entries.map(\.qualifiedName)
      let kept = zip(recipe.plan.entries, recipe.plan.words)
        .filter { !names.contains($0.0.qualifiedName) }.map(\.1)
      recipe.plan = try Plan(words: kept + words)
    }
    return recipe
  }

  private static func train(
    _ recipe: Recipe, _ arguments: Arguments, _ console: Console
  ) throws -> ExitCode {
    let folder = try arguments(folder)
    // Without a folder there is nothing to be saved, and an interrupt simply ends the program.
    let watch = folder == nil ? [] : [InterruptWatch()]
    let choice = try RecipeOptions.backend(arguments, recipe, console)
    let trainer = try Trainer(
      recipe, dataset: Dataset.load(recipe.data), backend: choice.backend)
    let isJSON = try arguments(StandardOptions.json)
    let display = TrainingDisplay(console, printsEpochs: !isJSON)
    var callbacks: [any Callback] = [DivergenceStop(), display] + watch
    if let folder {
      callbacks += try RunFolder(creating: folder, recipe: recipe).writers()
    }
    if !isJSON {
      try console.print(
        "\(recipe.network) on \(recipe.data): \(NumberText.grouped(trainer.graph.parameterCount)) "
          + "parameters; \(choice.description)")
    }
    let result = try trainer.run(callbacks)
    if isJSON { try console.printJSON(summary(of: result, trainer, folder)) }
    switch result.outcome {
    case .completed, .stopped:
      if let folder, !isJSON { console.report("the run is in \(folder)") }
      return .done
    case .diverged(let divergence):
      throw CommandError.failure(
        .failed, divergence.description + (folder.map { "; its metrics are in \($0)" } ?? ""))
    case .interrupted:
      throw CommandError.failure(
        .interrupted,
        "interrupted after \(result.stepCount) steps"
          + (folder.map { "; metrics and checkpoint are in \($0)" } ?? ""))
    }
  }

  private static func summary(
    of result: RunResult, _ trainer: Trainer, _ folder: String?
  ) -> Summary {
    let outcome =
      switch result.outcome {
      case .completed: "completed"
      case .stopped: "stopped"
      case .diverged: "diverged"
      case .interrupted: "interrupted"
      }
    let rates = result.epochs.map(\.imagesPerSecond).sorted()
    return Summary(
      outcome: outcome, testAccuracy: result.testAccuracy,
      parameters: trainer.graph.parameterCount, steps: result.stepCount,
      wallSeconds: result.wallSeconds,
      imagesPerSecond: rates.isEmpty ? nil : rates[rates.count / 2],
      epochs: result.epochs.map {
        Epoch(
          epoch: $0.epoch, trainLoss: $0.trainLoss, testLoss: $0.testLoss,
          testAccuracy: $0.testAccuracy, imagesPerSecond: $0.imagesPerSecond)
      }, run: folder)
  }
}

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
  private static let resumed = Option.optional(
    "resume", "DIR", .directory, "go on with the run in DIR where it was ended")
  private static let checkpointInterval = Option.optional(
    "checkpoint-every", "N", .count(1...1_000_000_000),
    "save every N steps, not only after epochs")
  private static let keepsCheckpoints = Option.flag(
    "keep-checkpoints", "keep every checkpoint, the first too, by its step")

  private static let lossInterval = Option.value(
    "loss-every", "N", .count(1...1_000_000), default: "1",
    "read the loss, and wait, every N steps")
  private static let otherKernels = Option.flag(
    "other-kernels", "resume although the last bits will differ")
  private static let tensorBoard = Option.optional(
    "tensorboard", "DIR", .directory, "write TensorBoard's event files to DIR")
  private static let csv = Option.optional(
    "csv", "FILE", .file, "write a row of CSV after each epoch")

  static let command = Command(
    name: "train",
    summary: "Train a network by a recipe, by options and schedules, or by both",
    positionals: [
      Positional(
        name: "WORD", summary: "RECIPE.json; lr=…, momentum=…, weightDecay=…, imageSize=…",
        isRequired: false, isRepeatable: true, completion: .file)
    ],
    options: [epochs.declaration] + RecipeOptions.declarations + RecipeOptions.backends
      + [
        ProcessTeam.option.declaration, folder.declaration, resumed.declaration,
        otherKernels.declaration,
        checkpointInterval.declaration,
        keepsCheckpoints.declaration, lossInterval.declaration, tensorBoard.declaration,
        csv.declaration,
      ] + CallbackOptions.declarations + [StandardOptions.json.declaration],
    borrowed: (RecipeOptions.declarations, from: "anneal recipe"),
    examples: [
      "anneal train --epochs 5 'lr=onecycle(peak=0.4,warmup=30%)' momentum=0.9"
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
    let place = try ProcessPlace(environment: console.environment)
    guard let rank = place?.rank, rank > 0 else { return try carryOut(arguments, console) }
    // Process 0 speaks for all of them, and is told what there is to say.
    do {
      return try carryOut(arguments, console.silenced)
    } catch {
      let failure = CommandError(reporting: error)
      if ProcessTeam.reports(error, rank: rank) { throw failure }
      return failure.exitCode
    }
  }

  private static func carryOut(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let words = arguments.positionals.filter { $0.contains("=") }
    let files = arguments.positionals.filter { !$0.contains("=") }
    guard files.count <= 1 else {
      throw CommandError.unexpectedArgument(files[1], usage: "anneal train RECIPE.json [OPTIONS]")
    }
    let isResumed = try arguments(resumed) != nil
    guard try !arguments(otherKernels) || isResumed else {
      throw CommandError.failure(.usage, "--other-kernels needs --resume DIR beside it")
    }
    if let resumed = try arguments(resumed) {
      return try resume(resumed, file: files.first, words: words, arguments, console)
    }
    do {
      let count = try ProcessTeam.count(arguments, console)
      let recipe = try recipe(arguments, file: files.first, words: words).shared(among: count)
      return try train(recipe, in: try arguments(folder).map { .new($0) }, arguments, console)
    } catch {
      // What is wrong with a request that stands in a file is wrong with the file.
      let failure = CommandError(reporting: error)
      guard let file = files.first, words.isEmpty, case .failure(.usage, let message) = failure
      else { throw failure }
      throw CommandError.failure(.badData, "\(file): \(message)")
    }
  }

  /// Goes on with a run; what was typed may repeat its recipe and change none of it.
  private static func resume(
    _ path: String, file: String?, words: [String], _ arguments: Arguments, _ console: Console
  ) throws -> ExitCode {
    guard try arguments(folder) == nil, file == nil else {
      throw CommandError.failure(
        .usage, "--resume goes on with the recipe of \(path), beside no --run and no RECIPE.json")
    }
    let folder = try RunFolder(opening: path)
    let original = try folder.recipe()
    let count = try ProcessTeam.count(arguments, console)
    let recipe = try changed(original, by: arguments, words).shared(among: count)
    try recipe.check(isContinuationOf: original, path: folder.recipePath)
    return try train(recipe, in: .old(folder), arguments, console)
  }

  private static func recipe(
    _ arguments: Arguments, file: String?, words: [String]
  ) throws -> Recipe {
    guard let file else {
      guard let epochs = try arguments(epochs) else {
        throw CommandError.missingOption("--epochs", metavariable: "E", command: "anneal train")
      }
      return try CallbackOptions.override(
        RecipeOptions.recipe(arguments, epochs: epochs, plan: Plan(words: words)), with: arguments)
    }
    return try changed(Recipe(path: file), by: arguments, words)
  }

  /// A recipe with what was typed in the place of what it says.
  private static func changed(
    _ recipe: Recipe, by arguments: Arguments, _ words: [String]
  ) throws -> Recipe {
    var recipe = try CallbackOptions.override(
      RecipeOptions.override(recipe, with: arguments), with: arguments)
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

  /// Where a run is kept.
  private enum Place {
    case new(String)
    case old(RunFolder)

    var path: String {
      switch self {
      case .new(let path): path
      case .old(let folder): folder.path
      }
    }

    var isOld: Bool {
      if case .old = self { true } else { false }
    }
  }

  private static func train(
    _ recipe: Recipe, in place: Place?, _ arguments: Arguments, _ console: Console
  ) throws -> ExitCode {
    // Without a folder there is nothing to be saved, and an interrupt simply ends the program.
    let watch = place == nil ? [] : [InterruptWatch()]
    let interval = try arguments(checkpointInterval)
    let keeps = try arguments(keepsCheckpoints)
    guard place != nil || (interval == nil && !keeps) else {
      let option = interval == nil ? keepsCheckpoints.declaration : checkpointInterval.declaration
      throw CommandError.failure(.usage, "\(option.spelling) needs --run DIR beside it")
    }
    var portable = recipe
    portable.threads = nil
    let team = try ProcessTeam.meeting(
      count: ProcessTeam.count(arguments, console),
      identity: "anneal \(CommandLineTool.version)\n\(portable.json())", console)
    do {
      let code = try train(recipe, team, watch, in: place, arguments, console)
      for line in team?.finish(expecting: code) ?? [] { console.report(line) }
      return code
    } catch {
      // Others may still be waiting for what this process will not do.
      team?.collective.abandon(CommandError(reporting: error).description.onOneLine)
      _ = team?.finish(expecting: .done)
      throw team?.explained(error) ?? error
    }
  }

  private static func train(
    _ recipe: Recipe, _ team: ProcessTeam?, _ watch: [any Callback], in place: Place?,
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitCode {
    var own = recipe
    if let team { own.threads = team.threads(of: recipe.threads) }
    let (choice, collective) = try backend(arguments, own, team, console)
    let trainer = try Trainer(
      recipe, datasets: RecipeOptions.datasets(recipe, console), backend: choice.backend,
      collective: collective)
    let lossInterval = try arguments(lossInterval)
    let divergenceStop = DivergenceStop(lossInterval: lossInterval)
    if let team, team.place.rank > 0 {
      return code(for: try trainer.run([divergenceStop] + watch).outcome)
    }
    let isJSON = try arguments(StandardOptions.json)
    let display = TrainingDisplay(
      console, printsEpochs: !isJSON, lossInterval: lossInterval)
    let (writers, point) = try writers(
      for: recipe, in: place, every: try arguments(checkpointInterval),
      keepsAll: try arguments(keepsCheckpoints),
      acceptsOtherKernels: try arguments(otherKernels), lossInterval: lossInterval)
    if !isJSON {
      try console.print(
        "\(recipe.network) on \(recipe.data): \(NumberText.grouped(trainer.graph.parameterCount)) "
          + "parameters; \(choice.description)"
          + (team.map { " in each of \($0.place.count) processes" } ?? ""))
    }
    let logs = try logs(arguments, from: point, resumes: place?.isOld ?? false)
    let callbacks: [any Callback] = [divergenceStop, display] + watch + logs + writers
    let result = try run(trainer, team, callbacks, from: point, in: place)
    if isJSON { try console.printJSON(summary(of: result, trainer, place?.path)) }
    let code = code(for: result.outcome)
    switch result.outcome {
    case .completed, .stopped:
      if let place, !isJSON { console.report("the run is in \(place.path)") }
      return code
    case .diverged(let divergence):
      throw CommandError.failure(
        code,
        divergence.description + (place.map { "; its metrics are in \($0.path)" } ?? ""))
    case .interrupted:
      throw CommandError.failure(
        code,
        "interrupted after \(result.stepCount) steps" + (place.map(resumption) ?? ""))
    }
  }

  /// What the training runs on, and how its processes add gradients up.
  private static func backend(
    _ arguments: Arguments, _ recipe: Recipe, _ team: ProcessTeam?, _ console: Console
  ) throws -> (BackendChoice, (any Collective)?) {
    let choice = try RecipeOptions.backend(arguments, recipe, console)
    guard let team else { return (choice, nil) }
    let joined = try choice.joined(
      team.collective, patience: team.collective.limits.answer, environment: console.environment)
    if let route = joined.route { console.report("gradients go \(route)") }
    return (joined.choice, joined.collective)
  }

  private static func code(for outcome: Outcome) -> ExitCode {
    switch outcome {
    case .completed, .stopped: .done
    case .diverged: .failed
    case .interrupted: .interrupted
    }
  }

  private static func run(
    _ trainer: Trainer, _ team: ProcessTeam?, _ callbacks: [any Callback],
    from point: ResumePoint?, in place: Place?
  ) throws -> RunResult {
    do {
      return try trainer.run(callbacks, from: point)
    } catch {
      if case .arithmeticChanged = error {
        throw CommandError.failure(
          .usage,
          error.description
            + "; ANNEAL_KERNELS and --convolution choose it, --other-kernels goes on "
            + "all the same")
      }
      guard let place else { throw error }
      switch error.kind {
      case .unwritable:
        throw CommandError.failure(.cannotWrite, error.description + resumption(place))
      case .unavailable:
        let error = CommandError(reporting: team?.explained(error) ?? error)
        throw CommandError.failure(error.exitCode, error.description + resumption(place))
      case .usage, .missing, .malformed: throw error
      }
    }
  }

  /// How to go on.
  private static func resumption(_ place: Place) -> String {
    let isPlain = place.path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+".contains($0) }
    let word =
      isPlain
      ? place.path
      : "'"
        + place.path.split(
          separator: "'", omittingEmptySubsequences: false
        ).joined(separator: #"'\''"#) + "'"
    return "; go on with: anneal train --resume \(word)"
  }

  /// What keeps a run, and where it goes on.
  private static func writers(
    for recipe: Recipe, in place: Place?, every interval: Int?, keepsAll: Bool,
    acceptsOtherKernels: Bool, lossInterval: Int
  ) throws -> ([any Callback], ResumePoint?) {
    switch place {
    case nil: return ([], nil)
    case .new(let path):
      let folder = try RunFolder(creating: path, recipe: recipe)
      let writers = try folder.writers(
        checkpointEvery: interval, savesEpochs: true, keepsCheckpoints: keepsAll,
        lossInterval: lossInterval)
      return (writers, nil)
    case .old(let folder):
      var point = try folder.resumePoint()
      point?.acceptsOtherArithmetic = acceptsOtherKernels
      let writers = try folder.writers(
        checkpointEvery: interval, savesEpochs: true, keepsCheckpoints: keepsAll, from: point,
        restarts: true, lossInterval: lossInterval)
      return (writers, point)
    }
  }

  /// What writes the run down for other programs.
  private static func logs(
    _ arguments: Arguments, from point: ResumePoint?, resumes: Bool
  ) throws -> [any Callback] {
    var logs: [any Callback] = []
    if let folder = try arguments(tensorBoard) {
      logs.append(try TensorBoardWriter(folder, lossInterval: try arguments(lossInterval)))
    }
    if let file = try arguments(csv) {
      logs.append(try CSVWriter(file, keepingEpochs: resumes ? point?.epochs.count ?? 0 : nil))
    }
    return logs
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

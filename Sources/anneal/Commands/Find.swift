import Datasets
import Plotting
import Schedules
import Studies
import Training

/// `anneal find`: a learning-rate range test and what each rule reads from it.
enum Find {
  private static let recorded = Option.repeated(
    "curve", "FILE.csv", .file, "rates and losses instead of training")
  private static let from = Option.value(
    "from", "RATE", .positive, default: "1e-5", "first learning rate")
  private static let to = Option.value(
    "to", "RATE", .positive, default: "10", "last learning rate")
  private static let count = Option.value(
    "count", "N", .count(2...1_000_000), default: "100", "steps of the test")

  static let command = Command(
    name: "find",
    summary: "Raise the learning rate until the loss diverges; suggest rates",
    positionals: [
      Positional(
        name: "SCHEDULE", summary: "what stays as it is: momentum=0.9 weightDecay=1e-4",
        isRequired: false, isRepeatable: true)
    ],
    options: [recorded.declaration, from.declaration, to.declaration, count.declaration]
      + RecipeOptions.declarations
      + [StandardOptions.svg.declaration, StandardOptions.json.declaration],
    examples: ["anneal find --network resnet8 momentum=0.9 --svg find.svg"],
    action: .run(run))

  private struct Result: Encodable {
    /// What was measured; nothing for a curve that came from a file.
    var curve: RangeTestCurve?
    var suggestions: Suggestions
    /// The largest suggested rate over the smallest.
    var spread: Double?
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let curve: RangeTestCurve
    let subtitle: String
    let paths = try arguments(recorded)
    if let path = paths.first {
      try refuseTraining(arguments)
      guard paths.count == 1 else { return try compare(paths, arguments, console) }
      curve = try CurveFile(path: path).curve
      subtitle = path
    } else {
      (curve, subtitle) = try measure(arguments, console)
    }
    let suggestions = curve.suggestions
    if try arguments(StandardOptions.json) {
      let isMeasured = paths.isEmpty
      try console.printJSON(
        Result(
          curve: isMeasured ? curve : nil, suggestions: suggestions,
          spread: isMeasured ? suggestions.spread : nil))
    } else {
      try printCurve(curve, console)
      try printSuggestions(suggestions, console)
    }
    // Last, so that a picture that cannot be written does not take the result with it.
    try StandardOptions.writeSVG(
      RangeTestFigure(curve, subtitle: subtitle).figure, arguments, console)
    return .done
  }

  /// What the curves of several seeds say together.
  private static func compare(
    _ paths: [String], _ arguments: Arguments, _ console: Console
  ) throws -> ExitCode {
    guard try arguments(StandardOptions.svg) == nil else {
      throw CommandError.failure(.usage, "--svg shows one curve, found \(paths.count)")
    }
    let agreement = try RangeTestAgreement(try paths.map { try CurveFile(path: $0).curve })
    if try arguments(StandardOptions.json) {
      try console.printJSON(agreement)
    } else {
      for sentence in agreement.sentences { try console.print(sentence) }
    }
    return .done
  }

  /// A curve that was recorded elsewhere leaves nothing to train.
  private static func refuseTraining(_ arguments: Arguments) throws(CommandError) {
    let options =
      [from.declaration, to.declaration, count.declaration] + RecipeOptions.declarations
    if let option = options.first(where: { arguments.words[$0.name] != nil }) {
      throw .failure(.usage, "--curve and \(option.spelling) exclude each other")
    }
    if let word = arguments.positionals.first {
      throw .failure(.usage, "--curve and '\(word)' exclude each other")
    }
  }

  private static func measure(
    _ arguments: Arguments, _ console: Console
  ) throws -> (RangeTestCurve, String) {
    let recipe = try RecipeOptions.recipe(
      arguments, epochs: 1, plan: Plan(words: arguments.positionals))
    guard recipe.plan[.learningRate] == nil else {
      throw CommandError.failure(
        .usage, "the test sets the learning rate itself; --from and --to say its range")
    }
    let test = try RangeTest(
      from: try arguments(from), to: try arguments(to), count: try arguments(count))
    let choice = try RecipeOptions.backend(arguments, recipe, console)
    let dataset = try Dataset.load(recipe.data)
    var bar = ProgressBar(
      "range test", total: test.count * recipe.batch, unit: "images", console: console)
    let curve = try LearningRateFinder(recipe, test: test).run(
      on: dataset, backend: choice.backend
    ) { record in
      let loss = record.loss.map { "  loss \(NumberText.fixed($0, decimals: 4))" } ?? ""
      bar.advance(
        to: (record.step + 1) * recipe.batch,
        note: "rate \(NumberText.significant(record.learningRate, digits: 3))\(loss)")
      return true
    }
    bar.finish()
    return (curve, "\(recipe.network) on \(recipe.data), batch \(recipe.batch)")
  }

  private static func printCurve(_ curve: RangeTestCurve, _ console: Console) throws(CommandError) {
    if curve.count > 0 {
      let smoothed = RangeTestSmoothing.fastai.smoothed(curve.losses)
      // The divergence at the end would flatten everything before it.
      let highest = max(smoothed[0], curve.losses.min() ?? 0) * 1.5
      let range = min(highest, smoothed.min() ?? 0)...min(highest, smoothed.max() ?? highest)
      let panel = CurvePanel(title: "smoothed loss", values: smoothed, range: range)
      for line in panel.lines(columns: console.columns(of: console.output)) {
        try console.print(line)
      }
    }
    let rates = [curve.learningRates.first, curve.learningRates.last].compactMap { $0 }
      .map { NumberText.significant($0, digits: 3) }.joined(separator: " to ")
    let end = curve.count < curve.plannedCount ? "; the test stopped there" : ""
    try console.print("\(curve.count) steps, learning rate \(rates)\(end)")
    try console.print()
  }

  private static func printSuggestions(
    _ suggestions: Suggestions, _ console: Console
  ) throws(CommandError) {
    var table = TextTable(.text("rule"), .number("learning rate"), .text("reason"))
    let rows =
      suggestions.named.map { ($0.name, $0.suggestion) }
      + [("Smith's base", suggestions.smith.base), ("Smith's max", suggestions.smith.max)]
    for (name, suggestion) in rows {
      let rate = suggestion.learningRate.map { NumberText.significant($0, digits: 3) }
      table.append(name, rate ?? "none", suggestion.reason)
    }
    for line in table.lines { try console.print(line) }
    guard let spread = suggestions.spread else { return }
    try console.print()
    try console.print(
      "the largest of the five rates is \(NumberText.significant(spread, digits: 2)) times the smallest"
    )
  }
}

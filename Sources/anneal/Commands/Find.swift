import Datasets
import Plotting
import Schedules
import Studies
import Training

/// `anneal find`: a range test of the learning rate, momentum or weight decay, and what each rule
/// reads from it.
enum Find {
  private static let recorded = Option.repeated(
    "curve", "FILE.csv", .file, "values and losses instead of training")

  static let command = Command(
    name: "find",
    summary: "Sweep a hyper-parameter until training diverges; suggest values",
    positionals: [
      Positional(
        name: "SCHEDULE", summary: "what stays as it is: momentum=0.9 weightDecay=1e-4",
        isRequired: false, isRepeatable: true)
    ],
    options: [recorded.declaration] + RangeTestOptions.reading + RangeTestOptions.training
      + RecipeOptions.declarations + RecipeOptions.backends
      + [StandardOptions.figure.declaration, StandardOptions.json.declaration],
    borrowed: (RecipeOptions.declarations, from: "anneal recipe"),
    examples: [
      "anneal find --network resnet8 momentum=0.9 -o find.html",
      "anneal find --parameter momentum lr=0.1 --seeds 3",
    ],
    action: .run(run))

  private typealias Test = (seed: UInt64, result: HyperparameterFinder.Result)

  /// What one curve gives.
  private struct Single: Encodable {
    /// What was measured; nothing for a curve that came from a file.
    var curve: RangeTestCurve?
    var suggestions: Suggestions
    /// The factor between the five suggested values.
    var spread: Double?
    var gradientNoise: GradientNoiseReport?
  }

  /// What several curves give: the agreement's own members, and what was measured beside them.
  private struct Several: Encodable {
    var agreement: RangeTestAgreement
    var seeds: [UInt64]?
    var curves: [RangeTestCurve]?
    var gradientNoise: GradientNoiseReport?

    private enum CodingKeys: String, CodingKey {
      case seeds, curves, gradientNoise
    }

    func encode(to encoder: any Encoder) throws {
      try agreement.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encodeIfPresent(seeds, forKey: .seeds)
      try container.encodeIfPresent(curves, forKey: .curves)
      try container.encodeIfPresent(gradientNoise, forKey: .gradientNoise)
    }
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let curves: [RangeTestCurve]
    var tests: [Test]?
    var noise: GradientNoiseReport?
    let subtitle: String
    let paths = try arguments(recorded)
    if paths.isEmpty {
      let finders = try RangeTestOptions.finders(arguments)
      let measured = try measure(finders, arguments, console)
      let recipe = finders[0].recipe
      if finders[0].noise != nil {
        noise = try GradientNoiseReport(measured, batch: recipe.batch)
      }
      (tests, curves) = (measured, measured.map(\.result.curve))
      subtitle = "\(recipe.network) on \(recipe.data), batch \(recipe.batch)"
    } else {
      try refuseTraining(arguments)
      curves = try read(paths, arguments)
      subtitle = paths.joined(separator: ", ")
    }
    try show(curves, tests, noise, arguments, console)
    // Last, so that a picture that cannot be written does not take the result with it.
    if let file = try arguments(StandardOptions.figure) {
      let figure = try RangeTestFigure(curves, subtitle: subtitle).figure
      try file.write(figure, id: "range-test", console)
    }
    return .done
  }

  private static func show(
    _ curves: [RangeTestCurve], _ tests: [Test]?, _ noise: GradientNoiseReport?,
    _ arguments: Arguments, _ console: Console
  ) throws {
    let isJSON = try arguments(StandardOptions.json)
    let display = RangeTestDisplay(console: console)
    if curves.count == 1 {
      guard isJSON else {
        try display.show(curves[0])
        if let noise { try display.show(noise) }
        return
      }
      let suggestions = curves[0].suggestions
      try console.printJSON(
        Single(
          curve: tests.map { _ in curves[0] }, suggestions: suggestions,
          spread: tests.flatMap { _ in suggestions.spread }, gradientNoise: noise))
      return
    }
    let agreement = try RangeTestAgreement(curves)
    guard isJSON else {
      try display.show(agreement)
      if let noise { try display.show(noise) }
      return
    }
    try console.printJSON(
      Several(
        agreement: agreement, seeds: tests?.map(\.seed), curves: tests.map { _ in curves },
        gradientNoise: noise))
  }

  /// The curves of files, all of the hyper-parameter that was named or that the first one holds.
  private static func read(
    _ paths: [String], _ arguments: Arguments
  ) throws(CommandError) -> [RangeTestCurve] {
    var hyperparameter =
      arguments.has(RangeTestOptions.parameter) ? try arguments(RangeTestOptions.parameter) : nil
    let measure = try arguments(RangeTestOptions.measure)
    var curves: [RangeTestCurve] = []
    for path in paths {
      let file = try CurveFile(path: path, hyperparameter: hyperparameter, measure: measure)
      hyperparameter = file.curve.hyperparameter
      curves.append(file.curve)
    }
    return curves
  }

  /// A curve that was recorded elsewhere leaves nothing to train.
  private static func refuseTraining(_ arguments: Arguments) throws(CommandError) {
    let options =
      RangeTestOptions.training + RecipeOptions.declarations + RecipeOptions.backends
    if let option = options.first(where: { arguments.words[$0.name] != nil }) {
      throw .failure(.usage, "--curve and \(option.spelling) exclude each other")
    }
    if let word = arguments.positionals.first {
      throw .failure(.usage, "--curve and '\(word)' exclude each other")
    }
  }

  /// Carries the tests out, one after the other.
  private static func measure(
    _ finders: [HyperparameterFinder], _ arguments: Arguments, _ console: Console
  ) throws -> [Test] {
    let recipe = finders[0].recipe
    let choice = try RecipeOptions.backend(arguments, recipe, console)
    let dataset = try RecipeOptions.dataset(recipe, console)
    return try finders.map { finder in
      let seed = finders.count == 1 ? "" : ", seed \(finder.recipe.seed)"
      var bar = ProgressBar(
        "range test\(seed)", total: finder.test.count * recipe.batch, unit: "images",
        console: console)
      let name =
        finder.test.hyperparameter == .learningRate
        ? "rate" : finder.test.hyperparameter.title
      let result = try finder.run(on: dataset, backend: choice.backend) { step in
        let loss = step.record.loss.map { "  loss \(NumberText.fixed($0, decimals: 4))" } ?? ""
        bar.advance(
          to: (step.record.step + 1) * recipe.batch,
          note: "\(name) \(NumberText.significant(step.value, digits: 3))\(loss)")
        return true
      }
      bar.finish()
      return (seed: finder.recipe.seed, result: result)
    }
  }
}

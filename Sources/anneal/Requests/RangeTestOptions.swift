import Schedules
import Training

/// The options that describe a range test.
enum RangeTestOptions {
  /// What a test can change, the one that is meant without a word first.
  static let hyperparameters: [Hyperparameter<Double>] = [.learningRate, .momentum, .weightDecay]

  static let parameter = Option.value(
    "parameter", "NAME", .choice(hyperparameters) { $0.name }, default: "learningRate",
    "or momentum, weightDecay")
  static let from = Option.optional(
    "from", "VALUE", .nonNegative, "first value (default 1e-5; momentum 0.7, decay 1e-6)")
  static let to = Option.optional(
    "to", "VALUE", .nonNegative, "last value (default 10; momentum 0.99, decay 1)")
  static let sweep = Option.optional(
    "sweep", "KIND", .choice(RangeTest.Sweep.allCases) { $0.rawValue },
    "exponential, or linear as for momentum")
  static let count = Option.value(
    "count", "N", .count(2...1_000_000), default: "100", "steps of the test")
  static let measure = Option.value(
    "measure", "NAME", .choice(RangeTestMeasure.allCases) { $0.rawValue },
    default: "trainingLoss", "or validationLoss, …Accuracy")
  static let every = Option.optional(
    "every", "K", .count(1...1_000_000), "steps between readings (default N/20 on validation)")
  static let seeds = Option.value(
    "seeds", "N", .count(1...1000), default: "1", "tests, with seeds from --seed on")
  static let gradientNoise = Option.flag(
    "gradient-noise", "measure it on the way; advise on the batch")

  /// Those that a recorded curve needs too.
  static let reading = [parameter.declaration, measure.declaration]
  /// Those that say how to train.
  static let training = [
    from.declaration, to.declaration, sweep.declaration, count.declaration, every.declaration,
    seeds.declaration, gradientNoise.declaration,
  ]

  /// The tests that were asked for, one for each seed.
  static func finders(_ arguments: Arguments) throws -> [HyperparameterFinder] {
    let hyperparameter = try arguments(parameter)
    let recipe = try RecipeOptions.recipe(
      arguments, epochs: 1, plan: Plan(words: arguments.positionals))
    guard recipe.plan[hyperparameter] == nil else {
      throw CommandError.failure(
        .usage, "the test sets the \(hyperparameter.title) itself; --from and --to say its range")
    }
    guard hyperparameter == .learningRate || recipe.plan[.learningRate] != nil else {
      throw CommandError.failure(
        .usage, "a test of the \(hyperparameter.title) needs a learning rate, as in lr=0.1")
    }
    let measure = try arguments(measure)
    let interval = try arguments(every)
    guard interval == nil || measure != .trainingLoss else {
      throw CommandError.failure(
        .usage, "--every is for another --measure; the training loss is read at each step")
    }
    let isRate = hyperparameter == .learningRate
    let test = try RangeTest(
      hyperparameter, from: try arguments(from) ?? (isRate ? 1e-5 : nil), to: try arguments(to),
      curve: try arguments(sweep), count: try arguments(count))
    if let interval, interval > test.count {
      throw CommandError.failure(
        .usage, "expected at most the \(test.count) steps of the test as --every, found \(interval)"
      )
    }
    let noise = try arguments(gradientNoise) ? GradientNoiseProbe() : nil
    return (0..<UInt64(try arguments(seeds))).map { offset in
      var recipe = recipe
      recipe.seed &+= offset
      return HyperparameterFinder(
        recipe, test: test, measure: measure, interval: interval, noise: noise)
    }
  }
}

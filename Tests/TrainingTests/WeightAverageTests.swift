import CPUBackend
import Datasets
import Kernels
import Networks
import Schedules
import TestSupport
import Testing

@testable import Training

@Suite struct WeightAverageTests {
  private func recipe(_ averaging: String?, _ words: [String] = []) throws -> Recipe {
    var recipe = Toy.recipe(epochs: 3)
    recipe.averaging = try averaging.map { try Averaging(parsing: $0) }
    recipe.plan = try Plan(words: ["lr=0.1..0", "momentum=0.9"] + words)
    return recipe
  }

  /// Keeps the tensors before the first step and after every one.
  private final class Watch: Callback {
    var tensors: [[String: [Float]]] = []
    func handle(_ event: Event, of trainer: Trainer) throws(TrainingError) -> Directive {
      switch event {
      case .runBegan, .stepEnded:
        let checkpoint = try trainer.checkpoint()
        tensors.append(
          Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0.values) }))
      default: break
      }
      return .proceed
    }
  }

  /// Every parameter and running statistic of the toy.
  private let names = [
    "conv.weight", "bn.weight", "bn.bias", "fc.weight", "fc.bias", "bn.running_mean",
    "bn.running_var",
  ]

  private func train(_ recipe: Recipe) throws -> (Watch, RunResult) {
    let watch = Watch()
    let result = try Toy.trainer(recipe, ReferenceBackend()).run([watch])
    return (watch, result)
  }

  /// Compares the averages after the last step with those that are expected.
  private func check(_ watch: Watch, _ expected: (String) -> [Double]) throws {
    let last = try #require(watch.tensors.last)
    for name in names {
      let found = try #require(last["average/" + name])
      let wanted = expected(name)
      #expect(found.count == wanted.count)
      for (a, b) in zip(found, wanted) { #expect(abs(Double(a) - b) < 1e-5, "\(name)") }
    }
  }

  @Test func runningAverageFollowsItsSchedule() throws {
    let (watch, _) = try train(recipe("ema(every=2)", ["averagingDecay=0.3..0.9"]))
    try #require(watch.tensors.count == 13)
    try check(watch) { name in
      var average = watch.tensors[0][name]?.map(Double.init) ?? []
      for step in stride(from: 1, to: 12, by: 2) {
        let decay = 0.3 + 0.6 * Double(step) / 12
        let values = watch.tensors[step + 1][name] ?? []
        average = zip(average, values).map { decay * $0 + (1 - decay) * Double($1) }
      }
      return average
    }
  }

  @Test func meanOfTheEpochsFromAShareOn() throws {
    let (watch, result) = try train(recipe("swa(start=0.3)"))
    // From step 4 on: after steps 8 and 12.
    try check(watch) { name in
      zip(watch.tensors[8][name] ?? [], watch.tensors[12][name] ?? []).map {
        (Double($0) + Double($1)) / 2
      }
    }
    let (_, plain) = try train(recipe(nil))
    // The first epoch has no average to be judged by.
    #expect(result.epochs[0].testLoss == plain.epochs[0].testLoss)
    #expect(result.epochs[2].testLoss != plain.epochs[2].testLoss)
  }

  @Test func lookaheadGoesOnFromTheAverage() throws {
    let (plain, _) = try train(recipe(nil))
    let (watch, _) = try train(recipe("lookahead(every=3)", ["averagingDecay=0.25"]))
    for name in names {
      let (before, after) = (plain.tensors[0][name] ?? [], plain.tensors[3][name] ?? [])
      let slow: [Float] = zip(before, after).map { 0.25 * $0 + 0.75 * $1 }
      for found in [watch.tensors[3][name], watch.tensors[3]["average/" + name]] {
        #expect(found?.count == slow.count)
        for (a, b) in zip(found ?? [], slow) { #expect(abs(a - b) < 1e-6, "\(name)") }
      }
      #expect(watch.tensors[2][name] == plain.tensors[2][name])
      #expect(watch.tensors[12][name] == watch.tensors[12]["average/" + name])
      #expect(watch.tensors[4][name] != watch.tensors[4]["average/" + name])
    }
  }

  /// The weights train on as if there were no average, and the network is judged by the average.
  @Test func judgesByTheAverage() throws {
    let averaging = try recipe("ema", ["averagingDecay=0.9"])
    let (watch, result) = try train(averaging)
    let (plain, _) = try train(recipe(nil))
    let last = try #require(watch.tensors.last)
    for name in names { #expect(last[name] == plain.tensors.last?[name]) }
    let trainer = try Toy.trainer(recipe(nil), ReferenceBackend())
    var checkpoint = try trainer.checkpoint()
    checkpoint.tensors = checkpoint.tensors.map {
      .init(name: $0.name, shape: $0.shape, values: last["average/" + $0.name] ?? $0.values)
    }
    let program = try TrainingProgram(
      recipe(nil), dataset: Toy.shapes().training, network: Toy.network(),
      backend: ReferenceBackend())
    try program.restore(checkpoint, path: "c")
    let judged = program.evaluate(Toy.shapes().test)
    let epoch = try #require(result.epochs.last)
    #expect(abs(judged.loss - epoch.testLoss) < 1e-5)
    #expect(judged.accuracy == epoch.testAccuracy)
  }

  @Test(arguments: ["ema(every=3)", "lookahead(every=5)", "swa(start=0.1,every=2)"])
  func goesOnFromACheckpoint(averaging: String) throws {
    final class Ending: Callback {
      let step: Int
      init(_ step: Int) { self.step = step }
      func handle(_ event: Event, of trainer: Trainer) -> Directive {
        if case .stepEnded(let record) = event, record.step == step {
          return .endRun(.interrupted)
        }
        return .proceed
      }
    }
    let recipe = try recipe(averaging)
    func trainer(_ threads: Int) throws -> Trainer {
      try Toy.trainer(recipe, CPUBackend(variant: .baseline, threadCount: threads))
    }
    let whole = try trainer(1)
    let expected = try whole.run()
    for step in [0, 3, 5, 9] {
      let first = try trainer(2)
      _ = try first.run([Ending(step)])
      let point = ResumePoint(checkpoint: try first.checkpoint(), path: "c")
      let second = try trainer(1)
      let result = try second.run([], from: point)
      #expect(try second.checkpoint().tensors == whole.checkpoint().tensors, "step \(step)")
      #expect(result.testAccuracy == expected.testAccuracy)
      #expect(result.epochs.last?.testLoss == expected.epochs.last?.testLoss)
    }
  }

  @Test func whenItIsTheirTurn() throws {
    func turns(_ averaging: String, _ words: [String] = []) throws -> [Float?] {
      let plan = try Plan(words: ["lr=1"] + words).resolved(
        over: Horizon(steps: 8, stepsPerEpoch: 4))
      let average = WeightAverage(
        try Averaging(parsing: averaging), plan: plan,
        timetable: try Timetable(Toy.recipe(epochs: 2), imageCount: 64))
      var count = 0
      return (0..<8).map { step in
        let weight = average.weight(after: step, count: count)
        if weight != nil { count += 1 }
        return weight
      }
    }
    #expect(try turns("ema(every=4)") == [nil, nil, nil, 0.001, nil, nil, nil, 0.001])
    #expect(try turns("lookahead") == [nil, nil, nil, nil, 0.5, nil, nil, nil])
    #expect(try turns("swa(start=0.5,every=1)") == [nil, nil, nil, nil, 1, 0.5, 1 / 3, 0.25])
    #expect(try turns("swa(start=0)") == [nil, nil, nil, 1, nil, nil, nil, 0.5])
    #expect(
      try turns("ema(every=2)", ["averagingDecay=0.5"])
        == [nil, 0.5, nil, 0.5, nil, 0.5, nil, 0.5])
  }

  @Test func aDecayNeedsAnAverageThatHasOne() throws {
    for averaging in [nil, "swa"] {
      let message = message {
        _ = try Toy.trainer(
          recipe(averaging, ["averagingDecay=0.9"]), ScriptedBackend())
      }
      #expect(
        message.hasSuffix("batchNormMomentum, batchSize, imageSize, found one for averagingDecay"))
    }
  }
}

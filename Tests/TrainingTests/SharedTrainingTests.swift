import CPUBackend
import Datasets
import Foundation
import Kernels
import Networks
import Schedules
import Testing

@testable import Training

/// Several processes train as one process does that makes all parts of a step itself: bit for bit.
@Suite struct SharedTrainingTests {
  private typealias Processes = LoopbackProcesses

  /// Everything that a step or an epoch depends on.
  private static func recipe(parts: Int = 4, seed: UInt64 = 3) -> Recipe {
    var recipe = Toy.recipe(
      epochs: 3, batch: 16, seed: seed, augmentation: Augmentation(cropPadding: 1, flips: true))
    recipe.accumulation = parts
    recipe.optimizer = (try? Optimizer(parsing: "sgd(nesterov)")) ?? .sgd
    recipe.clipNorm = 0.5
    recipe.averaging = try? Averaging(parsing: "lookahead(every=3)")
    recipe.testTimeAugmentation = .flip
    recipe.plan = Plan {
      Scheduled(.learningRate, .oneCycle(peak: 0.2, warmup: 30.percent))
      Scheduled(.momentum) { Ramp(from: 0.95, to: 0.85) }
      Scheduled(.weightDecay, .constant(1e-3))
      Scheduled(.labelSmoothing, .constant(0.1))
      Scheduled(.batchNormMomentum, .constant(0.3))
    }
    return recipe
  }

  private static func backend(threads: Int = 1) -> CPUBackend {
    CPUBackend(variant: .baseline, threadCount: threads)
  }

  private static func trainer(
    _ recipe: Recipe, _ collective: (any Collective)? = nil
  ) throws -> Trainer {
    // A last batch of evaluation that is not full, and fewer batches than processes.
    try Trainer(
      recipe, dataset: Toy.shapes(training: 70, test: 10), network: Toy.network(),
      backend: backend(threads: 1 + (collective?.rank ?? 0) % 2), collective: collective)
  }

  /// What a run leaves behind, without its timings.
  private struct Remains: Hashable, Sendable {
    var checkpoint: [UInt8]
    var steps: [StepRecord]
    var losses: [Double]
    var outcome: Outcome
  }

  private static func remains(_ run: RunFolder, _ result: RunResult) throws -> Remains {
    let log = try run.metrics()
    return Remains(
      checkpoint: [UInt8](try Data(contentsOf: URL(fileURLWithPath: run.checkpointPath))),
      steps: log.steps, losses: log.epochs.flatMap { [$0.testLoss, $0.testAccuracy] },
      outcome: result.outcome)
  }

  private static func alone(_ recipe: Recipe) throws -> Remains {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder.path, recipe: recipe)
    return try remains(
      run, trainer(recipe).run([DivergenceStop()] + run.writers(savesEpochs: true)))
  }

  /// Carries a recipe out in several processes, of which the first keeps the run.
  private static func together(
    _ count: Int, _ recipe: @escaping @Sendable (Int) -> Recipe, in folder: String,
    _ callbacks: @escaping @Sendable (Int) -> [any Callback] = { _ in [DivergenceStop()] }
  ) -> [Result<RunResult, any Error>?] {
    Processes.run(count) { collective in
      let recipe = recipe(collective.rank)
      do {
        let trainer = try trainer(recipe, collective)
        let own = callbacks(collective.rank)
        guard collective.rank == 0 else { return try trainer.run(own) }
        guard FileManager.default.fileExists(atPath: "\(folder)/recipe.json") else {
          let run = try RunFolder(creating: folder, recipe: recipe)
          return try trainer.run(own + run.writers(savesEpochs: true))
        }
        let run = try RunFolder(opening: folder)
        let point = try run.resumePoint()
        return try trainer.run(own + run.writers(savesEpochs: true, from: point), from: point)
      } catch {
        collective.abandon("\(error)")
        throw error
      }
    }
  }

  @Test(arguments: [2, 4]) func trainsAsOneProcessDoes(count: Int) throws {
    let recipe = Self.recipe()
    let folder = try TemporaryFolder()
    let results = Self.together(count, { _ in recipe }, in: "\(folder.path)/run")
    for result in results {
      #expect(try #require(result).get().outcome == .completed)
      #expect(try #require(result).get().stepCount == 12)
    }
    let result = try #require(results[0]).get()
    let run = try RunFolder(opening: "\(folder.path)/run")
    #expect(try Self.remains(run, result) == Self.alone(recipe))
    // Everybody knows the same losses.
    for other in results {
      let epochs = try #require(other).get().epochs
      #expect(epochs.map(\.testLoss) == result.epochs.map(\.testLoss))
      #expect(epochs.map(\.trainLoss) == result.epochs.map(\.trainLoss))
    }
  }

  /// Batches of two sizes, other optimisers, every precision.
  @Test(arguments: zip(["adamw", "lars", "sgd"], [Precision.bfloat16, .float16, .float32]))
  func followsOtherRecipes(optimizer: String, precision: Precision) throws {
    var changed = Self.recipe(parts: 2)
    changed.precision = precision
    changed.optimizer = try Optimizer(parsing: optimizer)
    changed.clipNorm = nil
    changed.averaging = nil
    changed.testTimeAugmentation = .none
    changed.plan = try Plan(words: ["lr=0.02", "batchSize=16@1ep,32"])
    let recipe = changed
    let folder = try TemporaryFolder()
    let results = Self.together(2, { _ in recipe }, in: "\(folder.path)/run")
    let result = try #require(results[0]).get()
    let run = try RunFolder(opening: "\(folder.path)/run")
    #expect(try Self.remains(run, result) == Self.alone(recipe))
  }

  /// Ends the run when a step has been made.
  private final class Ending: Callback {
    let step: Int
    init(_ step: Int) { self.step = step }
    func handle(_ event: Event, of trainer: Trainer) -> Directive {
      if case .stepEnded(let record) = event, record.step == step { return .endRun(.interrupted) }
      return .proceed
    }
  }

  /// One process is interrupted; the run goes on with another number of processes.
  @Test(arguments: [(4, 2), (2, 4), (2, 1)]) func goesOnWithOthers(before: Int, after: Int) throws {
    let recipe = Self.recipe()
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/run"
    let first = Self.together(before, { _ in recipe }, in: path) { rank in
      rank == 1 ? [Ending(5)] : [DivergenceStop()]
    }
    for result in first {
      #expect(try #require(result).get().outcome == .interrupted)
      #expect(try #require(result).get().stepCount == 6)
    }
    let run = try RunFolder(opening: path)
    let last: RunResult
    if after == 1 {
      let point = try #require(try run.resumePoint())
      last = try Self.trainer(recipe).run(
        [DivergenceStop()] + run.writers(savesEpochs: true, from: point), from: point)
    } else {
      last = try #require(Self.together(after, { _ in recipe }, in: path)[0]).get()
    }
    #expect(try Self.remains(run, last) == Self.alone(recipe))
  }

  /// Scales the rates after the first epoch, in one process alone.
  private final class Scaling: Callback {
    private(set) var learningRateScale = 1.0
    let lossInterval: Int? = 3
    func handle(_ event: Event, of trainer: Trainer) -> Directive {
      if case .epochEnded = event { learningRateScale = 0.5 }
      return .proceed
    }
  }

  @Test func processZeroScalesTheRates() throws {
    let recipe = Self.recipe(parts: 2)
    let expected = try Self.trainer(recipe).run([Scaling()])
    let folder = try TemporaryFolder()
    let results = Self.together(2, { _ in recipe }, in: "\(folder.path)/run") { rank in
      rank == 0 ? [Scaling()] : []
    }
    for result in results {
      #expect(
        try #require(result).get().epochs.map(\.testLoss) == expected.epochs.map(\.testLoss))
    }
  }

  @Test func allEndAtTheSameLoss() throws {
    var diverging = Self.recipe(parts: 2)
    diverging.clipNorm = nil
    diverging.averaging = nil
    diverging.plan = try Plan(words: ["lr=1e30"])
    let recipe = diverging
    let expected = try Self.trainer(recipe).run().outcome
    let folder = try TemporaryFolder()
    let results = Self.together(2, { _ in recipe }, in: "\(folder.path)/run")
    for result in results {
      // Losses that are no numbers are told from each other in words alone.
      #expect("\(try #require(result).get().outcome)" == "\(expected)")
    }
  }

  /// A process that cannot go on takes the others along, and says why.
  private final class Failing: Callback {
    func handle(_ event: Event, of trainer: Trainer) throws(TrainingError) -> Directive {
      guard case .stepEnded(let record) = event, record.step == 2 else { return .proceed }
      throw .unwritable(path: "F", reason: "No space left on device")
    }
  }

  @Test(arguments: 0..<3) func allEndWithOne(rank: Int) throws {
    let recipe = Self.recipe(parts: 3).with { $0.batch = 15 }
    let folder = try TemporaryFolder()
    let results = Self.together(3, { _ in recipe }, in: "\(folder.path)/run") { own in
      own == rank ? [Failing()] : []
    }
    let error = "cannot write F: No space left on device"
    var expected = [String](repeating: "process \(rank) has ended: \(error)", count: 3)
    expected[rank] = error
    #expect(Processes.endings(results) == expected)
  }

  @Test func refusesOtherRecipesAndParts() throws {
    let folder = try TemporaryFolder()
    let results = Self.together(
      2, { Self.recipe(parts: 2, seed: UInt64($0)) }, in: "\(folder.path)/run")
    let error =
      "expected seed to be 0 as in process 0, found 1; a run goes on with its own recipe"
    #expect(Processes.endings(results) == ["process 1 has ended: \(error)", error])
    #expect(
      Processes.endings(Processes.run(2) { _ = try Self.trainer(Self.recipe(parts: 3), $0) })
        == [String](
          repeating: "expected a multiple of the 2 processes as accumulation, found 3", count: 2))
  }

  @Test func sharesARecipeOut() throws {
    let recipe = Self.recipe(parts: 1)
    #expect(try recipe.shared(among: 1) == recipe)
    #expect(try recipe.shared(among: 4) == Self.recipe(parts: 4))
    #expect(try Self.recipe(parts: 4).shared(among: 2) == Self.recipe(parts: 4))
    #expect(
      message { _ = try recipe.shared(among: 3) }
        == "expected a multiple of the 3 parts of a step as batch, found 16")
    #expect(
      message { _ = try Self.recipe(parts: 2).shared(among: 4) }
        == "expected a multiple of the 4 processes as accumulation, found 2")
  }

  // MARK: - A test that cannot fail shows nothing

  /// Says that it is another process than it is, to whoever asks which part is its.
  private final class Misplaced: Collective {
    let base: LoopbackCollective
    let rank: Int
    var count: Int { base.count }

    init(_ base: LoopbackCollective) {
      (self.base, rank) = (base, base.count - 1 - base.rank)
    }

    func add(
      _ values: Swift.Span<Float>, onto totals: inout MutableSpan<Float>
    ) throws(CollectiveError) { try base.add(values, onto: &totals) }
    func gather(_ message: [UInt8]) throws(CollectiveError) -> [[UInt8]] {
      try base.gather(message)
    }
    func broadcast(_ message: [UInt8]) throws(CollectiveError) -> [UInt8] {
      try base.broadcast(message)
    }
    func abandon(_ reason: String) { base.abandon(reason) }
  }

  /// What a training keeps after some steps of three parts, but for what counts them in in their order.
  private static func parameters(_ collective: (any Collective)?) throws -> [Float] {
    let recipe = Self.recipe(parts: 3).with { $0.batch = 15 }
    let data = Toy.shapes().training
    let program = try TrainingProgram(
      recipe, dataset: data, network: Toy.network(), backend: backend())
    program.initialize(seed: 1, dataset: data)
    let shared = collective.map { SharedSteps(program, $0) }
    let loader = Loader(
      data, plan: try recipe.batches(of: data), epochs: 0..<1, share: shared?.share ?? .all)
    for update in 1...4 {
      let inputs = StepInputs(
        validCount: 5, updateNumber: update,
        groups: program.graph.groups.map { _ in .init(learningRate: 0.1, momentum: 0.9) })
      if let shared {
        _ = try shared.step(loader, inputs, readsLoss: false)
      } else {
        _ = program.step(loader, inputs, readsLoss: false)
      }
    }
    return Checkpoint(program.program, program.graph, metadata: [:]).tensors
      .filter { !$0.name.contains("running") }.flatMap(\.values)
  }

  @Test func anotherOrderOfTheParts() throws {
    let expected = try Self.parameters(nil)
    for result in Processes.run(3, { try Self.parameters($0) }) {
      #expect(try #require(result).get() == expected)
    }
    // The same parts, added in another order.
    for result in Processes.run(3, { try Self.parameters(Misplaced($0)) }) {
      let found = try #require(result).get()
      #expect(found != expected)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-3 })
    }
  }
}

extension Recipe {
  /// A copy with something changed.
  fileprivate func with(_ change: (inout Recipe) -> Void) -> Recipe {
    var copy = self
    change(&copy)
    return copy
  }
}

import Schedules
import TestSupport
import Testing

@testable import Training

@Suite struct LearningRateFinderTests {
  private func finder(
    _ recipe: Recipe = Toy.recipe(), count: Int = 10, stop: RangeTestStop = .fastai
  ) throws -> LearningRateFinder {
    try LearningRateFinder(recipe, test: RangeTest(from: 1e-3, to: 10, count: count, stop: stop))
  }

  @Test func everyStepIsToldItsRate() throws {
    let backend = ScriptedBackend()
    let finder = try finder()
    var seen: [StepRecord] = []
    let curve = try finder.run(
      on: Toy.shapes(), network: Toy.network(), backend: backend
    ) {
      seen.append($0)
      return true
    }
    let rates = try finder.test.learningRates
    #expect(backend.record.updates.map { $0[3] } == rates.map(Float.init))
    // Momentum stays the recipe's.
    #expect(backend.record.updates.allSatisfy { $0[4] == 0.9 })
    #expect(curve.learningRates == rates)
    #expect(curve.losses == [Double](repeating: 1, count: 10))
    #expect(seen.map(\.step) == Array(0..<10))
    #expect(seen.map(\.epoch) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2])
    // A range test judges by the training loss alone.
    #expect(backend.record.evaluations.isEmpty)
  }

  @Test(arguments: Horizon.End.allCases)
  func endsWhereTheTestSays(end: Horizon.End) throws {
    let backend = ScriptedBackend()
    let test = try RangeTest(from: 1e-3, to: 10, count: 10, end: end)
    let curve = try LearningRateFinder(Toy.recipe(), test: test)
      .run(on: Toy.shapes(), network: Toy.network(), backend: backend)
    #expect((backend.record.updates.last?[3] == 10) == (end == .closed))
    #expect((curve.learningRates.last == 10) == (end == .closed))
  }

  @Test func stopsWhenItDiverges() throws {
    let backend = ScriptedBackend(losses: [1, 1, 1, 50, 1])
    let curve = try finder(
      stop: RangeTestStop(factor: 4, smoothing: .init(weight: 0, isDebiased: true))
    )
    .run(on: Toy.shapes(), network: Toy.network(), backend: backend)
    #expect(curve.losses == [1, 1, 1, 50])
    #expect(curve.plannedCount == 10)
    let infinite = ScriptedBackend(losses: [1, 1, .infinity])
    let cut = try finder().run(on: Toy.shapes(), network: Toy.network(), backend: infinite)
    #expect(cut.losses == [1, 1])
    #expect(cut.isCut)
  }

  @Test func canBeEndedFromOutside() throws {
    let curve = try finder().run(
      on: Toy.shapes(), network: Toy.network(), backend: ScriptedBackend()
    ) { $0.step < 4 }
    #expect(curve.count == 5)
  }

  /// The test and a training of the same rates see the same batches from the same parameters.
  @Test func startsWhereATrainingStarts() throws {
    let recipe = Toy.recipe(epochs: 2)
    let finder = try finder(recipe, count: 8)
    let curve = try finder.run(
      on: Toy.shapes(), network: Toy.network(), backend: ReferenceBackend())
    var same = recipe
    same.plan = Plan {
      Scheduled(.learningRate, finder.test.schedule)
      Scheduled(.momentum, .constant(0.9))
    }
    let recorder = Recorder()
    _ = try Toy.trainer(same, ReferenceBackend()).run([recorder])
    #expect(curve.losses == recorder.log.steps.prefix(curve.count).compactMap(\.loss))
    #expect(curve.count >= 5)
  }

  @Test func saysWhatItCannotCarryOut() throws {
    var recipe = Toy.recipe()
    recipe.batch = 100
    #expect(
      message {
        _ = try finder(recipe).run(
          on: Toy.shapes(), network: Toy.network(), backend: ScriptedBackend())
      } == "expected a batch of at most the 64 training images, found 100")
  }
}

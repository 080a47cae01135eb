import Datasets
import Schedules
import TestSupport
import Testing

@testable import Training

@Suite struct HyperparameterFinderTests {
  private func finder(
    _ recipe: Recipe = Toy.recipe(), count: Int = 10, stop: RangeTestStop = .fastai
  ) throws -> HyperparameterFinder {
    try HyperparameterFinder(recipe, test: RangeTest(from: 1e-3, to: 10, count: count, stop: stop))
  }

  @Test func everyStepIsToldItsRate() throws {
    let backend = ScriptedBackend()
    let finder = try finder()
    var seen: [StepRecord] = []
    let curve = try finder.run(
      on: Toy.shapes(), network: Toy.network(), backend: backend
    ) {
      seen.append($0.record)
      #expect($0.value == $0.record.learningRate && $0.reading == nil)
      return true
    }.curve
    let rates = try finder.test.values
    #expect(backend.record.updates.map { $0[5] } == rates.map(Float.init))
    // Momentum stays the recipe's.
    #expect(backend.record.updates.allSatisfy { $0[6] == 0.9 })
    #expect(curve.values == rates)
    #expect(curve.losses == [Double](repeating: 1, count: 10))
    #expect(curve.accuracies?.count == 10)
    #expect(seen.map(\.step) == Array(0..<10))
    #expect(seen.map(\.epoch) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2])
    // A range test judges by the training loss alone.
    #expect(backend.record.evaluations.isEmpty)
  }

  @Test(arguments: Horizon.End.allCases)
  func endsWhereTheTestSays(end: Horizon.End) throws {
    let backend = ScriptedBackend()
    let test = try RangeTest(from: 1e-3, to: 10, count: 10, end: end)
    let curve = try HyperparameterFinder(Toy.recipe(), test: test)
      .run(on: Toy.shapes(), network: Toy.network(), backend: backend).curve
    #expect((backend.record.updates.last?[5] == 10) == (end == .closed))
    #expect((curve.values.last == 10) == (end == .closed))
  }

  @Test func stopsWhenItDiverges() throws {
    let backend = ScriptedBackend(losses: [1, 1, 1, 50, 1])
    let curve = try finder(
      stop: RangeTestStop(factor: 4, smoothing: .init(weight: 0, isDebiased: true))
    )
    .run(on: Toy.shapes(), network: Toy.network(), backend: backend).curve
    #expect(curve.losses == [1, 1, 1, 50])
    #expect(curve.plannedCount == 10)
    let infinite = ScriptedBackend(losses: [1, 1, .infinity])
    let cut = try finder().run(on: Toy.shapes(), network: Toy.network(), backend: infinite)
      .curve
    #expect(cut.losses == [1, 1])
    #expect(cut.isCut)
  }

  @Test func canBeEndedFromOutside() throws {
    let curve = try finder().run(
      on: Toy.shapes(), network: Toy.network(), backend: ScriptedBackend()
    ) { $0.record.step < 4 }.curve
    #expect(curve.count == 5)
  }

  /// The test and a training of the same rates see the same batches from the same parameters.
  @Test func startsWhereATrainingStarts() throws {
    let recipe = Toy.recipe(epochs: 2)
    let finder = try finder(recipe, count: 8)
    let curve = try finder.run(
      on: Toy.shapes(), network: Toy.network(), backend: ReferenceBackend()
    ).curve
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

  // MARK: - Other hyper-parameters

  @Test(arguments: [(Hyperparameter<Double>.momentum, 6), (.weightDecay, 7)])
  func sweepsWhatTheTestNames(hyperparameter: Hyperparameter<Double>, offset: Int) throws {
    let backend = ScriptedBackend()
    let test = try RangeTest(hyperparameter, count: 10)
    let result = try HyperparameterFinder(Toy.recipe(), test: test)
      .run(on: Toy.shapes(), network: Toy.network(), backend: backend)
    let values = try test.values
    #expect(result.curve.hyperparameter == hyperparameter && result.curve.values == values)
    #expect(backend.record.updates.map { $0[offset] } == values.map(Float.init))
    // The learning rate stays the recipe's, and so does the momentum where it is not swept.
    #expect(backend.record.updates.allSatisfy { $0[5] == 0.1 })
    #expect(offset == 6 || backend.record.updates.allSatisfy { $0[6] == 0.9 })
  }

  @Test func aMomentumNeedsALearningRate() throws {
    var recipe = Toy.recipe()
    recipe.plan = Plan { Scheduled(.weightDecay, .constant(0.1)) }
    let finder = HyperparameterFinder(recipe, test: try RangeTest(.momentum, count: 4))
    #expect(
      message {
        _ = try finder.run(
          on: Toy.shapes(), network: Toy.network(), backend: ScriptedBackend())
      } == "expected a schedule for learningRate, found none")
  }

  // MARK: - Measures

  private func measured(
    _ measure: RangeTestMeasure, every interval: Int? = nil, count: Int = 12,
    backend: ScriptedBackend = ScriptedBackend()
  ) throws -> RangeTestCurve {
    let test = try RangeTest(from: 1e-3, to: 1, count: count)
    return try HyperparameterFinder(
      Toy.recipe(order: .sequential), test: test, measure: measure, interval: interval
    ).run(on: Toy.shapes(), network: Toy.network(), backend: backend).curve
  }

  @Test func validationIsReadEverySoManySteps() throws {
    let backend = ScriptedBackend(evaluationLosses: [0.5, 0.5, 0.25])
    let curve = try measured(.validationLoss, every: 4, backend: backend)
    #expect(curve.measuredUpdates == [3, 7, 11])
    #expect(curve.readings == [0.5, 0.25, 0.25])
    #expect(curve.losses == [Double](repeating: 1, count: 12))
    // Twenty images in batches of sixteen, at no learning rate.
    #expect(backend.record.evaluations.count == 6)
    #expect(backend.record.evaluations.allSatisfy { $0[5] == 0 })
    let accuracy = try measured(.validationAccuracy, every: 5)
    #expect(accuracy.measuredUpdates == [4, 9] && accuracy.readings == [0.5, 0.5])
  }

  @Test(arguments: [(100, 5), (12, 1), (400, 20)])
  func validationTakesTwentyPassesUnlessToldOtherwise(count: Int, interval: Int) throws {
    let test = try RangeTest(count: count)
    for measure in RangeTestMeasure.allCases {
      let finder = HyperparameterFinder(Toy.recipe(), test: test, measure: measure)
      #expect(finder.interval == (measure.isOnValidation ? interval : 1))
    }
  }

  @Test func trainingAccuracyCostsNoPass() throws {
    let backend = ScriptedBackend()
    let curve = try measured(.trainingAccuracy, backend: backend)
    // Every other label is even, and those are right.
    #expect(curve.readings == [Double](repeating: 0.5, count: 12))
    #expect(curve.measure == .trainingAccuracy && backend.record.evaluations.isEmpty)
    #expect(curve.accuracies == curve.readings, "and is recorded whatever the rules read")
  }

  @Test func aReadingThatIsNotFiniteEndsTheTest() throws {
    let backend = ScriptedBackend(evaluationLosses: [0.5, 0.5, .nan])
    let curve = try measured(.validationLoss, every: 2, backend: backend)
    #expect(backend.record.updates.count == 4)
    #expect(curve.count == 3 && curve.isCut)
    #expect(curve.measuredUpdates == [1] && curve.plannedCount == 12)
  }

  @Test func aLossThatIsNotFiniteEndsTheTestOfAnyMeasure() throws {
    for measure in RangeTestMeasure.allCases {
      let backend = ScriptedBackend(losses: [1, 1, 1, .nan])
      let curve = try measured(measure, every: measure == .trainingLoss ? nil : 2, backend: backend)
      #expect(curve.count == 3 && curve.isCut)
      #expect(backend.record.updates.count == 4)
      #expect(curve.readings.allSatisfy { $0.isFinite })
    }
  }
}

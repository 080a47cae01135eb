import CPUBackend
import Datasets
import Kernels
import Networks
import Schedules
import Testing

@testable import Training

/// Batch and image sizes that a plan changes from epoch to epoch.
@Suite struct TimetableTests {
  private func recipe(_ words: [String], epochs: Int = 4, batch: Int = 16) throws -> Recipe {
    var recipe = Toy.recipe(epochs: epochs, batch: batch)
    recipe.plan = try Plan(words: ["lr=onecycle(peak=0.2,warmup=30%)", "momentum=0.9"] + words)
    return recipe
  }

  private func trainer(
    _ recipe: Recipe, _ backend: any Backend = CPUBackend(variant: .baseline, threadCount: 1)
  ) throws -> Trainer {
    let datasets = try recipe.imageSizes().map { Toy.shapes(side: $0 ?? 8) }
    return try Trainer(recipe, datasets: datasets, network: Toy.network(), backend: backend)
  }

  // MARK: - The timetable

  @Test func readsTheSizesOnceAnEpoch() throws {
    let recipe = try recipe(["batchSize=8@1ep,16@2ep,30", "imageSize=6..12@3ep,8/2"])
    let timetable = try Timetable(recipe, imageCount: 64)
    #expect(timetable.stages.map(\.batch) == [8, 16, 16, 30])
    #expect(timetable.stages.map(\.imageSize) == [6, 8, 10, 8])
    #expect((0..<4).map(timetable.steps) == [0..<8, 8..<12, 12..<16, 16..<18])
    #expect((timetable.epochCount, timetable.stepCount) == (4, 18))
    #expect((0..<18).filter(timetable.isLast) == [7, 11, 15, 17])
    #expect([0, 3, 8, 12, 17, 18].map(timetable.imageCount) == [0, 24, 64, 128, 222, 252])
    #expect((0..<4).map(timetable.end) == [1, 2, 3, 4])
    #expect(try recipe.imageSizes() == [6, 8, 10])
  }

  @Test func sharesAreThoseOfTheEpochs() throws {
    let timetable = try Timetable(recipe(["batchSize=8@50%,16"]), imageCount: 64)
    #expect(timetable.stages.map(\.batch) == [8, 8, 16, 16])
    #expect((0..<4).map(timetable.end) == [2, 2, 4, 4])
  }

  @Test func aRecipeWithoutThemHasOneStage() throws {
    var recipe = try recipe([])
    recipe.imageSize = 5
    #expect(try recipe.stages() == .init(repeating: Stage(batch: 16, imageSize: 5), count: 4))
    let timetable = try Timetable(recipe, imageCount: 65)
    #expect(timetable.end(ofStageAt: 0) == 4)
    #expect(timetable.horizon == Horizon(steps: 16, stepsPerEpoch: 4, samplesPerStep: 16))
    #expect(timetable.following(recipe.plan) == recipe.plan)
  }

  @Test func schedulesFollowTheStepsOfTheEpochs() throws {
    let recipe = try recipe(
      [
        "batchSize=8@1ep,16", "weightDecay=1@1.5ep,0.5@64sp,0",
        "labelSmoothing=(0.01)*batchSize/16",
      ],
      epochs: 3)
    let timetable = try Timetable(recipe, imageCount: 64)
    let plan = try timetable.following(recipe.plan).resolved(over: timetable.horizon)
    // 8 steps, then 4 an epoch: an epoch and a half are 10 steps, 64 images more are 4.
    #expect(
      plan[.weightDecay].map(Array.init)
        == [Double](repeating: 1, count: 10) + [0.5, 0.5, 0.5, 0.5] + [0, 0])
    #expect(
      plan[.labelSmoothing].map(Array.init)
        == [Double](repeating: 0.005, count: 8) + [Double](repeating: 0.01, count: 8))
    #expect(plan[.batchSize].map(Array.init) == (0..<16).map { $0 < 8 ? 8 : 16 })
  }

  // MARK: - Training

  @Test func everyStepHasItsEpochsImages() throws {
    let backend = ScriptedBackend()
    let recipe = try recipe(["batchSize=8@1ep,20"], epochs: 2)
    let recorder = Recorder()
    let result = try trainer(recipe, backend).run([recorder])
    #expect(backend.record.labels.map(\.count) == .init(repeating: 8, count: 8) + [20, 20, 20])
    #expect(backend.record.updates.map { $0[0] } == .init(repeating: 8, count: 8) + [20, 20, 20])
    #expect(recorder.log.steps.map(\.epoch) == .init(repeating: 0, count: 8) + [1, 1, 1])
    #expect(result.stepCount == 11)
  }

  /// The size that the images have is no change.
  @Test func aScheduleOfOneSizeIsTheSize() throws {
    let plain = try trainer(recipe([]))
    _ = try plain.run()
    let scheduled = try trainer(recipe(["batchSize=16", "imageSize=8"]))
    _ = try scheduled.run()
    #expect(try scheduled.checkpoint().tensors == plain.checkpoint().tensors)
  }

  /// Two trainings, the second from what the first one left, are the training with both sizes.
  @Test func valuesAreCarriedOver() throws {
    let whole = try trainer(recipe(["batchSize=8@1ep,16", "imageSize=6@1ep,8"], epochs: 2))
    _ = try whole.run()
    let plan = try Plan(words: ["lr=0.2", "momentum=0.9"])
    var recipe = try recipe(["batchSize=8@1ep,16", "imageSize=6@1ep,8"], epochs: 2)
    recipe.plan = try Plan(words: plan.words + ["batchSize=8@1ep,16", "imageSize=6@1ep,8"])
    let both = try trainer(recipe)
    _ = try both.run()

    let backend = CPUBackend(variant: .baseline, threadCount: 1)
    var small = recipe
    (small.batch, small.imageSize, small.plan) = (8, 6, plan)
    var large = recipe
    (large.batch, large.imageSize, large.plan) = (16, 8, plan)
    let (first, second) = (Toy.shapes(side: 6), Toy.shapes(side: 8))
    let begin = try TrainingProgram(
      small, dataset: first.training, network: Toy.network(), backend: backend)
    begin.initialize(seed: recipe.seed, dataset: first.training)
    let inputs = StepInputs(
      validCount: 8, groups: [.init(learningRate: 0.2, momentum: 0.9)])
    let loader = Loader(first.training, plan: try small.batches(of: first.training), epochs: 0..<1)
    for _ in 0..<8 { _ = begin.step(loader, inputs, readsLoss: false) }
    let end = try TrainingProgram(
      large, dataset: second.training, network: Toy.network(), backend: backend)
    try end.restore(Checkpoint(begin.program, begin.graph, metadata: [:]), path: "first")
    let other = Loader(
      second.training, plan: try large.batches(of: second.training), epochs: 1..<2)
    var more = inputs
    more.validCount = 16
    for _ in 0..<4 { _ = end.step(other, more, readsLoss: false) }
    #expect(
      try both.checkpoint().tensors
        == Checkpoint(end.program, end.graph, metadata: [:]).tensors)
    #expect(try both.checkpoint().tensors != whole.checkpoint().tensors)
  }

  private final class Ending: Callback {
    let step: Int
    init(_ step: Int) { self.step = step }
    func handle(_ event: Event, of trainer: Trainer) -> Directive {
      if case .stepEnded(let record) = event, record.step == step {
        return .endRun(.interrupted)
      }
      return .proceed
    }
  }

  /// From the last step of one stage, the first of the next, and between.
  @Test(arguments: [0, 6, 7, 8, 11, 12, 15, 16]) func goesOnInEveryStage(step: Int) throws {
    var recipe = try recipe(["batchSize=8@1ep,16@2ep,32", "imageSize=6@2ep,8"])
    recipe.averaging = try Averaging(parsing: "ema")
    recipe.accumulation = 2
    let whole = try trainer(recipe)
    let expected = try whole.run()
    let first = try trainer(recipe)
    _ = try first.run([Ending(step)])
    let point = ResumePoint(checkpoint: try first.checkpoint(), path: "c")
    let second = try trainer(recipe, CPUBackend(variant: .baseline, threadCount: 2))
    let result = try second.run([], from: point)
    #expect(try second.checkpoint() == whole.checkpoint())
    #expect(result.testAccuracy == expected.testAccuracy)
    #expect(result.stepCount == 18)
  }

  // MARK: - What cannot be done

  private func describe(_ body: () throws -> Void) -> String { TrainingTests.message(body) }

  private func message(
    _ words: [String], _ change: (inout Recipe) -> Void = { _ in }
  ) throws
    -> String
  {
    var recipe = try recipe(words)
    change(&recipe)
    return describe { _ = try Timetable(recipe, imageCount: 64) }
  }

  @Test func saysWhatIsWrong() throws {
    #expect(
      try message(["batchSize=8@100st,16"])
        == "expected lengths in epochs or per cent, since it changes between epochs as batchSize, "
        + "found 8@100st,16")
    #expect(
      try message(["imageSize=8@1ep,5000"])
        == "expected 1 to 4096 as imageSize, found 5000")
    #expect(
      try message(["batchSize=16@2ep,65"])
        == "expected a batch of at most the 64 training images, found 65")
    #expect(
      try message(["batchSize=16@2ep,25"]) { $0.accumulation = 2 }
        == "expected a divisor of the batch of 25 as accumulation, found 2")
    #expect(
      try message(["imageSize=8@1ep,12"]) { $0.imageSize = 8 }
        == "expected a number or a schedule in the plan as imageSize, found 8 and 8@1ep,12")
  }

  @Test func asksForEveryDataset() throws {
    let recipe = try recipe(["imageSize=6@2ep,8"])
    #expect(
      describe {
        _ = try Trainer(
          recipe, dataset: Toy.shapes(), network: Toy.network(), backend: ScriptedBackend())
      } == "expected 1 image sizes, as many as data sets as imageSize, found 6, 8")
  }

  @Test func asksWhetherTheSmallestImagesFit() throws {
    var recipe = try recipe(["imageSize=32@2ep,1"])
    recipe.network = "resnet9"
    let datasets = [Toy.shapes(side: 32), Toy.shapes(side: 4)]
    #expect(
      describe {
        _ = try Trainer(recipe, datasets: datasets, backend: ScriptedBackend())
      }.hasPrefix("expected images large enough for the filters and windows of resnet9, found 4×4"))
  }
}

import CPUBackend
import Datasets
import Foundation
import Kernels
import Networks
import Schedules
import TestSupport
import Testing

@testable import Training

/// A training that goes on from a checkpoint goes on bit for bit.
@Suite struct ResumeTests {
  private let recipe = Recipe(
    network: "toy", data: "shapes", epochs: 3, batch: 16, seed: 3,
    augmentation: Augmentation(cropPadding: 1, flips: true),
    plan: Plan {
      Scheduled(.learningRate, .oneCycle(peak: 0.2, warmup: 30.percent))
      Scheduled(.momentum) { Ramp(from: 0.95, to: 0.85) }
      Scheduled(.weightDecay, .constant(1e-3))
    })

  /// Ends the run, or the epoch, after a step.
  private final class Ending: Callback {
    let step: Int
    let directive: Directive
    init(_ step: Int, _ directive: Directive = .endRun(.interrupted)) {
      (self.step, self.directive) = (step, directive)
    }
    func handle(_ event: Event, of trainer: Trainer) -> Directive {
      if case .stepEnded(let record) = event, record.step == step { return directive }
      return .proceed
    }
  }

  private func trainer(threads: Int = 1, _ recipe: Recipe? = nil) throws -> Trainer {
    try Toy.trainer(
      recipe ?? self.recipe, CPUBackend(variant: .baseline, threadCount: threads))
  }

  private func timeless(_ epochs: [EpochRecord]) -> [EpochRecord] {
    epochs.map {
      EpochRecord(
        epoch: $0.epoch, trainLoss: $0.trainLoss, testLoss: $0.testLoss,
        testAccuracy: $0.testAccuracy, wallSeconds: 0, imagesPerSecond: 0)
    }
  }

  /// Every step of every epoch, the last ones of epochs too; with other threads before than after.
  @Test(arguments: 0..<12) func goesOnAfterEveryStep(step: Int) throws {
    let whole = try TemporaryFolder()
    let (wholeRun, wholeTrainer) = (
      try RunFolder(creating: whole.path, recipe: recipe), try trainer(threads: 1)
    )
    let expected = try wholeTrainer.run(wholeRun.writers())

    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder.path, recipe: recipe)
    let first = try trainer(threads: 1 + step % 2).run([Ending(step)] + run.writers())
    #expect(first.outcome == .interrupted)
    #expect(first.stepCount == step + 1)
    let point = try #require(try run.resumePoint())
    #expect(point.checkpoint.metadata["step"] == "\(step + 1)")
    let second = try trainer(threads: 2 - step % 2)
    let result = try second.run(run.writers(from: point), from: point)
    #expect(result.outcome == .completed)
    #expect(result.stepCount == 12)
    #expect(timeless(result.epochs) == timeless(expected.epochs))
    #expect(result.wallSeconds > first.wallSeconds)
    #expect(try run.metrics().steps == wholeRun.metrics().steps)
    // Nothing is left to go on with after the last step.
    #expect(try run.metrics().resumedSteps == (step == 11 ? [] : [step + 1]))
    #expect(try wholeRun.metrics().resumedSteps.isEmpty)
    #expect(try timeless(run.metrics().epochs) == timeless(expected.epochs))
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: run.checkpointPath))
        == Data(contentsOf: URL(fileURLWithPath: wholeRun.checkpointPath)))
  }

  /// Whatever the optimiser keeps comes back; with the update's number, groups and parts of a step, and
  /// with float16's loss scale.
  @Test(arguments: Optimizer.names, [Precision.float32, .float16])
  func everyOptimizerGoesOn(name: String, precision: Precision) throws {
    var recipe = recipe
    recipe.precision = precision
    recipe.optimizer = try Optimizer(parsing: name)
    recipe.clipNorm = 0.5
    recipe.accumulation = 2
    recipe.plan = try Plan(words: [
      "lr=onecycle(peak=0.05,warmup=30%)", "momentum=0.95..0.85", "weightDecay=0.01",
      "biases:lr=(64)*lr", "biases,norms:weightDecay=0", "conv:lr=(0@1ep,1)*lr",
    ])
    let whole = try trainer(threads: 1, recipe)
    _ = try whole.run()
    let expected = try whole.checkpoint()
    #expect(expected.isFinite)
    for step in [0, 4, 7] {
      let first = try trainer(threads: 2, recipe)
      _ = try first.run([Ending(step)])
      let point = ResumePoint(checkpoint: try first.checkpoint(), path: "c")
      let second = try trainer(threads: 1, recipe)
      _ = try second.run([], from: point)
      #expect(try second.checkpoint().tensors == expected.tensors, "after step \(step)")
    }
  }

  /// Choices and their strength are functions of the step; mixed labels come back with the batch.
  @Test func augmentationsGoOn() throws {
    var recipe = recipe
    recipe.augmentation = try Augmentation(parsing: "translate1,altflip,cutout3,mixup0.4,cutmix")
    recipe.testTimeAugmentation = .flip
    recipe.accumulation = 2
    recipe.plan = try Plan(words: ["lr=0.05", "augmentationStrength=1..0", "labelSmoothing=0.1"])
    let whole = try trainer(threads: 1, recipe)
    let expected = try whole.run()
    for step in 0..<12 {
      let first = try trainer(threads: 2, recipe)
      _ = try first.run([Ending(step)])
      let point = ResumePoint(checkpoint: try first.checkpoint(), path: "c")
      let second = try trainer(threads: 1, recipe)
      let result = try second.run([], from: point)
      #expect(try second.checkpoint().tensors == whole.checkpoint().tensors, "after step \(step)")
      #expect(result.epochs.last?.testLoss == expected.epochs.last?.testLoss)
    }
  }

  /// A process that is killed leaves metrics beyond its last checkpoint, half a line, half a checkpoint.
  @Test func forgetsWhatCameAfterTheCheckpoint() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder.path, recipe: recipe)
    let expected = try trainer().run(run.writers())
    let lines = try String(contentsOfFile: run.metricsPath, encoding: .utf8)
    let finished = try Checkpoint(path: run.checkpointPath)

    let other = try TemporaryFolder()
    let killed = try RunFolder(creating: other.path, recipe: recipe)
    _ = try trainer().run([Ending(5)] + killed.writers())
    try (lines.dropLast(20) + "").write(
      toFile: killed.metricsPath, atomically: false, encoding: .utf8)
    for path in [killed.checkpointPath, killed.recipePath] {
      try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path + ".partial"))
    }
    let point = try #require(try killed.resumePoint())
    #expect(timeless(point.epochs) == timeless(Array(expected.epochs.prefix(1))))
    _ = try trainer().run(killed.writers(from: point), from: point)
    #expect(try Checkpoint(path: killed.checkpointPath) == finished)
    #expect(try killed.metrics().steps == run.metrics().steps)
    #expect(try killed.metrics().epochs.map(\.epoch) == [0, 1, 2])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: other.path).sorted()
        == ["checkpoint.safetensors", "metrics.jsonl", "recipe.json"])
  }

  @Test func beginsAgainWithoutACheckpoint() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder.path, recipe: recipe)
    #expect(try run.resumePoint() == nil)
    try "{\"step\":0".write(toFile: run.metricsPath, atomically: false, encoding: .utf8)
    _ = try trainer().run(run.writers(restarts: true))
    #expect(try run.metrics().steps.map(\.step) == Array(0..<12))
    #expect(try run.metrics().resumedSteps.isEmpty)
  }

  @Test func aFinishedRunHasNothingLeftToDo() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder.path, recipe: recipe)
    let expected = try trainer().run(run.writers())
    let bytes = try Data(contentsOf: URL(fileURLWithPath: run.checkpointPath))
    let point = try #require(try run.resumePoint())
    let result = try trainer().run(run.writers(from: point), from: point)
    #expect(result.outcome == .completed)
    #expect(result.stepCount == 12)
    #expect(result.epochs == expected.epochs)
    #expect(try Data(contentsOf: URL(fileURLWithPath: run.checkpointPath)) == bytes)
    #expect(try run.metrics().steps.count == 12)
    #expect(try run.metrics().resumedSteps.isEmpty)
  }

  /// An epoch that a callback cut short stays cut; a run that a callback stopped stays stopped.
  @Test func remembersWhatCallbacksAnswered() throws {
    func metrics(_ interruption: Int?) throws -> MetricsLog {
      let folder = try TemporaryFolder()
      let run = try RunFolder(creating: folder.path, recipe: recipe)
      let cut = Ending(1, .endEpoch)
      let stop = Ending(9, .endRun(.stopped))
      guard let interruption else {
        _ = try trainer().run([cut, stop] + run.writers())
        return try run.metrics()
      }
      _ = try trainer().run([cut, Ending(interruption)] + run.writers(checkpointEvery: 1))
      for _ in 0..<2 {
        let point = try #require(try run.resumePoint())
        let result = try trainer().run([stop] + run.writers(from: point), from: point)
        #expect(result.outcome == .stopped)
        #expect(result.stepCount == 8)
      }
      return try run.metrics()
    }
    let expected = try metrics(nil)
    #expect(expected.steps.map(\.step) == [0, 1, 4, 5, 6, 7, 8, 9])
    for interruption in [4, 7, 8] {
      let found = try metrics(interruption)
      #expect(found.steps == expected.steps)
      #expect(timeless(found.epochs) == timeless(expected.epochs))
    }
  }

  /// A step that ended the run by its loss is not saved: whoever goes on diverges in the same way.
  @Test func divergesAgain() throws {
    let folder = try TemporaryFolder()
    var recipe = recipe
    recipe.plan = Plan { Scheduled(.learningRate) { Ramp(from: 0.1, to: 1e4) } }
    let run = try RunFolder(creating: folder.path, recipe: recipe)
    let stop = DivergenceStop(limit: 100)
    let first = try trainer(recipe).run([stop] + run.writers(checkpointEvery: 1))
    let point = try #require(try run.resumePoint())
    let second = try trainer(recipe).run([stop] + run.writers(from: point), from: point)
    #expect(second.outcome == first.outcome)
    #expect(second.stepCount == first.stepCount)
    guard case .diverged = first.outcome else {
      Issue.record("expected a divergence, found \(first.outcome)")
      return
    }
  }

  private func trainer(_ recipe: Recipe) throws -> Trainer { try trainer(threads: 1, recipe) }

  // MARK: - Refusals

  @Test func refusesAnotherRecipeOrOtherImages() throws {
    let trainer = try trainer()
    _ = try trainer.run([Ending(5)])
    let point = ResumePoint(checkpoint: try trainer.checkpoint(), path: "c")
    func error(_ change: (inout Recipe) -> Void) -> String {
      var changed = recipe
      change(&changed)
      return message { _ = try self.trainer(changed).run([], from: point) }
    }
    let end = "; a run goes on with its own recipe"
    #expect(error { $0.threads = 2 } == "no error")
    #expect(error { $0.epochs = 4 } == "expected epochs to be 3 as in c, found 4" + end)
    #expect(error { $0.batch = 8 } == "expected batch to be 16 as in c, found 8" + end)
    #expect(error { $0.seed = 4 } == "expected seed to be 3 as in c, found 4" + end)
    #expect(error { $0.network = "r" } == "expected network to be toy as in c, found r" + end)
    #expect(
      error { $0.order = .sequential }
        == "expected order to be shuffled as in c, found sequential" + end)
    #expect(
      error { $0.optimizer = .nesterov }
        == "expected optimizer to be sgd as in c, found sgd(nesterov)" + end)
    #expect(error { $0.clipNorm = 2 } == "expected clipNorm to be none as in c, found 2.0" + end)
    #expect(
      error { $0.accumulation = 2 } == "expected accumulation to be 1 as in c, found 2" + end)
    #expect(
      error { $0.precision = .bfloat16 }
        == "expected precision to be float32 as in c, found bfloat16" + end)
    #expect(
      error { $0.plan = Plan { Scheduled(.learningRate, .constant(0.25)) } }
        == "expected plan to be \(recipe.plan.words[0]) as in c, found lr=0.25" + end)
    let smaller = message {
      _ = try Trainer(
        recipe, dataset: Toy.shapes(test: 19), network: Toy.network(), backend: ScriptedBackend()
      ).run([], from: point)
    }
    #expect(
      smaller == "expected the images of c (fingerprint \(Toy.shapes().fingerprint)) in shapes, "
        + "found others (\(Toy.shapes(test: 19).fingerprint))")
    let other = message {
      _ = try Trainer(
        recipe, dataset: Toy.shapes(), network: Toy.network(channels: 3),
        backend: CPUBackend(variant: .baseline, threadCount: 1)
      ).run([], from: point)
    }
    #expect(other == "expected the shape 3×1×3×3 for conv.weight in c, found 2×1×3×3")
  }

  @Test func saysWhatMetadataDoesNotSay() throws {
    let trainer = try trainer()
    _ = try trainer.run([Ending(5)])
    let checkpoint = try trainer.checkpoint()
    func error(_ key: String, _ value: String?) throws -> String {
      var changed = checkpoint
      changed.metadata[key] = value
      return message {
        _ = try trainer.run([], from: ResumePoint(checkpoint: changed, path: "c"))
      }
    }
    #expect(
      try error("format", nil) == "expected anneal as format in the metadata of c, found none")
    #expect(
      try error("recipe", nil) == "expected a recipe as recipe in the metadata of c, found none")
    #expect(
      try error("recipe", "{}") == "expected a recipe as recipe in the metadata of c, "
        + "found expected a recipe in c, found no network")
    #expect(
      try error("step", "9")
        == "expected a whole number from 4 to 8 as step in the metadata of c, found 9")
    #expect(
      try error("step", "-9223372036854775809")
        == "expected a whole number from 4 to 8 as step in the metadata of c, "
        + "found -9223372036854775809")
    #expect(
      try error("epoch", "4")
        == "expected a whole number from 0 to 3 as epoch in the metadata of c, found 4")
    #expect(
      try error("updates", "x")
        == "expected a whole number from 0 to 6 as updates in the metadata of c, found x")
    #expect(
      try error("epochUpdates", "3")
        == "expected a whole number from 0 to 2 as epochUpdates in the metadata of c, found 3")
    #expect(
      try error("averagings", nil)
        == "expected a whole number from 0 to 6 as averagings in the metadata of c, found none")
    #expect(
      try error("epochLosses", "-1")
        == "expected a whole number from 0 to 2 as epochLosses in the metadata of c, found -1")
    #expect(
      try error("epochLossSum", "many")
        == "expected a number as epochLossSum in the metadata of c, found many")
    #expect(
      try error("stopped", nil)
        == "expected true or false as stopped in the metadata of c, found none")
    #expect(
      try error("data", nil).hasSuffix(
        "(fingerprint none) in shapes, found others (\(Toy.shapes().fingerprint))"))
  }

  @Test func saysWhatTheMetricsLack() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder.path, recipe: recipe)
    _ = try trainer().run([Ending(5)] + run.writers())
    let lines = try String(contentsOfFile: run.metricsPath, encoding: .utf8)
    try lines.split(separator: "\n").prefix(3).map { $0 + "\n" }.joined()
      .write(toFile: run.metricsPath, atomically: false, encoding: .utf8)
    #expect(
      message(hiding: folder.path) { _ = try run.resumePoint() }
        == "expected records up to step 6 in F/metrics.jsonl, found 3 of them")
    try FileManager.default.removeItem(atPath: run.metricsPath)
    #expect(
      message(hiding: folder.path) { _ = try run.resumePoint() }
        == "expected a run in F, found no metrics.jsonl")
  }

  @Test func oneProcessAtATime() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder.path, recipe: recipe)
    let writers = try run.writers()
    #expect(
      message(hiding: folder.path) { _ = try run.writers(restarts: true) }
        == "expected a run that nobody is carrying out, found F/metrics.jsonl in use by another "
        + "process")
    withExtendedLifetime(writers) {}
  }
}

import CPUBackend
import Datasets
import Foundation
import Kernels
import Networks
import Schedules
import TestSupport
import Testing

@testable import Training

/// Whole trainings of a small network, computed.
@Suite struct LearningTests {
  private func train(
    _ recipe: Recipe, _ backend: any Backend = ReferenceBackend()
  ) throws -> (log: MetricsLog, checkpoint: Checkpoint) {
    let trainer = try Toy.trainer(recipe, backend)
    let recorder = Recorder()
    _ = try trainer.run([recorder, DivergenceStop()])
    return (recorder.log, try trainer.checkpoint())
  }

  /// With a backward pass that leaves the filters alone the loss stays above 0.5, with one of the
  /// wrong sign above 0.69.
  @Test(arguments: [1, 3])
  func solvesWhatABrokenBackwardCannot(seed: UInt64) throws {
    let recipe = Toy.recipe(
      epochs: 15, seed: seed, learningRate: Schedule { Ramp(from: 0.2, to: 0) })
    let trainer = try Trainer(
      recipe, dataset: Toy.shapes(training: 128, test: 64), network: Toy.network(),
      backend: ReferenceBackend())
    let result = try trainer.run([Recorder()])
    let last = try #require(result.epochs.last)
    #expect(try #require(result.epochs.first?.trainLoss) > 0.55)
    #expect(try #require(last.trainLoss) < 0.35)
    #expect(last.testLoss < 0.35)
    #expect(last.testAccuracy > 0.85)
  }

  @Test func theSameSeedGivesTheSameRun() throws {
    let recipe = Toy.recipe(augmentation: Augmentation(cropPadding: 1, flips: true))
    let (first, second) = (try train(recipe), try train(recipe))
    #expect(first.log.steps == second.log.steps)
    #expect(first.log.epochs.map(\.testLoss) == second.log.epochs.map(\.testLoss))
    #expect(first.checkpoint == second.checkpoint)
  }

  /// On the processor: the same bytes but for the timings, and the same weights, for one thread,
  /// two, and a second time.
  @Test(arguments: KernelVariant.available)
  func threadsDoNotMatter(variant: KernelVariant) throws {
    let folder = try TemporaryFolder()
    var texts: [String] = []
    var checkpoints: [Checkpoint] = []
    for (run, threads) in [1, 2, 2, 3].enumerated() {
      let path = "\(folder.path)/\(run)"
      var recipe = Toy.recipe(augmentation: Augmentation(cropPadding: 2, flips: true))
      let backend = CPUBackend(variant: variant, threadCount: threads)
      let trainer = try Toy.trainer(recipe, backend)
      recipe.threads = threads
      _ = try trainer.run(RunFolder(creating: path, recipe: recipe).writers())
      let text = try String(contentsOfFile: "\(path)/metrics.jsonl", encoding: .utf8)
      texts.append(
        text.replacing(#/"(wallSeconds|imagesPerSecond)":[-+.e0-9]+/#) { "\"\($0.output.1)\":0" })
      checkpoints.append(try Checkpoint(path: "\(path)/checkpoint.safetensors"))
    }
    #expect(texts[0].split(separator: "\n").count == 10)
    #expect(Set(texts).count == 1)
    #expect(checkpoints.allSatisfy { $0 == checkpoints[0] })
  }

  /// Single precision on the processor goes the way of double precision in the reference.
  @Test(arguments: KernelVariant.available)
  func theProcessorFollowsTheReference(variant: KernelVariant) throws {
    let recipe = Toy.recipe(epochs: 3, learningRate: .constant(0.05))
    let reference = try train(recipe).log
    let found = try train(recipe, CPUBackend(variant: variant, threadCount: 2)).log
    for (expected, step) in zip(reference.steps, found.steps) {
      #expect(abs(try #require(expected.loss) - #require(step.loss)) < 1e-3)
    }
    #expect(found.steps.count == 12)
    #expect(
      zip(reference.epochs, found.epochs).allSatisfy { abs($0.testLoss - $1.testLoss) < 1e-3 })
  }

  @Test func anotherSeedOrOrderGivesAnother() throws {
    let losses = try train(Toy.recipe()).log.steps.map(\.loss)
    #expect(try train(Toy.recipe(seed: 4)).log.steps.map(\.loss) != losses)
    #expect(try train(Toy.recipe(order: .sequential)).log.steps.map(\.loss) != losses)
    let flipped = Toy.recipe(augmentation: Augmentation(cropPadding: 2, flips: true))
    #expect(try train(flipped).log.steps.map(\.loss) != losses)
  }

  @Test func evaluationChangesNothing() throws {
    let backend = ReferenceBackend()
    let program = try TrainingProgram(
      Toy.recipe(), dataset: Toy.shapes().training, network: Toy.network(), backend: backend)
    program.initialize(seed: 1, dataset: Toy.shapes().training)
    let before = Checkpoint(program.program, program.graph, metadata: [:])
    let evaluation = program.evaluate(Toy.shapes().test)
    #expect(evaluation.count == 20)
    #expect(program.evaluate(Toy.shapes().test) == evaluation)
    #expect(Checkpoint(program.program, program.graph, metadata: [:]) == before)
  }

  @Test(arguments: KernelVariant.available)
  func divergenceStopsTheRunAndKeepsItsMetrics(variant: KernelVariant) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/metrics.jsonl"
    let recipe = Toy.recipe(epochs: 9, learningRate: .constant(1e9))
    let result = try Toy.trainer(recipe, CPUBackend(variant: variant, threadCount: 2))
      .run([MetricsWriter(path), DivergenceStop()])
    guard case .diverged(let divergence) = result.outcome else {
      Issue.record("expected a divergence, found \(result.outcome)")
      return
    }
    #expect(divergence.learningRate == 1e9)
    #expect(result.stepCount == divergence.step + 1)
    let log = try MetricsLog(path: path)
    #expect(log.steps.count == divergence.step + 1)
    #expect(log.steps.last?.loss == divergence.loss)
    #expect(log.steps.dropLast().allSatisfy { $0.loss.map { $0 < 1e6 } == true })
    #expect(
      Divergence(step: 7, epoch: 1, learningRate: 1e9, loss: .nan).description
        == "the training diverged at step 7 (epoch 1): the loss is nan at a learning rate of "
        + "1000000000.0")
  }
}

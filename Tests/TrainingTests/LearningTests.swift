import Datasets
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
    program.initialize(seed: 1)
    let before = Checkpoint(program.program, program.graph, metadata: [:])
    let evaluation = program.evaluate(Toy.shapes().test)
    #expect(evaluation.count == 20)
    #expect(program.evaluate(Toy.shapes().test) == evaluation)
    #expect(Checkpoint(program.program, program.graph, metadata: [:]) == before)
  }

  @Test func divergenceStopsTheRunAndKeepsItsMetrics() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/metrics.jsonl"
    let recipe = Toy.recipe(epochs: 5, learningRate: .constant(1e30))
    let result = try Toy.trainer(recipe, ReferenceBackend())
      .run([MetricsWriter(path), DivergenceStop()])
    guard case .diverged(let divergence) = result.outcome else {
      Issue.record("expected a divergence, found \(result.outcome)")
      return
    }
    #expect(divergence.learningRate == 1e30)
    #expect(result.stepCount == divergence.step + 1)
    let log = try MetricsLog(path: path)
    #expect(log.steps.count == divergence.step + 1)
    #expect(log.steps.last?.loss?.isFinite == false)
    #expect(log.steps.dropLast().allSatisfy { $0.loss?.isFinite == true })
    #expect(
      Divergence(step: 7, epoch: 1, learningRate: 1e9, loss: .nan).description
        == "the training diverged at step 7 (epoch 1): the loss is nan at a learning rate of "
        + "1000000000.0")
  }
}

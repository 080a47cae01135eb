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

  /// Two filters have to turn into detectors of direction; a linear layer over random ones does not
  /// get there.
  @Test func solvesWhatABrokenBackwardCannot() throws {
    let log = try train(Toy.recipe(epochs: 12)).log
    let first = try #require(log.steps.first?.loss)
    let last = try #require(log.epochs.last)
    #expect(first > 0.3)
    #expect(last.testAccuracy == 1)
    #expect(last.testLoss < 0.1)
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
      Toy.recipe(), dataset: Toy.stripes().training, network: Toy.network(), backend: backend)
    program.initialize(seed: 1)
    let before = Checkpoint(program.program, program.graph, metadata: [:])
    let evaluation = program.evaluate(Toy.stripes().test)
    #expect(evaluation.count == 20)
    #expect(program.evaluate(Toy.stripes().test) == evaluation)
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

import CPUBackend
import Datasets
import Foundation
import Kernels
import Networks
import Tensors
import Testing

@testable import Training

@Suite struct EvaluationTests {
  private let backend = CPUBackend(variant: .baseline, threadCount: 1)

  /// 20 test images in batches of 16: the last one is short.
  @Test func logitsTellLossAndAccuracy() throws {
    let data = Toy.shapes()
    let trainer = try Toy.trainer(Toy.recipe(), backend)
    let result = try trainer.run()
    let program = try TrainingProgram(
      Toy.network(), configuration: trainer.graph.configuration, backend: backend)
    try program.restore(trainer.checkpoint(), path: "F")
    let (evaluation, logits) = program.evaluateWithLogits(data.test)
    #expect(evaluation == program.evaluate(data.test))
    #expect(evaluation.accuracy == result.testAccuracy)
    #expect(evaluation.count == 20)
    #expect(logits.name == "logits" && logits.shape == [20, 2])
    var (loss, hits) = (0.0, 0)
    for (index, label) in data.test.labels.enumerated() {
      let values = logits.values[2 * index..<2 * index + 2].map { Double($0) }
      loss += log(exp(values[0]) + exp(values[1])) - values[label]
      hits += values[label] > values[1 - label] ? 1 : 0
    }
    #expect(abs(loss / 20 - evaluation.loss) < 1e-5)
    #expect(Double(hits) / 20 == evaluation.accuracy)
  }

  @Test func aProgramIsMadeOfACheckpoint() throws {
    var recipe = Toy.recipe(epochs: 1)
    recipe.network = "resnet8"
    let data = Toy.shapes()
    let trainer = try Trainer(recipe, dataset: data, backend: backend)
    let result = try trainer.run()
    let checkpoint = try trainer.checkpoint()
    let program = try TrainingProgram(
      checkpoint, path: "F", dataset: data.test, backend: backend)
    #expect(program.evaluate(data.test).accuracy == result.testAccuracy)
    #expect(
      message {
        _ = try TrainingProgram(
          Checkpoint(tensors: checkpoint.tensors), path: "F", dataset: data.test, backend: backend)
      } == "expected anneal as format in the metadata of F, found none")
  }

  /// Every checkpoint keeps its step's name: the one before the first step, those on the way, the last.
  @Test func checkpointsAreKept() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder.path, recipe: Toy.recipe())
    let trainer = try Toy.trainer(Toy.recipe(), backend)
    _ = try trainer.run(
      run.writers(checkpointEvery: 3, savesEpochs: true, keepsCheckpoints: true))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(
      names == [
        "checkpoint-0.safetensors", "checkpoint-3.safetensors", "checkpoint-4.safetensors",
        "checkpoint-6.safetensors", "checkpoint-8.safetensors", "checkpoint.safetensors",
        "metrics.jsonl", "recipe.json",
      ])
    for step in [0, 3, 4, 6, 8] {
      let kept = try Checkpoint(path: "\(folder.path)/checkpoint-\(step).safetensors")
      #expect(kept.metadata["step"] == "\(step)")
    }
    let first = try Checkpoint(path: "\(folder.path)/checkpoint-0.safetensors")
    let other = try Toy.trainer(Toy.recipe(), ScriptedBackend())
    var initial: Checkpoint?
    _ = try other.run([
      Saving { (trainer) throws(TrainingError) in initial = try trainer.checkpoint() }
    ])
    #expect(first.tensors == initial?.tensors)
    #expect(try Checkpoint(path: run.checkpointPath).metadata["step"] == "8")
  }

  /// A process that was killed between a checkpoint and its other name.
  @Test func aMissingNameIsMadeOnResumption() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder(creating: folder.path, recipe: Toy.recipe())
    _ = try Toy.trainer(Toy.recipe(), backend).run(run.writers())
    let point = try #require(try run.resumePoint())
    _ = try Toy.trainer(Toy.recipe(), backend)
      .run(run.writers(keepsCheckpoints: true, from: point), from: point)
    #expect(
      try Checkpoint(path: "\(folder.path)/checkpoint-8.safetensors")
        == Checkpoint(path: run.checkpointPath))
  }

  /// Looks at the trainer before its first step.
  private final class Saving: Callback {
    let look: (Trainer) throws(TrainingError) -> Void
    init(_ look: @escaping (Trainer) throws(TrainingError) -> Void) { self.look = look }
    func handle(_ event: Event, of trainer: Trainer) throws(TrainingError) -> Directive {
      if case .runBegan = event { try look(trainer) }
      return .proceed
    }
  }
}

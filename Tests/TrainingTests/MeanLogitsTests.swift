import CPUBackend
import Datasets
import Foundation
import Kernels
import Networks
import Tensors
import Testing

@testable import Training

/// A network that says the first two pixels of an image.
private struct PeepingBackend: Backend {
  let arithmetic = "peeping"

  func compile(_ graph: Graph) -> any CompiledProgram { Program(graph) }

  private final class Program: CompiledProgram {
    private let graph: Graph
    private var images: [Float] = []
    private var seen: [Float] = []

    init(_ graph: Graph) { self.graph = graph }

    func write(_ values: Span<Float>, to slot: Slot) {
      if slot == graph.images { images = values.indices.map { values[$0] } }
    }

    func run(_ phase: Graph.Phase) {
      if phase == .evaluate { seen = images }
    }

    func read(_ slot: Slot, into values: inout MutableSpan<Float>) {
      guard slot == graph.logits else { return }
      let size = graph[graph.images].shape.count / graph[graph.images].shape[0]
      for index in values.indices { values[index] = seen[index / 2 * size + index % 2] }
    }
  }
}

@Suite struct MeanLogitsTests {
  private func split(_ images: [[UInt8]], labels: [Int], height: Int, width: Int) -> ImageDataset {
    ImageDataset(
      name: "images", split: .test, channels: 1, height: height, width: width,
      pixels: images.flatMap(\.self), labels: labels, classNames: ["a", "b"],
      normalization: Normalization(mean: [0], deviation: [1.0 / 255]))
  }

  private func program(
    _ data: ImageDataset, batch: Int, _ backend: any Backend
  ) throws -> TrainingProgram {
    let program = try TrainingProgram(
      Toy.network(),
      configuration: .init(batch: batch, height: data.height, width: data.width), backend: backend)
    program.initialize(seed: 1, dataset: data)
    return program
  }

  /// Two images in batches of 1, 2 and 3; the views' logits are those of the pixels by hand.
  @Test(arguments: 1...3) func areThoseOfTheViews(batch: Int) throws {
    let image: [UInt8] = [1, 3, 0, 4, 5, 6, 9, 8]
    let data = split([image, image], labels: [0, 1], height: 2, width: 4)
    let program = try program(data, batch: batch, PeepingBackend())
    // (1, 3) and (4, 0); then (6, 5), (9, 6), (6, 9) and (9, 8).
    for (augmentation, logits) in [
      (TestTimeAugmentation.flip, (2.5, 1.5)), (.flipAndTranslate, (5, 4.25)),
    ] {
      let (evaluation, values) = program.evaluateWithLogits(data, augmentation: augmentation)
      let expected = [logits.0, logits.1, logits.0, logits.1]
      #expect(zip(values.values, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
      #expect(values.values.count == 4)
      let difference = logits.0 - logits.1
      let loss = (log(1 + exp(-difference)) + log(1 + exp(difference))) / 2
      #expect(abs(evaluation.loss - loss) < 1e-6)
      #expect(evaluation.accuracy == 0.5 && evaluation.count == 2)
      #expect(program.evaluate(data, augmentation: augmentation) == evaluation)
    }
  }

  /// Of equal logits the first is the largest, and a loss that is no number is no hit.
  @Test func scoresLogits() {
    let even = MeanLogits.score([7, 2, 2][1...], label: 0)
    #expect(abs(even.loss - log(2)) < 1e-12 && even.isHit)
    #expect(!MeanLogits.score([2, 2], label: 1).isHit)
    let far = MeanLogits.score([1_000, -1_000], label: 1)
    #expect(far.loss == 2_000 && !far.isHit)
    let diverged = MeanLogits.score([.nan, 1], label: 0)
    #expect(diverged.loss.isNaN && !diverged.isHit)
  }

  /// All views of such images are alike, so that nothing changes, but that the loss is computed here.
  @Test func symmetricImagesHaveOneLogit() throws {
    let mirrored: [UInt8] = [1, 9, 9, 1, 7, 30, 30, 7, 4, 0, 0, 4, 80, 2, 2, 80]
    let plain = [UInt8](repeating: 40, count: 16)
    for (images, augmentation) in [
      ([mirrored, plain], TestTimeAugmentation.flip), ([plain, plain], .flipAndTranslate),
    ] {
      let data = split(images, labels: [0, 1], height: 4, width: 4)
      let program = try program(data, batch: 2, CPUBackend(variant: .baseline, threadCount: 1))
      let (expected, logits) = program.evaluateWithLogits(data)
      let (found, means) = program.evaluateWithLogits(data, augmentation: augmentation)
      #expect(logits == means)
      #expect(abs(expected.loss - found.loss) < 1e-6)
      #expect(expected.accuracy == found.accuracy)
    }
  }

  /// A training judges as its recipe says, the average of its weights too.
  @Test(arguments: [nil, "ema"]) func trainingsJudgeByThem(averaging: String?) throws {
    let backend = CPUBackend(variant: .baseline, threadCount: 1)
    let data = Toy.shapes()
    var recipe = Toy.recipe(epochs: 1)
    recipe.averaging = try averaging.map { try Averaging(parsing: $0) }
    let plain = try Toy.trainer(recipe, backend).run()
    recipe.testTimeAugmentation = .flipAndTranslate
    let trainer = try Toy.trainer(recipe, backend)
    let result = try trainer.run()
    #expect(result.epochs[0].trainLoss == plain.epochs[0].trainLoss)
    #expect(result.epochs[0].testLoss != plain.epochs[0].testLoss)
    let program = try TrainingProgram(
      Toy.network(), configuration: trainer.graph.configuration, backend: backend)
    try program.restore(trainer.checkpoint(), path: "F")
    let evaluation =
      averaging == nil
      ? program.evaluate(data.test, augmentation: .flipAndTranslate)
      : program.evaluateAverage(on: data.test, augmentation: .flipAndTranslate)
    #expect(evaluation.loss == result.epochs[0].testLoss)
    #expect(evaluation.accuracy == result.testAccuracy)
  }
}

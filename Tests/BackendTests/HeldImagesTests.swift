import CPUBackend
import CUDABackend
import Datasets
import Kernels
import Networks
import Schedules
import Tensors
import TestSupport
import Testing

@testable import Training

/// Batches made on an emulated GPU, bit for bit those of the loader, and a training that uses them.
@Suite struct HeldImagesTests {
  private static func split(_ split: ImageDataset.Split, _ count: Int) -> ImageDataset {
    let pixels = (0..<count * 3 * 7 * 5).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 11) }
    return ImageDataset(
      name: "small", split: split, channels: 3, height: 7, width: 5, pixels: pixels,
      labels: (0..<count).map { $0 % 3 }, classNames: ["a", "b", "c"],
      normalization: Normalization(mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.25, 0.3]))
  }

  private static var network: Network {
    var network = Network(name: "small", imageChannels: 3)
    var x = network.addConvolutionBatchNorm("a", "bn", network.images, channels: 8)
    x = network.add(.relu, "relu", x)
    x = network.add(.globalAveragePool, "pool", x)
    _ = network.add(.linear(outputs: 3), "fc", x)
    return network
  }

  private let emulated = CUDABackend(arithmetic: "emulated") { EmulatedMachine(.random) }

  private static let augmentations = [
    "none", "crop,flip", "translate,altflip,cutout", "crop16,cutmix", "translate4,flip,mixup0.4",
    "crop2,altflip,cutout16,mixup,cutmix",
  ]

  @Test(arguments: augmentations) func batchesAreTheLoaders(augmentation: String) throws {
    let dataset = Self.split(.training, 10)
    let plan = BatchPlan(
      sampler: Sampler(count: 10, batchSize: 4, order: .shuffled, remainder: .kept, seed: 9),
      augmentation: try Augmentation(parsing: augmentation))
    let training = try TrainingProgram(
      Self.network, configuration: .init(batch: 4, height: 7, width: 5), backend: emulated)
    // The second split takes the place of the first.
    #expect(training.hold(Self.split(.test, 4), as: .training, padsByReflection: false))
    #expect(
      training.hold(
        dataset, as: .training, padsByReflection: plan.augmentation.padsByReflection))
    let loader = Loader(dataset, plan: plan, epochs: 0..<3)
    let descriptions = Loader(dataset, plan: plan, epochs: 0..<3, makesImages: false)
    var count = 0
    while let expected = loader.withNextBatch({ batch in
      batch.withImages { span in span.indices.map { span[$0] } }
    }) {
      descriptions.withNextBatch { batch in
        #expect(!batch.hasImages)
        training.program.write(
          batch.description.sources(height: 7, width: 5), of: .training)
      }
      let graph = training.graph
      #expect(training.program.values(of: graph.images, in: graph) == expected)
      count += 1
    }
    #expect(count == 9)
  }

  /// A split and its tables take at most three quarters of what is free; others stay beside it.
  @Test func splitsAreHeldAsFarAsMemoryGoes() throws {
    nonisolated(unsafe) let machine = EmulatedMachine(.forward)
    let training = try TrainingProgram(
      Self.network, configuration: .init(batch: 4, height: 7, width: 5),
      backend: CUDABackend(arithmetic: "emulated") { machine })
    let used = machine.usedByteCount
    func byteCount(_ images: Int) -> Int { images * 3 * 7 * 5 + 3 * 256 * 4 }
    func hold(_ dataset: ImageDataset, as split: HeldSplit) -> Bool {
      training.hold(dataset, as: split, padsByReflection: false)
    }
    let (learned, judged) = (Self.split(.training, 20), Self.split(.test, 4))
    machine.capacity = used + byteCount(20) * 4 / 3 - 1
    #expect(!hold(learned, as: .training))
    #expect(machine.usedByteCount == used)
    // What was refused is refused again without asking, as long as it is the same.
    machine.capacity = used + 4 * byteCount(20)
    let questions = machine.capacityQuestionCount
    #expect(!hold(learned, as: .training))
    #expect(machine.capacityQuestionCount == questions)
    #expect(hold(Self.split(.training, 19), as: .training))
    #expect(machine.usedByteCount == used + byteCount(19))
    // Another size takes the place of the one before, memory included.
    #expect(hold(learned, as: .training))
    #expect(machine.usedByteCount == used + byteCount(20))
    #expect(hold(judged, as: .evaluation))
    #expect(machine.usedByteCount == used + byteCount(20) + byteCount(4))
    // What is there already is not brought again.
    let written = machine.writtenByteCount
    #expect(hold(learned, as: .training) && hold(judged, as: .evaluation))
    #expect(machine.writtenByteCount == written)
    // Images that are refused have taken the place of those before them all the same.
    machine.capacity = machine.usedByteCount
    #expect(!hold(Self.split(.test, 40), as: .evaluation))
    #expect(machine.usedByteCount == used + byteCount(20))
  }

  /// The emulated GPU, which counts what it is sent, with or without the memory for another split.
  private func evaluator(holds: Bool) throws -> (TrainingProgram, EmulatedMachine) {
    nonisolated(unsafe) let machine = EmulatedMachine(.random)
    let program = try TrainingProgram(
      Self.network, configuration: .init(batch: 4, height: 7, width: 5),
      backend: CUDABackend(arithmetic: "emulated") { machine })
    program.initialize(seed: 3, dataset: Self.split(.training, 12))
    if !holds { machine.capacity = machine.usedByteCount }
    return (program, machine)
  }

  /// Whole and short batches, through every view, from images on the device and from the host's pixels.
  @Test(arguments: TestTimeAugmentation.allCases)
  func evaluationsAreTheHostsBitForBit(views: TestTimeAugmentation) throws {
    let dataset = Self.split(.test, 10)
    let (host, _) = try evaluator(holds: false)
    let (device, machine) = try evaluator(holds: true)
    let expected = host.evaluateWithLogits(dataset, augmentation: views)
    let found = device.evaluateWithLogits(dataset, augmentation: views)
    #expect(found.logits.values.map(\.bitPattern) == expected.logits.values.map(\.bitPattern))
    #expect(found.evaluation == expected.evaluation)
    #expect(Set(expected.logits.values).count > 10, "images look different")
    #expect(host.evaluate(dataset, augmentation: views) == expected.evaluation)
    let written = machine.writtenByteCount
    #expect(device.evaluate(dataset, augmentation: views) == expected.evaluation)
    #expect(
      machine.writtenByteCount - written
        == 3 * Self.byteCount(ofBatchOf: device.graph, views: views.views.count))
  }

  /// Descriptions of the images and each view of them, labels, other labels, shares, step inputs.
  private static func byteCount(ofBatchOf graph: Graph, views: Int = 1) -> Int {
    let batch = graph.configuration.batch
    return batch * (18 * 4 * views + 3 * 4) + 4 * graph[graph.stepInputs].shape.count
  }

  /// The training split is there beside the one that is judged, and neither is sent again.
  @Test func epochsSendNoPixels() throws {
    let dataset = Dataset(training: Self.split(.training, 20), test: Self.split(.test, 6))
    nonisolated(unsafe) let machine = EmulatedMachine(.forward)
    var graph: Graph?
    func written(epochs: Int) throws -> Int {
      let before = machine.writtenByteCount
      let recipe = Recipe(
        network: "small", data: "small", epochs: epochs, batch: 4, seed: 5,
        testTimeAugmentation: .flipAndTranslate, plan: try Plan(words: ["lr=0.01"]))
      let trainer = try Trainer(
        recipe, dataset: dataset, network: Self.network,
        backend: CUDABackend(arithmetic: "emulated") { machine })
      _ = try trainer.run([])
      graph = trainer.graph
      return machine.writtenByteCount - before
    }
    let epoch = try written(epochs: 2) - written(epochs: 1)
    let described = try #require(graph)
    #expect(
      epoch == 5 * Self.byteCount(ofBatchOf: described)
        + 2 * Self.byteCount(ofBatchOf: described, views: 6))
  }

  /// Every part of a training at once: schedules, parts of a step, averages, mixed images, resident
  /// on the device here and made by the loader there.
  @Test func trainerReachesTheProcessorsWeights() throws {
    let dataset = Dataset(training: Self.split(.training, 20), test: Self.split(.test, 6))
    let plan = try Plan(words: ["lr=0.01..0.1@50%,0.1..0", "momentum=0.9..0.8", "weightDecay=1e-3"])
    let recipe = Recipe(
      network: "small", data: "small", epochs: 3, batch: 8, seed: 5,
      augmentation: try Augmentation(parsing: "translate,altflip,cutout,mixup"),
      optimizer: try Optimizer(parsing: "sgd(nesterov)"), accumulation: 2,
      averaging: try Averaging(parsing: "lookahead(every=2)"), plan: plan)
    func weights(_ backend: any Backend) throws -> [Float] {
      let trainer = try Trainer(recipe, dataset: dataset, network: Self.network, backend: backend)
      _ = try trainer.run([])
      return try trainer.checkpoint().tensors.flatMap(\.values)
    }
    let processor = CPUBackend(
      variant: try #require(KernelVariant.available.last), threadCount: 1)
    let expected = try weights(processor)
    let found = try weights(emulated)
    #expect(found.count == expected.count)
    let error = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let scale = expected.reduce(0) { $0 + $1 * $1 }
    #expect(error.squareRoot() <= 1e-4 * scale.squareRoot())
  }
}

import CUDABackend
import Datasets
import Networks
import Tensors
import Testing

/// Batches made on an emulated GPU, bit for bit those of the loader.
@Suite struct HeldImagesTests {
  private static let augmentations = [
    "none", "crop,flip", "translate,altflip,cutout", "crop16,cutmix", "translate4,flip,mixup0.4",
    "crop2,altflip,cutout16,mixup,cutmix",
  ]

  @Test(arguments: augmentations) func batchesAreTheLoaders(augmentation: String) throws {
    let pixels = (0..<10 * 3 * 7 * 5).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 11) }
    let dataset = ImageDataset(
      name: "small", split: .training, channels: 3, height: 7, width: 5, pixels: pixels,
      labels: (0..<10).map { $0 % 3 }, classNames: ["a", "b", "c"],
      normalization: Normalization(mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.25, 0.3]))
    let augmentation = try Augmentation(parsing: augmentation)
    let plan = BatchPlan(
      sampler: Sampler(count: 10, batchSize: 4, order: .shuffled, remainder: .kept, seed: 9),
      augmentation: augmentation)
    var network = Network(name: "small", imageChannels: 3)
    let pooled = network.add(.globalAveragePool, "pool", network.images)
    _ = network.add(.linear(outputs: 3), "fc", pooled)
    let graph = Graph(
      network: network, configuration: .init(batch: 4, height: 7, width: 5))
    let machine = EmulatedMachine(.random)
    let program = try CUDAProgram(Blueprint(graph) { machine.prepare($0) }, on: machine)
    let tables = (0..<3).flatMap { dataset.normalization.table(channel: $0) }
    let held = try program.hold(
      pixels.span, tables: tables.span, padsByReflection: augmentation.padsByReflection)
    let loader = Loader(dataset, plan: plan, epochs: 0..<3)
    var count = 0
    while let expected = loader.withNextBatch({ batch in
      program.write(batch.description.sources(height: 7, width: 5), from: held)
      return batch.withImages { span in span.indices.map { span[$0] } }
    }) {
      #expect(program.values(of: graph.images, in: graph) == expected)
      count += 1
    }
    #expect(count == 9)
  }
}

extension BatchDescription {
  /// What a device makes the batch's images of.
  fileprivate func sources(height: Int, width: Int) -> [ImageSource] {
    zip(samples, choices).map { sample, choice in
      func view(_ sample: Int, _ window: Augmentation.Choice.Window) -> ImageSource.View {
        ImageSource.View(
          sample: sample, rowOffset: window.rowOffset, columnOffset: window.columnOffset,
          isFlipped: window.isFlipped)
      }
      func area(_ patch: Augmentation.Choice.Patch) -> ImageSource.Area {
        let (rows, columns) = patch.area(height: height, width: width)
        return ImageSource.Area(rows: rows, columns: columns)
      }
      return ImageSource(
        view: view(sample, choice.window), erased: choice.cutout.map(area),
        mixture: choice.mixture.map {
          ImageSource.Mixture(
            view: view($0.sample, $0.window), share: $0.share, area: $0.patch.map(area))
        })
    }
  }
}

import Tensors
import Testing

@testable import Datasets

/// A batch as plain arrays.
private struct Batch: Equatable {
  var description: BatchDescription
  var images: [Float]
  var labels: [Float]

  init(_ batch: LoadedBatch) {
    description = batch.description
    images = batch.withImages { span in span.indices.map { span[$0] } }
    labels = batch.withLabels { span in span.indices.map { span[$0] } }
  }
}

extension Loader {
  fileprivate func collect() -> [Batch] {
    var batches: [Batch] = []
    while let batch = withNextBatch(Batch.init) { batches.append(batch) }
    return batches
  }
}

/// One image by the definition: surround with black, cut out, mirror, normalise.
private func naive(_ data: ImageDataset, sample: Int, _ choice: Augmentation.Choice) -> [Float] {
  var result: [Float] = []
  for c in 0..<data.channels {
    for y in 0..<data.height {
      for x in 0..<data.width {
        let row = y + choice.rowOffset
        let column = (choice.isFlipped ? data.width - 1 - x : x) + choice.columnOffset
        var pixel = 0.0
        if 0..<data.height ~= row, 0..<data.width ~= column {
          pixel = Double(
            data.pixels[((sample * data.channels + c) * data.height + row) * data.width + column])
        }
        result.append(
          Float((pixel / 255 - data.normalization.mean[c]) / data.normalization.deviation[c]))
      }
    }
  }
  return result
}

@Suite struct LoaderTests {
  private let data = Dataset.synthetic(
    channels: 3, height: 5, width: 7, classCount: 3, trainingCount: 11, testCount: 5)

  private func plan(
    batch: Int, order: Sampler.Order = .shuffled, augmentation: Augmentation = .none
  ) -> BatchPlan {
    BatchPlan(
      sampler: Sampler(
        count: data.training.count, batchSize: batch, order: order, remainder: .dropped, seed: 9),
      augmentation: augmentation)
  }

  @Test(arguments: ["none", "flip", "crop", "crop2,flip", "crop16,flip"])
  func equalsTheNaiveTwin(augmentation: String) throws {
    let plan = plan(batch: 4, augmentation: try Augmentation(parsing: augmentation))
    let batches = Loader(data.training, plan: plan, epochs: 0..<10).collect()
    #expect(batches.count == 20)
    for (index, batch) in batches.enumerated() {
      let expected = plan.batch(epoch: index / 2, step: index % 2)
      #expect(batch.description == expected)
      #expect(
        batch.images
          == zip(expected.samples, expected.choices).flatMap {
            naive(data.training, sample: $0, $1)
          })
      #expect(batch.labels == expected.samples.map { Float(data.training.labels[$0]) })
    }
  }

  /// Every offset and flip, also those that move the image out of sight.
  @Test func carriesOutEveryChoice() {
    let writer = BatchWriter(data.training)
    var images = HostBuffer(count: data.training.imageSize)
    var labels = HostBuffer(count: 1)
    for row in -6...6 {
      for column in -8...8 {
        for isFlipped in [false, true] {
          let choice = Augmentation.Choice(
            rowOffset: row, columnOffset: column, isFlipped: isFlipped)
          let batch = BatchDescription(epoch: 0, step: 0, samples: [3], choices: [choice])
          images.withMutableSpan { images in
            labels.withMutableSpan { writer.write(batch, images: &images, labels: &$0) }
          }
          let found = images.withSpan { span in span.indices.map { span[$0] } }
          #expect(found == naive(data.training, sample: 3, choice), "\(choice)")
        }
      }
    }
  }

  @Test func keepsAShortLastBatchAndClearsTheRest() {
    let plan = BatchPlan.evaluation(count: 5, batchSize: 3)
    let batches = Loader(data.test, plan: plan, epochs: 0..<2, prefetch: 2).collect()
    #expect(batches.map(\.description.validCount) == [3, 2, 3, 2])
    #expect(batches.map(\.description.samples) == [[0, 1, 2], [3, 4], [0, 1, 2], [3, 4]])
    let size = data.test.imageSize
    // The fourth batch lies in the memory of the first, which was full.
    #expect(batches[3].images.suffix(size).allSatisfy { $0 == 0 })
    #expect(batches[3].images == batches[1].images)
    #expect(batches[1].images.prefix(size) == naive(data.test, sample: 3, .unchanged)[...])
    #expect(batches[3].labels == [0, 1, 0])
  }

  /// The same batches however far ahead the thread works and however long the reader takes.
  @Test func doesNotDependOnTiming() {
    let plan = plan(batch: 3, augmentation: Augmentation(cropPadding: 2, flips: true))
    let reference = Loader(data.training, plan: plan, epochs: 0..<4).collect()
    for prefetch in [1, 2, 5, 40] {
      let loader = Loader(data.training, plan: plan, epochs: 0..<4, prefetch: prefetch)
      var busy: UInt64 = 1
      var batches: [Batch] = []
      while let batch = loader.withNextBatch(Batch.init) {
        for _ in 0..<1_000 * (batches.count % 3) { busy = busy &* 6_364_136_223_846_793_005 &+ 1 }
        batches.append(batch)
      }
      #expect(batches == reference, "prefetch \(prefetch), \(busy)")
    }
  }

  @Test func skipsToAnEpoch() throws {
    let plan = plan(batch: 4)
    let all = Loader(data.training, plan: plan, epochs: 0..<5).collect()
    let loader = Loader(data.training, plan: plan, epochs: 0..<5)
    loader.skip(toEpoch: 0)
    #expect(loader.withNextBatch(Batch.init) == all[0])
    loader.skip(toEpoch: 3)
    #expect(loader.withNextBatch(Batch.init) == all[6])
    loader.skip(toEpoch: 4)
    #expect(loader.collect() == Array(all[8...]))
    #expect(loader.withNextBatch(Batch.init) == nil)
    let rest = Loader(data.training, plan: plan, epochs: 0..<5)
    rest.skip(toEpoch: 9)
    #expect(rest.withNextBatch(Batch.init) == nil)
  }

  /// The middle of an epoch is reached without what comes before it.
  @Test func beginsInTheMiddle() {
    let plan = plan(batch: 3, augmentation: Augmentation(cropPadding: 2, flips: true))
    let all = Loader(data.training, plan: plan, epochs: 0..<4).collect()
    for (epoch, step) in [(0, 0), (0, 2), (1, 1), (1, 3), (3, 2), (3, 3)] {
      let loader = Loader(data.training, plan: plan, epochs: epoch..<4, firstStep: step)
      #expect(loader.collect() == Array(all[(3 * epoch + step)...]), "epoch \(epoch) step \(step)")
    }
    let none = Loader(data.training, plan: plan, epochs: 4..<4)
    #expect(none.collect().isEmpty)
  }

  /// Letting go of a loader at any moment ends its thread; a thread left waiting would hang here.
  @Test func stopsAtAnyMoment() {
    for taken in 0..<6 {
      for _ in 0..<20 {
        let loader = Loader(data.training, plan: plan(batch: 4), epochs: 0..<3, prefetch: 1)
        for _ in 0..<taken { _ = loader.withNextBatch { $0.validCount } }
      }
    }
    let none = Loader(data.training, plan: plan(batch: 4), epochs: 2..<2)
    #expect(none.withNextBatch { $0.validCount } == nil)
  }

  @Test func passesErrorsOn() throws {
    struct Refusal: Error {}
    let loader = Loader(data.training, plan: plan(batch: 4), epochs: 0..<1)
    #expect(throws: Refusal.self) {
      try loader.withNextBatch { _ in throw Refusal() }
    }
    #expect(loader.withNextBatch { $0.description.step } == 1)
  }
}

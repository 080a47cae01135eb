import Tensors
import Testing

@testable import Datasets

/// A batch as plain arrays.
private struct Batch: Equatable {
  var description: BatchDescription
  var images: [Float]
  var labels: [Float]
  var others: [Float]

  init(_ batch: LoadedBatch) {
    description = batch.description
    images = batch.withImages { span in span.indices.map { span[$0] } }
    labels = batch.withLabels { span in span.indices.map { span[$0] } }
    others = batch.withOthers { labels, shares in
      labels.indices.map { labels[$0] } + shares.indices.map { shares[$0] }
    }
  }
}

extension Loader {
  fileprivate func collect() -> [Batch] {
    var batches: [Batch] = []
    while let batch = withNextBatch(Batch.init) { batches.append(batch) }
    return batches
  }
}

/// What is seen of an image by the definition: surround with black or its mirror images, cut out,
/// mirror, normalise.
private func naive(
  _ data: ImageDataset, sample: Int, _ window: Augmentation.Choice.Window, reflects: Bool = false
) -> [Float] {
  func reflected(_ position: Int, _ size: Int) -> Int {
    var position = position
    while !(0..<size ~= position) {
      position = position < 0 ? -position : 2 * (size - 1) - position
    }
    return position
  }
  var result: [Float] = []
  for c in 0..<data.channels {
    for y in 0..<data.height {
      for x in 0..<data.width {
        var row = y + window.rowOffset
        var column = (window.isFlipped ? data.width - 1 - x : x) + window.columnOffset
        if reflects { (row, column) = (reflected(row, data.height), reflected(column, data.width)) }
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

/// An image, the class it is mixed with and its share by the definition.
private func naive(
  _ data: ImageDataset, sample: Int, _ choice: Augmentation.Choice, reflects: Bool = false
) -> (image: [Float], other: Float, share: Float) {
  var image = naive(data, sample: sample, choice.window, reflects: reflects)
  func isInside(_ patch: Augmentation.Choice.Patch, _ index: Int) -> Bool {
    let area = patch.area(height: data.height, width: data.width)
    return area.rows.contains(index / data.width % data.height)
      && area.columns.contains(index % data.width)
  }
  if let cutout = choice.cutout {
    for index in image.indices where isInside(cutout, index) { image[index] = 0 }
  }
  guard let mixture = choice.mixture else { return (image, 0, 0) }
  let other = naive(data, sample: mixture.sample, mixture.window, reflects: reflects)
  let label = Float(data.labels[mixture.sample])
  guard let patch = mixture.patch else {
    let mixed = zip(image, other).map { $0 * (1 - mixture.share) + $1 * mixture.share }
    return (mixed, label, mixture.share)
  }
  let inside = image.indices.filter { isInside(patch, $0) }
  for index in inside { image[index] = other[index] }
  return (image, label, Float(inside.count) / Float(image.count))
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

  @Test(arguments: [
    "none", "flip", "crop", "crop2,flip", "crop16,flip", "altflip", "translate", "translate16,flip",
    "cutout3", "cutout64", "mixup", "cutmix", "crop,flip,cutout2,mixup0.4,cutmix0.7",
  ])
  func equalsTheNaiveTwin(augmentation: String) throws {
    let plan = plan(batch: 4, augmentation: try Augmentation(parsing: augmentation))
    let batches = Loader(data.training, plan: plan, epochs: 0..<10).collect()
    #expect(batches.count == 20)
    for (index, batch) in batches.enumerated() {
      let expected = plan.batch(epoch: index / 2, step: index % 2)
      #expect(batch.description == expected)
      let twins = zip(expected.samples, expected.choices).map {
        naive(data.training, sample: $0, $1, reflects: plan.augmentation.padsByReflection)
      }
      #expect(batch.images == twins.flatMap(\.image))
      #expect(batch.others == twins.map(\.other) + twins.map(\.share))
      #expect(batch.labels == expected.samples.map { Float(data.training.labels[$0]) })
    }
  }

  /// Every offset and flip, also those that move the image out of sight.
  @Test func carriesOutEveryChoice() {
    let writer = BatchWriter(data.training)
    var images = HostBuffer(count: data.training.imageSize)
    var labels = HostBuffer(count: 1)
    var others = HostBuffer(count: 2)
    var scratch = HostBuffer(count: 0)
    for row in -6...6 {
      for column in -8...8 {
        for isFlipped in [false, true] {
          let window = Augmentation.Choice.Window(
            rowOffset: row, columnOffset: column, isFlipped: isFlipped)
          let choice = Augmentation.Choice(window: window)
          let batch = BatchDescription(epoch: 0, step: 0, samples: [3], choices: [choice])
          images.withMutableSpan { images in
            labels.withMutableSpan { labels in
              others.withMutableSpan { others in
                scratch.withMutableSpan {
                  writer.write(
                    batch, images: &images, labels: &labels, others: &others, scratch: &$0)
                }
              }
            }
          }
          let found = images.withSpan { span in span.indices.map { span[$0] } }
          #expect(found == naive(data.training, sample: 3, window), "\(choice)")
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
    #expect(batches[1].images.prefix(size) == naive(data.test, sample: 3, .init())[...])
    #expect(batches[3].labels == [0, 1, 0])
  }

  /// Everything at once, by other strengths in each batch.
  private var changingPlan: BatchPlan {
    var plan = plan(
      batch: 3,
      augmentation: Augmentation(
        cropPadding: 2, padsByReflection: true, alternatesFlips: true, cutout: 3, mixup: 0.4,
        cutmix: 1))
    plan.strengths = (0..<4).map { epoch in (0..<3).map { Double(3 * epoch + $0) / 11 } }
    return plan
  }

  /// The same batches however far ahead the thread works and however long the reader takes.
  @Test func doesNotDependOnTiming() {
    let plan = changingPlan
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
    let plan = changingPlan
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

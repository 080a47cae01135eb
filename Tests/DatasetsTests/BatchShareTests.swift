import Testing

@testable import Datasets

@Suite struct BatchShareTests {
  private static let data = Dataset.synthetic(
    channels: 1, height: 2, width: 2, trainingCount: 50, testCount: 10)

  /// The samples of a loader's batches, to its end.
  private static func samples(_ loader: Loader) -> [[Int]] {
    var batches: [[Int]] = []
    while let samples = loader.withNextBatch({ $0.description.samples }) { batches.append(samples) }
    return batches
  }

  private static func loader(
    _ share: BatchShare, epochs: Range<Int> = 0..<2, firstStep: Int = 0
  ) -> Loader {
    Loader(
      data.training,
      plan: BatchPlan(
        sampler: Sampler(
          count: data.training.count, batchSize: 5, order: .shuffled, remainder: .dropped, seed: 2)),
      epochs: epochs, firstStep: firstStep, share: share)
  }

  /// Ten batches in an epoch; with four shares two of them have one less.
  @Test(arguments: [1, 2, 4, 10, 11]) func shareAnEpochOut(count: Int) {
    let all = Self.samples(Self.loader(.all))
    #expect(all.count == 20)
    for index in 0..<count {
      let own = Self.samples(Self.loader(BatchShare(index: index, of: count)))
      let expected = (0..<2).flatMap { epoch in
        stride(from: index, to: 10, by: count).map { all[10 * epoch + $0] }
      }
      #expect(own == expected, "share \(index) of \(count)")
    }
  }

  @Test func beginInTheMiddleAndSkip() {
    let all = Self.samples(Self.loader(.all))
    let loader = Self.loader(BatchShare(index: 1, of: 4), firstStep: 4)
    #expect(loader.withNextBatch { $0.description.samples } == all[5])
    #expect(loader.withNextBatch { $0.description.samples } == all[9])
    #expect(loader.withNextBatch { $0.description.samples } == all[11])
    let skipping = Self.loader(BatchShare(index: 1, of: 4), firstStep: 8)
    skipping.skip(toEpoch: 1)
    #expect(skipping.withNextBatch { $0.description.samples } == all[11])
    // Nothing is left of the first epoch for the last share.
    let late = Self.loader(BatchShare(index: 3, of: 4), firstStep: 8)
    #expect(late.withNextBatch { $0.description.samples } == all[13])
  }
}

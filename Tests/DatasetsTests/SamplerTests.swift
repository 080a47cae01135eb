import Testing

@testable import Datasets

@Suite struct SamplerTests {
  private func sampler(
    _ count: Int, batch: Int, order: Sampler.Order = .shuffled,
    remainder: Sampler.Remainder = .dropped, seed: UInt64 = 1
  ) -> Sampler {
    Sampler(count: count, batchSize: batch, order: order, remainder: remainder, seed: seed)
  }

  @Test(arguments: [1, 2, 3, 100, 1_001])
  func visitsEverySampleOnce(count: Int) {
    let sampler = sampler(count, batch: 1)
    for epoch in 0..<3 {
      #expect(sampler.samples(epoch: epoch).sorted() == Array(0..<count))
    }
  }

  @Test func isAFunctionOfSeedAndEpoch() {
    let sampler = sampler(100, batch: 10)
    #expect(sampler.samples(epoch: 3) == sampler.samples(epoch: 3))
    #expect(sampler.samples(epoch: 3) != sampler.samples(epoch: 4))
    #expect(sampler.samples(epoch: 3) != self.sampler(100, batch: 10, seed: 2).samples(epoch: 3))
    // Pinned: another order would make old runs unrepeatable.
    #expect(self.sampler(8, batch: 1).samples(epoch: 0) == [2, 7, 5, 3, 1, 0, 4, 6])
  }

  @Test func sequentialIsTheOwnOrder() {
    let sampler = sampler(5, batch: 2, order: .sequential)
    #expect(sampler.samples(epoch: 7) == [0, 1, 2, 3, 4])
  }

  /// 24 permutations of 4 samples over 4,800 epochs: 200 each; χ² with 23 degrees of freedom
  /// exceeds 49.7 once in a thousand.
  @Test func permutationsAreEquallyLikely() {
    let sampler = sampler(4, batch: 1)
    var counts: [[Int]: Double] = [:]
    for epoch in 0..<4_800 {
      counts[sampler.samples(epoch: epoch), default: 0] += 1
    }
    #expect(counts.count == 24)
    let chiSquare = counts.values.reduce(0) { $0 + ($1 - 200) * ($1 - 200) / 200 }
    #expect(chiSquare < 49.7)
  }

  @Test func dropsOrKeepsTheLastBatch() {
    let dropped = sampler(10, batch: 4)
    #expect(dropped.stepsPerEpoch == 2)
    #expect(dropped.positions(step: 1) == 4..<8)
    let kept = sampler(10, batch: 4, remainder: .kept)
    #expect(kept.stepsPerEpoch == 3)
    #expect(kept.positions(step: 2) == 8..<10)
    #expect(sampler(8, batch: 4, remainder: .kept).stepsPerEpoch == 2)
    #expect(sampler(3, batch: 4, remainder: .kept).stepsPerEpoch == 1)
  }

  @Test func refusesABatchThatDoesNotFit() async {
    await #expect(processExitsWith: .failure) {
      _ = Sampler(count: 3, batchSize: 4, order: .shuffled, remainder: .dropped, seed: 0)
    }
  }
}

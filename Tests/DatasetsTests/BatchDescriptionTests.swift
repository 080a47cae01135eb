import Testing

@testable import Datasets

@Suite struct BatchDescriptionTests {
  private let plan = BatchPlan(
    sampler: Sampler(count: 10, batchSize: 4, order: .shuffled, remainder: .dropped, seed: 3),
    augmentation: Augmentation(cropPadding: 2, flips: true))

  @Test func cutsTheOrderIntoBatches() {
    let order = plan.sampler.samples(epoch: 2)
    #expect(plan.batch(epoch: 2, step: 0).samples == Array(order[0..<4]))
    #expect(plan.batch(epoch: 2, step: 1).samples == Array(order[4..<8]))
  }

  /// What happens to a sample depends on the epoch, not on its place in a batch.
  @Test func choicesBelongToSamples() {
    let sequential = BatchPlan(
      sampler: Sampler(count: 10, batchSize: 5, order: .sequential, remainder: .dropped, seed: 3),
      augmentation: plan.augmentation)
    let own = (0..<2).flatMap { sequential.batch(epoch: 2, step: $0).choices }
    for step in 0..<2 {
      let batch = plan.batch(epoch: 2, step: step)
      #expect(batch.choices == batch.samples.map { own[$0] })
    }
  }

  @Test func evaluationVisitsAllOnceUnchanged() {
    let plan = BatchPlan.evaluation(count: 7, batchSize: 3)
    let batches = (0..<plan.sampler.stepsPerEpoch).map { plan.batch(epoch: 0, step: $0) }
    #expect(batches.flatMap(\.samples) == Array(0..<7))
    #expect(batches.flatMap(\.choices).allSatisfy { $0 == .unchanged })
    #expect(batches.map(\.validCount) == [3, 3, 1])
  }
}

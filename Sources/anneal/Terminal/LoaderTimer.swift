import Datasets

/// Times the making of batches alone, without a network that takes them.
enum LoaderTimer {
  /// Batches that are made first and not timed.
  private static let warmup = 3

  /// Images of a split that its loader makes ready in a second.
  ///
  /// - Parameters:
  ///   - dataset: The split.
  ///   - batch: Images in a batch, at most those of the split.
  ///   - augmentation: What happens to them.
  ///   - steps: Batches to time, ≥ 1.
  ///   - now: Seconds on a clock that never goes back.
  /// - Returns: Images a second.
  static func imagesPerSecond(
    _ dataset: ImageDataset, batch: Int, augmentation: Augmentation, steps: Int,
    now: () -> Double
  ) -> Double {
    let plan = BatchPlan(
      sampler: Sampler(
        count: dataset.count, batchSize: batch, order: .shuffled, remainder: .dropped, seed: 0),
      augmentation: augmentation)
    let stepsPerEpoch = plan.sampler.stepsPerEpoch
    let loader = Loader(
      dataset, plan: plan, epochs: 0..<(warmup + steps + stepsPerEpoch - 1) / stepsPerEpoch)
    for _ in 0..<warmup { loader.withNextBatch { _ in } }
    let began = now()
    for _ in 0..<steps { loader.withNextBatch { _ in } }
    return Double(steps * batch) / (now() - began)
  }
}

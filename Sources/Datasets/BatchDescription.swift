/// What a batch holds, without its pixels: which samples, and what happens to each.
///
/// It is the same on every backend; carrying it out is `Loader`'s work on the CPU.
public struct BatchDescription: Hashable, Sendable {
  /// The epoch it belongs to, from 0.
  public internal(set) var epoch: Int
  /// Its number within the epoch, from 0.
  public internal(set) var step: Int
  /// Indices into the split; fewer than the batch size only in a kept last batch.
  public internal(set) var samples: [Int]
  /// What happens to each sample.
  public internal(set) var choices: [Augmentation.Choice]

  /// The number of samples in it.
  public var validCount: Int { samples.count }
}

/// The batches of a split: a pure function from (epoch, step) to what the batch holds.
public struct BatchPlan: Hashable, Sendable {
  /// Which samples, in which order.
  public let sampler: Sampler
  /// What may happen to them.
  public let augmentation: Augmentation
  /// The strength of the augmentation for the batches of each epoch; the last ones stay, and where
  /// there are none it is 1.
  public var strengths: [[Double]] = []

  /// Makes a plan; the augmentation draws with the sampler's seed.
  public init(sampler: Sampler, augmentation: Augmentation = .none) {
    self.sampler = sampler
    self.augmentation = augmentation
  }

  /// A plan that visits every sample of a split once, in order and unchanged.
  public static func evaluation(count: Int, batchSize: Int) -> BatchPlan {
    BatchPlan(
      sampler: Sampler(
        count: count, batchSize: batchSize, order: .sequential, remainder: .kept, seed: 0))
  }

  /// The batch of a step.
  ///
  /// - Precondition: `epoch` ≥ 0 and `step` lies in the epoch.
  public func batch(epoch: Int, step: Int) -> BatchDescription {
    var description = BatchDescription(epoch: epoch, step: step, samples: [], choices: [])
    describe(
      &description, epoch: epoch, step: step, order: sampler.samples(epoch: epoch))
    return description
  }

  /// Writes a step's batch over `description`, whose storage is used again.
  ///
  /// - Parameters:
  ///   - description: Overwritten.
  ///   - epoch: The epoch, from 0.
  ///   - step: The step within the epoch.
  ///   - order: The epoch's samples, from the sampler.
  func describe(_ description: inout BatchDescription, epoch: Int, step: Int, order: [Int]) {
    description.epoch = epoch
    description.step = step
    description.samples.removeAll(keepingCapacity: true)
    description.choices.removeAll(keepingCapacity: true)
    let strength = strength(epoch: epoch, step: step)
    for position in sampler.positions(step: step) {
      let sample = order[position]
      description.samples.append(sample)
      description.choices.append(
        augmentation.choice(
          sample: sample, epoch: epoch, seed: sampler.seed, count: sampler.count,
          strength: strength))
    }
  }

  private func strength(epoch: Int, step: Int) -> Double {
    guard let last = strengths.last else { return 1 }
    let own = epoch < strengths.count ? strengths[epoch] : last
    return step < own.count ? own[step] : own.last ?? 1
  }
}

import Tensors

/// The order in which a split's samples are visited, cut into batches.
///
/// The order is a pure function of (seed, epoch): an epoch can be replayed, resumed or looked at
/// without those before it.
public struct Sampler: Hashable, Sendable {
  /// How the samples are ordered.
  public enum Order: String, Hashable, Sendable, Codable, CaseIterable {
    /// A fresh permutation each epoch.
    case shuffled
    /// The data set's own order.
    case sequential
  }

  /// What happens to the samples that do not fill the last batch.
  public enum Remainder: Hashable, Sendable {
    /// They are left out of this epoch: for training, where every step has the same shape and the
    /// same weight, and shuffling leaves out other samples each time.
    case dropped
    /// They make a shorter last batch: for evaluation, which counts every sample once.
    case kept
  }

  /// Samples in the split.
  public let count: Int
  /// Samples in a batch.
  public let batchSize: Int
  /// How they are ordered.
  public let order: Order
  /// What happens to the last ones.
  public let remainder: Remainder
  /// The run's seed.
  public let seed: UInt64

  /// Makes a sampler.
  ///
  /// - Parameters:
  ///   - count: Samples in the split, ≥ 1.
  ///   - batchSize: Samples in a batch, ≥ 1; with a dropped remainder at most `count`.
  ///   - order: How they are ordered.
  ///   - remainder: What happens to the last ones.
  ///   - seed: The run's seed.
  /// - Precondition: An epoch has at least one batch.
  public init(count: Int, batchSize: Int, order: Order, remainder: Remainder, seed: UInt64) {
    precondition(count >= 1 && batchSize >= 1, "a batch has at least one sample")
    precondition(
      remainder == .kept || batchSize <= count,
      "a batch of \(batchSize) does not fit into \(count) samples")
    self.count = count
    self.batchSize = batchSize
    self.order = order
    self.remainder = remainder
    self.seed = seed
  }

  /// Batches in an epoch.
  public var stepsPerEpoch: Int {
    switch remainder {
    case .dropped: count / batchSize
    case .kept: (count + batchSize - 1) / batchSize
    }
  }

  /// The positions, within an epoch's order, of a step's samples.
  ///
  /// - Precondition: `step` lies in `0..<stepsPerEpoch`.
  public func positions(step: Int) -> Range<Int> {
    precondition(0..<stepsPerEpoch ~= step, "step \(step) is outside 0..<\(stepsPerEpoch)")
    return step * batchSize..<min((step + 1) * batchSize, count)
  }

  /// The samples of an epoch in the order in which they are visited, those left out last.
  public func samples(epoch: Int) -> [Int] {
    var samples: [Int] = []
    fill(&samples, epoch: epoch)
    return samples
  }

  /// Writes the samples of an epoch over `samples`, whose storage is used again.
  ///
  /// - Precondition: `epoch` ≥ 0.
  func fill(_ samples: inout [Int], epoch: Int) {
    precondition(epoch >= 0, "epochs count from 0, found \(epoch)")
    samples.removeAll(keepingCapacity: true)
    samples.append(contentsOf: 0..<count)
    guard order == .shuffled else { return }
    // Fisher–Yates from the end (Durstenfeld, 1964): every permutation is equally likely.
    var stream = RandomStream(seed: seed, purpose: .shuffle, index: UInt64(epoch))
    for last in stride(from: count - 1, to: 0, by: -1) {
      samples.swapAt(last, stream.nextInteger(below: last + 1))
    }
  }
}

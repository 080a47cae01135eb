public import Datasets
import Networks
import Tensors

/// What a network is worth on a split.
public struct Evaluation: Hashable, Sendable, Codable {
  /// The mean cross-entropy, without label smoothing.
  public let loss: Double
  /// The share of the images whose largest logit is their class, 0…1.
  public let accuracy: Double
  /// The images that were judged.
  public let count: Int
}

extension TrainingProgram {
  /// Judges the network on every image of a split, once.
  ///
  /// A last batch that is not full is padded, and only its own images count.
  ///
  /// - Parameters:
  ///   - dataset: The split; its images have the graph's size.
  ///   - augmentation: The views of each image whose mean logits are judged.
  /// - Returns: Mean loss and accuracy.
  public func evaluate(
    _ dataset: ImageDataset, augmentation: TestTimeAugmentation = .none
  ) -> Evaluation {
    Evaluation(adding: sums(dataset, augmentation: augmentation), count: dataset.count)
  }

  /// What is found of each batch of a share of a split.
  func sums(
    _ dataset: ImageDataset, augmentation: TestTimeAugmentation, share: BatchShare = .all
  ) -> [BatchSums] {
    guard augmentation != .none else { return sums(dataset, share) { evaluate($0) } }
    var means = MeanLogits(augmentation, graph)
    return sums(dataset, share) { means.evaluate($0, self) }
  }

  /// As ``evaluate(_:augmentation:)``, with what the network says of each image.
  ///
  /// - Parameters:
  ///   - dataset: The split; its images have the graph's size.
  ///   - augmentation: The views of each image whose mean logits are judged.
  /// - Returns: The mean loss and accuracy, and the (mean) logits, `[images, classes]`, in the split's
  ///   order.
  public func evaluateWithLogits(
    _ dataset: ImageDataset, augmentation: TestTimeAugmentation = .none
  ) -> (evaluation: Evaluation, logits: Checkpoint.Tensor) {
    var means = MeanLogits(augmentation, graph)
    var logits: [Float] = []
    let batches = sums(dataset, .all) { batch in
      let sums = means.evaluate(batch, self)
      logits += means.values.prefix(batch.validCount * dataset.classCount).map { Float($0) }
      return sums
    }
    return (
      Evaluation(adding: batches, count: dataset.count),
      Checkpoint.Tensor(
        name: "logits", shape: [dataset.count, dataset.classCount], values: logits)
    )
  }

  /// What `judge` finds of each batch.
  private func sums(
    _ dataset: ImageDataset, _ share: BatchShare,
    _ judge: (LoadedBatch) -> (loss: Double, hits: Double)
  ) -> [BatchSums] {
    let plan = BatchPlan.evaluation(count: dataset.count, batchSize: graph.configuration.batch)
    // Views of an image show its reflection around it.
    let isHeld = hold(dataset, as: .evaluation, padsByReflection: true)
    let loader = Loader(
      dataset, plan: plan, epochs: 0..<1, share: share, makesImages: !isHeld)
    var batches: [BatchSums] = []
    while let sums = loader.withNextBatch(judge) {
      batches.append(BatchSums(loss: sums.loss, hits: sums.hits))
    }
    return batches
  }
}

/// What a batch adds to an evaluation.
struct BatchSums: Hashable, Sendable {
  var loss: Double
  var hits: Double

  /// As another process reads it.
  static func bytes(_ batches: [BatchSums]) -> [UInt8] {
    let values = batches.flatMap { [$0.loss, $0.hits] }
    return unsafe values.withUnsafeBytes { unsafe Array($0) }
  }

  /// Reads what another process of this program wrote.
  static func list(_ bytes: [UInt8]) -> [BatchSums] {
    unsafe bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 16).map { first in
        unsafe BatchSums(
          loss: bytes.loadUnaligned(fromByteOffset: first, as: Double.self),
          hits: bytes.loadUnaligned(fromByteOffset: first + 8, as: Double.self))
      }
    }
  }
}

extension Evaluation {
  /// Adds up what was found of each batch, in their order.
  init(adding batches: [BatchSums], count: Int) {
    var (loss, hits) = (0.0, 0.0)
    for batch in batches {
      loss += batch.loss
      hits += batch.hits
    }
    self.init(loss: loss / Double(count), accuracy: hits / Double(count), count: count)
  }
}

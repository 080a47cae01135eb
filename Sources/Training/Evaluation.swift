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
    guard augmentation != .none else { return evaluate(dataset) { evaluate($0) } }
    var means = MeanLogits(augmentation, graph)
    return evaluate(dataset) { means.evaluate($0, self) }
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
    let evaluation = evaluate(dataset) { batch in
      let sums = means.evaluate(batch, self)
      logits += means.values.prefix(batch.validCount * dataset.classCount).map { Float($0) }
      return sums
    }
    return (
      evaluation,
      Checkpoint.Tensor(
        name: "logits", shape: [dataset.count, dataset.classCount], values: logits)
    )
  }

  /// Adds up what `judge` finds of each batch.
  private func evaluate(
    _ dataset: ImageDataset, _ judge: (LoadedBatch) -> (loss: Double, hits: Double)
  ) -> Evaluation {
    let plan = BatchPlan.evaluation(count: dataset.count, batchSize: graph.configuration.batch)
    let loader = Loader(dataset, plan: plan, epochs: 0..<1)
    var loss = 0.0
    var hits = 0.0
    while let sums = loader.withNextBatch(judge) {
      loss += sums.loss
      hits += sums.hits
    }
    let count = Double(dataset.count)
    return Evaluation(loss: loss / count, accuracy: hits / count, count: dataset.count)
  }
}

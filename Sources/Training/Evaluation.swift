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
  /// - Parameter dataset: The split; its images have the graph's size.
  /// - Returns: Mean loss and accuracy.
  public func evaluate(_ dataset: ImageDataset) -> Evaluation {
    evaluate(dataset) { _ in }
  }

  /// As ``evaluate(_:)``, with what the network says of each image.
  ///
  /// - Parameter dataset: The split; its images have the graph's size.
  /// - Returns: The mean loss and accuracy, and the logits, `[images, classes]`, in the split's order.
  public func evaluateWithLogits(
    _ dataset: ImageDataset
  ) -> (evaluation: Evaluation, logits: Checkpoint.Tensor) {
    var batch = [Float](repeating: 0, count: graph[graph.logits].shape.count)
    var logits: [Float] = []
    let evaluation = evaluate(dataset) { validCount in
      var span = batch.mutableSpan
      program.read(graph.logits, into: &span)
      logits += batch.prefix(validCount * dataset.classCount)
    }
    return (
      evaluation,
      Checkpoint.Tensor(
        name: "logits", shape: [dataset.count, dataset.classCount], values: logits)
    )
  }

  /// Calls `body` after each batch with the number of its images.
  private func evaluate(_ dataset: ImageDataset, _ body: (Int) -> Void) -> Evaluation {
    let plan = BatchPlan.evaluation(count: dataset.count, batchSize: graph.configuration.batch)
    let loader = Loader(dataset, plan: plan, epochs: 0..<1)
    var loss = 0.0
    var hits = 0.0
    while let sums = loader.withNextBatch({ batch in
      let sums = evaluate(batch)
      body(batch.validCount)
      return sums
    }) {
      loss += sums.loss
      hits += sums.hits
    }
    let count = Double(dataset.count)
    return Evaluation(loss: loss / count, accuracy: hits / count, count: dataset.count)
  }
}

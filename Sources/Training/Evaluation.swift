public import Datasets
import Networks

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
  public func evaluate(_ dataset: ImageDataset) -> Evaluation {
    let plan = BatchPlan.evaluation(count: dataset.count, batchSize: graph.configuration.batch)
    let loader = Loader(dataset, plan: plan, epochs: 0..<1)
    var loss = 0.0
    var hits = 0.0
    while let sums = loader.withNextBatch({ evaluate($0) }) {
      loss += sums.loss
      hits += sums.hits
    }
    let count = Double(dataset.count)
    return Evaluation(loss: loss / count, accuracy: hits / count, count: dataset.count)
  }
}

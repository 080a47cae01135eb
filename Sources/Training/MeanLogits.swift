import Datasets
import Networks
import Tensors

#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

/// The logits of a batch, averaged over views of its images.
///
/// Loss and hits are those of the mean: they are found here from logits that any backend gives.
struct MeanLogits {
  /// The means of the last batch, `[n, classes]`.
  private(set) var values: [Double]
  private let views: [TestTimeAugmentation.View]
  private let classCount: Int
  private var images: [Float] = []
  private var logits: [Float]

  /// Makes room for a graph's batches.
  ///
  /// - Parameters:
  ///   - augmentation: Says what is averaged.
  ///   - graph: The graph that is evaluated.
  init(_ augmentation: TestTimeAugmentation, _ graph: Graph) {
    let shape = graph[graph.logits].shape
    views = augmentation.views
    classCount = shape[1]
    values = [Double](repeating: 0, count: shape.count)
    logits = [Float](repeating: 0, count: shape.count)
  }

  /// Runs the network over the views of a batch.
  ///
  /// - Parameters:
  ///   - batch: The images and labels.
  ///   - program: Has the network; no parameter changes.
  /// - Returns: Sums over the batch's valid samples.
  mutating func evaluate(
    _ batch: LoadedBatch, _ program: TrainingProgram
  ) -> (loss: Double, hits: Double) {
    // The loss of a single view is the backend's; that of several is found here, and nobody waits for
    // the backend's.
    var sums: (loss: Double, hits: Double)?
    if views.count == 1 { sums = program.evaluate(batch) } else { program.runEvaluation(batch) }
    for (index, view) in views.enumerated() {
      if index > 0 { show(view, of: batch, program) }
      var span = logits.mutableSpan
      program.program.read(program.graph.logits, into: &span)
      for position in values.indices {
        let share = view.weight * Double(logits[position])
        values[position] = index == 0 ? share : values[position] + share
      }
    }
    return sums ?? judge(batch)
  }

  private mutating func show(
    _ view: TestTimeAugmentation.View, of batch: LoadedBatch, _ program: TrainingProgram
  ) {
    if batch.hasImages {
      show(view, ofPixels: batch, program)
    } else {
      program.program.write(
        batch.description.sources(seenThrough: view.window), of: .evaluation)
    }
    program.program.run(.evaluate)
  }

  private mutating func show(
    _ view: TestTimeAugmentation.View, ofPixels batch: LoadedBatch, _ program: TrainingProgram
  ) {
    let shape = program.graph[program.graph.images].shape
    // Room that a device which holds the split never needs.
    if images.isEmpty { images = [Float](repeating: 0, count: shape.count) }
    var span = images.mutableSpan
    batch.withImages { view.write($0, height: shape[2], width: shape[3], into: &span) }
    program.program.write(images.span, to: program.graph.images)
  }

  private func judge(_ batch: LoadedBatch) -> (loss: Double, hits: Double) {
    var (loss, hits) = (0.0, 0.0)
    batch.withLabels { labels in
      for sample in 0..<batch.validCount {
        let label = Int(labels[sample])
        let score = Self.score(
          values[sample * classCount..<(sample + 1) * classCount], label: label)
        loss += score.loss
        hits += score.isHit ? 1 : 0
      }
    }
    return (loss, hits)
  }

  /// The cross-entropy of logits, and whether the largest of them, the first of equals, is the
  /// label's; a loss that is no number is no hit.
  static func score(_ logits: ArraySlice<Double>, label: Int) -> (loss: Double, isHit: Bool) {
    var largest = logits.startIndex
    for index in logits.indices where logits[index] > logits[largest] { largest = index }
    var total = 0.0
    for logit in logits { total += exp(logit - logits[largest]) }
    let loss = log(total) - (logits[logits.startIndex + label] - logits[largest])
    return (loss, largest == logits.startIndex + label && !loss.isNaN)
  }
}

/// The loss of a classifier, with its gradient.
///
/// With smoothing s and k classes the target is t = (1 − s) · onehot(label) + s/k (Szegedy et al.
/// 2016, arXiv 1512.00567, §7), and for each of the first `validCount` samples
///
///     loss[n] = −Σ_k t[n,k] · log softmax(logits)[n,k]
///     dlogits[n,k] = (softmax(logits)[n,k] − t[n,k]) / validCount
///
/// Samples beyond have loss, gradient and hit 0. `validCount` and s are step inputs. Training's loss
/// is smoothed, evaluation's never is, so that test losses of different runs can be compared.
public struct SoftmaxCrossEntropy: Hashable, Sendable {
  /// Logits, `[n, k]`.
  public let logits: Slot
  /// Classes, `[n]`.
  public let labels: Slot
  /// Losses, `[n]`; overwritten.
  public let losses: Slot
  /// 1 where the largest logit (the first of equals) is the label's, else 0, `[n]`; overwritten.
  public let hits: Slot
  /// Gradient of the mean loss, `[n, k]`; overwritten; `nil` in evaluation.
  public let dLogits: Slot?
}

extension SoftmaxCrossEntropy: Operands {
  var name: String { dLogits == nil ? "cross-entropy" : "cross-entropy + backward" }
  var reads: [Slot] { [logits, labels] }
  var writes: [Slot] { [losses, hits] + (dLogits.map { [$0] } ?? []) }
}

extension GraphBuilder {
  mutating func emitSoftmaxCrossEntropy(_ logits: Activation) {
    let dLogits = gradientToWrite(of: logits)?.slot
    append(
      .softmaxCrossEntropy(
        SoftmaxCrossEntropy(
          logits: logits.training, labels: graph.labels, losses: graph.losses, hits: graph.hits,
          dLogits: dLogits)), to: .forward)
    append(
      .softmaxCrossEntropy(
        SoftmaxCrossEntropy(
          logits: logits.evaluation, labels: graph.labels, losses: graph.losses, hits: graph.hits,
          dLogits: nil)), to: .evaluate)
  }
}

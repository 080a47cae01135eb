/// The loss of a classifier, with its gradient.
///
/// With smoothing s, k classes and a second label of share w the target is
///
///     t = (1 − s) · ((1 − w) · onehot(label) + w · onehot(other)) + s/k
///
/// (Szegedy et al. 2016, arXiv 1512.00567, §7; Zhang et al. 2018, arXiv 1710.09412), and for each of
/// the first `validCount` samples
///
///     loss[n] = −Σ_k t[n,k] · log softmax(logits)[n,k]
///     dlogits[n,k] = (softmax(logits)[n,k] − t[n,k]) / validCount
///
/// Samples beyond have loss, gradient and hit 0. `validCount` and s are step inputs. Training's loss
/// is smoothed and mixed, evaluation's never is, so that test losses of different runs can be
/// compared.
public struct SoftmaxCrossEntropy: Hashable, Sendable {
  /// Logits, `[n, k]`.
  public let logits: Slot
  /// Classes, `[n]`.
  public let labels: Slot
  /// Second classes, `[n]`, and their shares, `[n]`; `nil` in evaluation.
  public let others: Others?
  /// Losses, `[n]`; overwritten.
  public let losses: Slot
  /// The largest logit's (the first of equals) share of the labels, 1 or 0 where there is one;
  /// `[n]`; overwritten.
  public let hits: Slot
  /// Gradient of the mean loss, `[n, k]`; overwritten; `nil` in evaluation.
  public let dLogits: Slot?

  /// What each sample is mixed with.
  public struct Others: Hashable, Sendable {
    /// Classes, `[n]`.
    public let labels: Slot
    /// Their shares of the target, `[n]`, 0…1.
    public let shares: Slot
  }
}

extension SoftmaxCrossEntropy: Operands {
  var name: String { dLogits == nil ? "cross-entropy" : "cross-entropy + backward" }
  var reads: [Slot] { [logits, labels] + (others.map { [$0.labels, $0.shares] } ?? []) }
  var writes: [Slot] { [losses, hits] + (dLogits.map { [$0] } ?? []) }
}

extension GraphBuilder {
  mutating func emitSoftmaxCrossEntropy(_ logits: Activation) {
    let dLogits = gradientToWrite(of: logits)?.slot
    append(
      .softmaxCrossEntropy(
        SoftmaxCrossEntropy(
          logits: logits.training, labels: graph.labels, others: graph.others, losses: graph.losses,
          hits: graph.hits,
          dLogits: dLogits)), to: .forward)
    append(
      .softmaxCrossEntropy(
        SoftmaxCrossEntropy(
          logits: logits.evaluation, labels: graph.labels, others: nil, losses: graph.losses,
          hits: graph.hits,
          dLogits: nil)), to: .evaluate)
  }
}

import CKernels

extension KernelLibrary {
  /// Softmax, cross-entropy with label smoothing, their gradient, and whether the guess is right.
  ///
  ///     hot = (1 − w) · onehot(label) + w · onehot(other)
  ///     p = softmax(logits),  target = (1 − ε) · hot + ε / k
  ///     losses[n]    = −Σ_k target · log p
  ///     dLogits[n,k] = (p − target) / validCount
  ///     correct[n]   = hot of the largest logit
  ///
  /// The loss of the batch is the mean of the first `validCount` losses, and `dLogits` is its
  /// gradient. The other samples, which fill up a partial last batch, get loss 0, gradient 0 and
  /// correct 0; their labels are not looked at. Among equal logits the first counts as the largest.
  /// Without other labels w is 0. Label smoothing: Szegedy et al., 2016, arXiv 1512.00567, §7; two
  /// labels: Zhang et al., 2018, arXiv 1710.09412. Sums are formed in Double.
  ///
  /// - Parameters:
  ///   - n: Samples.
  ///   - k: Classes.
  ///   - validCount: Samples that count, in 1…n.
  ///   - logits: `[n, k]`.
  ///   - labels: Class numbers, `[n]`, whole numbers in `0..<k`.
  ///   - others: A second class number for each sample, `[n]`, and its share w in 0…1, `[n]`; or
  ///     nothing.
  ///   - labelSmoothing: ε, in 0…1.
  ///   - losses: `[n]`; overwritten.
  ///   - correct: `[n]`; overwritten.
  ///   - dLogits: Gradient, `[n, k]`; overwritten; or nothing. May be `logits`.
  public func softmaxCrossEntropy(
    n: Int, k: Int, validCount: Int, logits: UnsafePointer<Float>, labels: UnsafePointer<Float>,
    others: (labels: UnsafePointer<Float>, shares: UnsafePointer<Float>)? = nil,
    labelSmoothing: Float, losses: UnsafeMutablePointer<Float>,
    correct: UnsafeMutablePointer<Float>, dLogits: UnsafeMutablePointer<Float>?
  ) {
    precondition(
      validCount >= 1 && validCount <= n, "expected 1…\(n) valid samples, found \(validCount)")
    precondition(
      labelSmoothing >= 0 && labelSmoothing <= 1, "label smoothing is a number in 0…1")
    for index in 0..<validCount {
      let label = labels[index]
      precondition(
        label >= 0 && label < Float(k) && label == label.rounded(.towardZero),
        "expected a label in 0..<\(k), found \(label) for sample \(index)")
      guard let others else { continue }
      let (other, share) = (others.labels[index], others.shares[index])
      precondition(
        other >= 0 && other < Float(k) && other == other.rounded(.towardZero) && share >= 0
          && share <= 1,
        "expected a second label in 0..<\(k) and its share, found \(other) and \(share) for sample "
          + "\(index)")
    }
    let rows = rowsPerTask(n)
    run(
      table.softmaxCrossEntropy, (n + rows - 1) / rows,
      CrossEntropyTask(
        logits: logits, labels: labels, losses: losses, correct: correct, dLogits: dLogits,
        otherLabels: others?.labels, otherShares: others?.shares, n: n, k: k,
        validCount: validCount, rowsPerTask: rows, labelSmoothing: labelSmoothing))
  }
}

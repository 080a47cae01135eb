import CKernels

/// Loss, gradient and correctness of some samples.
func softmaxCrossEntropy(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: CrossEntropyTask.self).pointee
  let first = index * task.rowsPerTask
  for sample in first..<least(first + task.rowsPerTask, task.n) {
    if sample < task.validCount {
      score(task, sample)
    } else {
      task.losses[sample] = 0
      task.correct[sample] = 0
      if let dLogits = task.dLogits {
        for class_ in 0..<task.k { dLogits[sample * task.k + class_] = 0 }
      }
    }
  }
}

/// The second class of a sample and its share of the target; 0 where there is none.
private func mixture(_ task: CrossEntropyTask, _ sample: Int) -> (label: Int, share: Double) {
  guard let labels = task.otherLabels, let shares = task.otherShares else { return (0, 0) }
  return (Int(labels[sample]), Double(shares[sample]))
}

private func score(_ task: CrossEntropyTask, _ sample: Int) {
  let logits = task.logits + sample * task.k
  let label = Int(task.labels[sample])
  let smoothing = Double(task.labelSmoothing)
  let share = smoothing / Double(task.k)
  var largest = 0
  for k in 1..<task.k where logits[k] > logits[largest] { largest = k }
  let level = Double(logits[largest])
  var (total, sum) = (0.0, 0.0)
  for k in 0..<task.k {
    let logit = Double(logits[k]) - level
    total += exponential(logit)
    sum += logit
  }
  let logTotal = naturalLogarithm(total)
  // −Σ target · log p, where log p = logit − level − logTotal.
  var hit = logTotal - (Double(logits[label]) - level)
  let (other, otherShare) = mixture(task, sample)
  if otherShare > 0 {
    hit = (1 - otherShare) * hit + otherShare * (logTotal - (Double(logits[other]) - level))
  }
  let all = Double(task.k) * logTotal - sum
  let loss = (1 - smoothing) * hit + share * all
  task.losses[sample] = Float(loss)
  let right = (largest == label ? 1 - otherShare : 0) + (largest == other ? otherShare : 0)
  task.correct[sample] = loss == loss ? Float(right) : 0
  guard let dLogits = task.dLogits else { return }
  let scale = 1 / Double(task.validCount)
  let target = dLogits + sample * task.k
  for k in 0..<task.k {
    let p = exponential(Double(logits[k]) - level) / total
    let hot = (k == label ? 1 - otherShare : 0) + (k == other ? otherShare : 0)
    target[k] = Float(scale * (p - share - (1 - smoothing) * hot))
  }
}

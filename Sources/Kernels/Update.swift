import CKernels

extension KernelLibrary {
  /// One step of stochastic gradient descent with momentum, in PyTorch's form.
  ///
  ///     g = dw + weightDecay · w
  ///     v ← momentum · v + g
  ///     w ← w − learningRate · (v, or g + momentum · v with Nesterov's variant)
  ///
  /// A velocity of zeros makes the first step PyTorch's, which starts with v = g.
  ///
  /// - Parameters:
  ///   - w: Parameters, `[count]`; updated.
  ///   - dw: Their gradient, `[count]`.
  ///   - velocity: v, `[count]`; updated.
  ///   - count: How many.
  ///   - learningRate: ≥ 0.
  ///   - momentum: In 0..<1.
  ///   - weightDecay: ≥ 0.
  ///   - nesterov: Whether to look ahead.
  public func sgdUpdate(
    w: UnsafeMutablePointer<Float>, dw: UnsafePointer<Float>,
    velocity: UnsafeMutablePointer<Float>, count: Int, learningRate: Float, momentum: Float,
    weightDecay: Float, nesterov: Bool
  ) {
    let countPerTask = 1 << 14
    run(
      table.sgdUpdate, (count + countPerTask - 1) / countPerTask,
      UpdateTask(
        w: w, dw: dw, velocity: velocity, count: count, countPerTask: countPerTask,
        learningRate: learningRate, momentum: momentum, weightDecay: weightDecay,
        usesNesterov: nesterov))
  }
}

import CKernels
public import Tensors

// Batch normalisation (Ioffe and Szegedy, 2015, arXiv 1502.03167) with the residual sum and the
// activation that follow it in a residual network, in one pass. PyTorch's conventions: the batch's biased
// variance normalises, the unbiased one enters the running variance.

extension KernelLibrary {
  /// Floats of workspace that the batch-norm kernels use on a tensor.
  public func batchNormWorkspaceCount(_ layout: BlockedLayout) -> Int {
    // Four vectors of sums per plane, four coefficients per block.
    BlockedLayout.lanes * layout.blocks * (4 * layout.n + 4)
  }

  /// Batch normalisation in training.
  ///
  ///     μ = mean of x over (n, h, w),  σ² = mean of (x − μ)²
  ///     y = f(γ · (x − μ) / √(σ² + ε) + β + residual)
  ///     running ← (1 − momentum) · running + momentum · batch   (for σ²: · m / (m − 1), m = n·h·w)
  ///
  /// Sums are formed per part of the tensor in float32 around the part's own level and combined in
  /// Double. `batch` is rounded to float32 before it is weighed; then a momentum of 1 stores it, and
  /// whoever weighs what was stored, in Double as here, gets the same bits.
  ///
  /// - Parameters:
  ///   - x: Input, `[n, c, h, w]`.
  ///   - residual: Added before the activation, `[n, c, h, w]`, or nothing.
  ///   - gamma: Scale, `[c]`.
  ///   - beta: Shift, `[c]`.
  ///   - y: Output, `[n, c, h, w]`; overwritten. May be `x` or `residual`.
  ///   - savedMean: μ, `[c]`; overwritten.
  ///   - savedInverseDeviation: 1 / √(σ² + ε), `[c]`; overwritten.
  ///   - runningMean: `[c]`; updated.
  ///   - runningVariance: `[c]`; updated.
  ///   - momentum: Weight of this batch in the running statistics, in 0…1.
  ///   - epsilon: ε, > 0.
  ///   - activation: f; with GELU there is no residual.
  ///   - sums: What a convolution left of `x`; summed here if `nil`.
  ///   - workspace: ``batchNormWorkspaceCount(_:)`` floats of any content; overwritten.
  public func batchNormForward(
    x: BlockedTensor, residual: BlockedTensor?, gamma: UnsafePointer<Float>,
    beta: UnsafePointer<Float>, y: BlockedTensor, savedMean: UnsafeMutablePointer<Float>,
    savedInverseDeviation: UnsafeMutablePointer<Float>, runningMean: UnsafeMutablePointer<Float>,
    runningVariance: UnsafeMutablePointer<Float>, momentum: Float, epsilon: Float,
    activation: ActivationFunction, sums: ChannelSums? = nil,
    workspace: UnsafeMutablePointer<Float>
  ) {
    check(x, y, residual)
    check(activation, residual)
    var task = batchNormTask(x.layout, workspace)
    task.x = BlockedView(x)
    task.y = BlockedView(y)
    task.residual = residual.map { BlockedView($0) } ?? .none
    task.gamma = gamma
    task.beta = beta
    task.mean = savedMean
    task.inverseDeviation = savedInverseDeviation
    task.runningMean = runningMean
    task.runningVariance = runningVariance
    task.momentum = momentum
    task.epsilon = epsilon
    task.set(activation)
    let tasks = planeTasks(x.layout, task.planesPerTask)
    if !task.use(sums) { run(table.batchNormSums, tasks, task) }
    run(table.batchNormStatistics, x.layout.blocks, task)
    run(table.batchNormApply, tasks, task)
  }

  /// Batch normalisation with the running statistics, for evaluation.
  ///
  ///     y = f(γ · (x − runningMean) / √(runningVariance + ε) + β + residual)
  ///
  /// - Parameters:
  ///   - x: Input, `[n, c, h, w]`.
  ///   - residual: Added before the activation, `[n, c, h, w]`, or nothing.
  ///   - gamma: Scale, `[c]`.
  ///   - beta: Shift, `[c]`.
  ///   - runningMean: `[c]`.
  ///   - runningVariance: `[c]`.
  ///   - epsilon: ε, > 0.
  ///   - y: Output, `[n, c, h, w]`; overwritten. May be `x` or `residual`.
  ///   - activation: f; with GELU there is no residual.
  ///   - workspace: ``batchNormWorkspaceCount(_:)`` floats of any content; overwritten.
  public func batchNormInference(
    x: BlockedTensor, residual: BlockedTensor?, gamma: UnsafePointer<Float>,
    beta: UnsafePointer<Float>, runningMean: UnsafePointer<Float>,
    runningVariance: UnsafePointer<Float>, epsilon: Float, y: BlockedTensor,
    activation: ActivationFunction, workspace: UnsafeMutablePointer<Float>
  ) {
    check(x, y, residual)
    check(activation, residual)
    var task = batchNormTask(x.layout, workspace)
    task.x = BlockedView(x)
    task.y = BlockedView(y)
    task.residual = residual.map { BlockedView($0) } ?? .none
    task.gamma = gamma
    task.beta = beta
    // The task's pointers are writable for the training pass; inference only reads these two.
    task.runningMean = UnsafeMutablePointer(mutating: runningMean)
    task.runningVariance = UnsafeMutablePointer(mutating: runningVariance)
    task.epsilon = epsilon
    task.set(activation)
    run(table.batchNormInference, x.layout.blocks, task)
    run(table.batchNormApply, planeTasks(x.layout, task.planesPerTask), task)
  }

  /// The gradients of batch normalisation in training.
  ///
  ///     g = dy · f′(v),   v = γ · (x − μ) / σ̂ + β + residual
  ///     dβ = Σ g,   dγ = Σ g · (x − μ) / σ̂,   σ̂ = √(σ² + ε)
  ///     dx = γ / σ̂ · (g − dβ / m − (x − μ) / σ̂ · dγ / m),   m = n·h·w
  ///     dResidual = g
  ///
  /// - Parameters:
  ///   - norm: The forward pass's operands; with GELU there is no residual.
  ///   - dy: Output gradient, `[n, c, h, w]`.
  ///   - dx: Input gradient, `[n, c, h, w]`; overwritten, or accumulated into. May be `dy` when
  ///     overwritten and there is no `dResidual`.
  ///   - accumulatesDx: Whether to add to `dx`.
  ///   - dResidual: The residual's gradient, `[n, c, h, w]`; overwritten, or accumulated into.
  ///     May be `dy` when overwritten.
  ///   - accumulatesDResidual: Whether to add to `dResidual`.
  ///   - dGamma: `[c]`; overwritten.
  ///   - dBeta: `[c]`; overwritten.
  ///   - sums: What a convolution left of `dy`; summed here if `nil`.
  ///   - workspace: ``batchNormWorkspaceCount(_:)`` floats of any content; overwritten.
  public func batchNormBackward(
    _ norm: BatchNormOperands, dy: BlockedTensor, dx: BlockedTensor, accumulatesDx: Bool,
    dResidual: BlockedTensor?, accumulatesDResidual: Bool, dGamma: UnsafeMutablePointer<Float>,
    dBeta: UnsafeMutablePointer<Float>, sums: ChannelSums? = nil,
    workspace: UnsafeMutablePointer<Float>
  ) {
    let x = norm.x
    check(x, norm.y, dy)
    check(x, dx, dResidual)
    check(norm.activation, dResidual)
    var task = batchNormTask(x.layout, workspace)
    task.x = BlockedView(x)
    task.y = BlockedView(norm.y)
    task.dy = BlockedView(dy)
    task.dx = BlockedView(dx)
    task.dResidual = dResidual.map { BlockedView($0) } ?? .none
    task.gamma = norm.gamma
    task.beta = norm.beta
    // The task's pointers are writable for the forward pass; backward only reads these two.
    task.mean = UnsafeMutablePointer(mutating: norm.mean)
    task.inverseDeviation = UnsafeMutablePointer(mutating: norm.inverseDeviation)
    task.dGamma = dGamma
    task.dBeta = dBeta
    task.set(norm.activation)
    task.addsResidual = norm.addsResidual
    task.accumulatesDx = accumulatesDx
    task.accumulatesDResidual = accumulatesDResidual
    let tasks = planeTasks(x.layout, task.planesPerTask)
    if !task.use(sums) { run(table.batchNormGradientSums, tasks, task) }
    run(table.batchNormGradientStatistics, x.layout.blocks, task)
    run(table.batchNormGradientApply, tasks, task)
  }

  private func batchNormTask(
    _ layout: BlockedLayout, _ workspace: UnsafeMutablePointer<Float>
  ) -> BatchNormTask {
    BatchNormTask(
      x: .none, y: .none, dy: .none, residual: .none, dx: .none, dResidual: .none, gamma: nil,
      beta: nil, mean: nil, inverseDeviation: nil, runningMean: nil, runningVariance: nil,
      dGamma: nil, dBeta: nil,
      partials: workspace + 4 * BlockedLayout.lanes * layout.blocks, coefficients: workspace,
      planesPerTask: planesPerTask(layout), parts: layout.n, momentum: 0, epsilon: 0,
      appliesReLU: false,
      appliesGELU: false, addsResidual: false, accumulatesDx: false, accumulatesDResidual: false)
  }

  private func check(_ x: BlockedTensor, _ y: BlockedTensor, _ z: BlockedTensor?) {
    precondition(
      y.layout.hasSameShape(as: x.layout) && z?.layout.hasSameShape(as: x.layout) ?? true,
      "batch norm needs tensors of one shape")
  }

  private func check(_ activation: ActivationFunction, _ residual: BlockedTensor?) {
    precondition(activation != .gelu || residual == nil, "GELU is not combined with a residual")
  }
}

extension BatchNormTask {
  /// Takes over the sums of a convolution, if there are any.
  fileprivate mutating func use(_ sums: ChannelSums?) -> Bool {
    guard let sums else { return false }
    partials = sums.values
    parts = sums.parts
    return true
  }

  fileprivate mutating func set(_ activation: ActivationFunction) {
    appliesReLU = activation == .relu
    appliesGELU = activation == .gelu
  }
}

public import Tensors

/// Batch normalisation over batch and image, with what usually follows it.
///
///     y = f(γ · (x − μ) / √(σ² + ε) + β + residual),  f an activation
///
/// μ and σ² are the batch's mean and biased variance of each channel (Ioffe and Szegedy 2015, arXiv
/// 1502.03167). The running statistics move by `batchNormMomentum` (a step input) towards μ and the
/// *unbiased* variance, as PyTorch's do.
public struct BatchNormForward: Hashable, Sendable {
  /// Layer input, `[n, c, h, w]`.
  public let x: Slot
  /// What is added after normalising, `[n, c, h, w]`.
  public let residual: Slot?
  /// γ, `[c]`.
  public let gamma: Slot
  /// β, `[c]`.
  public let beta: Slot
  /// Layer output, `[n, c, h, w]`; overwritten.
  public let y: Slot
  /// μ for the backward pass, `[c]`; overwritten.
  public let mean: Slot
  /// 1/√(σ² + ε) for the backward pass, `[c]`; overwritten.
  public let inverseDeviation: Slot
  /// Running mean, `[c]`; updated.
  public let runningMean: Slot
  /// Running variance, `[c]`; updated.
  public let runningVariance: Slot
  /// f.
  public let activation: ActivationFunction

  /// ε, added to the variance; PyTorch's default.
  public static let epsilon = 1e-5
}

/// Batch normalisation with the running statistics in place of the batch's.
public struct BatchNormInference: Hashable, Sendable {
  /// Layer input, `[n, c, h, w]`.
  public let x: Slot
  /// What is added after normalising, `[n, c, h, w]`.
  public let residual: Slot?
  /// γ, `[c]`.
  public let gamma: Slot
  /// β, `[c]`.
  public let beta: Slot
  /// Running mean, `[c]`.
  public let runningMean: Slot
  /// Running variance, `[c]`.
  public let runningVariance: Slot
  /// Layer output, `[n, c, h, w]`; overwritten.
  public let y: Slot
  /// f.
  public let activation: ActivationFunction
}

/// The gradients of batch normalisation.
///
/// With v the value in front of the activation, g = dy · f′(v), m = n·h·w and
/// x̂ = (x − μ) · inverseDeviation:
///
///     dβ = Σ g,  dγ = Σ g · x̂,  dresidual = g
///     dx = γ · inverseDeviation · (g − dβ/m − x̂ · dγ/m)
///
/// ReLU's f′ is 1 where y > 0, else 0. GELU's is worked out from v = γ · x̂ + β, made once more, so
/// that y need not be kept; a residual would have to be, and is not fused with it.
public struct BatchNormBackward: Hashable, Sendable {
  /// Layer input, `[n, c, h, w]`.
  public let x: Slot
  /// Layer output, `[n, c, h, w]`: behind the ReLU of a sum its sign says where the gradient
  /// passes; otherwise it is not read.
  public let y: Slot
  /// Output gradient, `[n, c, h, w]`.
  public let dy: Slot
  /// γ, `[c]`.
  public let gamma: Slot
  /// β, `[c]`.
  public let beta: Slot
  /// μ, `[c]`.
  public let mean: Slot
  /// 1/√(σ² + ε), `[c]`.
  public let inverseDeviation: Slot
  /// Input gradient, `[n, c, h, w]`.
  public let dx: GradientTarget
  /// The residual's gradient, `[n, c, h, w]`; `nil` without a residual or behind the images.
  public let dResidual: GradientTarget?
  /// Gradient of γ, `[c]`; overwritten.
  public let dGamma: Slot
  /// Gradient of β, `[c]`; overwritten.
  public let dBeta: Slot
  /// f of the forward pass.
  public let activation: ActivationFunction
  /// Whether the forward pass added a residual, which may need no gradient.
  public let addsResidual: Bool
}

extension BatchNormForward: Operands {
  var name: String { "batch norm" + suffix(residual: residual != nil, activation) }
  var reads: [Slot] {
    [x, gamma, beta, runningMean, runningVariance] + (residual.map { [$0] } ?? [])
  }
  var writes: [Slot] { [y, mean, inverseDeviation, runningMean, runningVariance] }
}

extension BatchNormInference: Operands {
  var name: String { "batch norm inference" + suffix(residual: residual != nil, activation) }
  var reads: [Slot] {
    [x, gamma, beta, runningMean, runningVariance] + (residual.map { [$0] } ?? [])
  }
  var writes: [Slot] { [y] }
}

extension BatchNormBackward: Operands {
  var name: String {
    "batch norm backward" + suffix(residual: dResidual != nil, activation)
  }
  var reads: [Slot] {
    [x, dy, gamma, beta, mean, inverseDeviation]
      + (activation == .relu && addsResidual ? [y] : [])
      + dx.read + (dResidual?.read ?? [])
  }
  var writes: [Slot] {
    [dx.slot] + (dResidual.map { [$0.slot] } ?? []) + [dGamma, dBeta]
  }
}

private func suffix(residual: Bool, _ activation: ActivationFunction) -> String {
  (residual ? " + addition" : "") + (activation == .identity ? "" : " + \(activation)")
}

extension GraphBuilder {
  mutating func emitBatchNorm(
    _ path: String, _ x: Activation, residual: Activation?,
    activation: ActivationFunction
  ) -> Activation {
    precondition(residual.map { $0.shape == x.shape } ?? true, "\(path) adds another shape")
    precondition(
      activation != .gelu || residual == nil, "\(path) has GELU behind a sum, which is not fused")
    let gamma = parameter(path, "weight")
    let beta = parameter(path, "bias")
    let runningMean = state(path, "running_mean")
    let runningVariance = state(path, "running_var")
    let mean = addSlot("mean of \(path)", [x.shape[1]], .activation)
    let inverseDeviation = addSlot("inverse deviation of \(path)", [x.shape[1]], .activation)
    let y = addActivation(path, x.shape)
    append(
      .batchNormForward(
        BatchNormForward(
          x: x.training, residual: residual?.training, gamma: gamma.values, beta: beta.values,
          y: y.training, mean: mean, inverseDeviation: inverseDeviation, runningMean: runningMean,
          runningVariance: runningVariance, activation: activation)), to: .forward)
    append(
      .batchNormInference(
        BatchNormInference(
          x: x.evaluation, residual: residual?.evaluation, gamma: gamma.values, beta: beta.values,
          runningMean: runningMean, runningVariance: runningVariance, y: y.evaluation,
          activation: activation)), to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      let dResidual = residual.flatMap { GradientTarget(builder.gradientToWrite(of: $0)) }
      let dx = builder.gradientToWriteOrIgnore(of: x)
      builder.append(
        .batchNormBackward(
          BatchNormBackward(
            x: x.training, y: y.training, dy: dy, gamma: gamma.values, beta: beta.values,
            mean: mean, inverseDeviation: inverseDeviation, dx: dx, dResidual: dResidual,
            dGamma: gamma.gradient, dBeta: beta.gradient, activation: activation,
            addsResidual: residual != nil)),
        to: .backward)
    }
    return y
  }
}

import CKernels
public import Tensors

/// Sums of a tensor's channels that a convolution leaves for the batch norm next to it, which then
/// need not read the tensor for them.
///
/// Each part of the tensor has its own sums, in an order that depends on the shapes alone.
public struct ChannelSums {
  let values: UnsafeMutablePointer<Float>
  let parts: Int

  /// Makes room for sums.
  ///
  /// - Parameters:
  ///   - values: ``count(parts:layout:)`` floats of any content.
  ///   - parts: As many as the convolution's plan says.
  public init(values: UnsafeMutablePointer<Float>, parts: Int) {
    self.values = values
    self.parts = parts
  }

  /// The floats that the sums of a tensor take.
  public static func count(parts: Int, layout: BlockedLayout) -> Int {
    4 * BlockedLayout.lanes * parts * layout.blocks
  }
}

/// A batch norm's operands, as its backward pass needs them.
public struct BatchNormOperands {
  let x: BlockedTensor
  let y: BlockedTensor
  let gamma: UnsafePointer<Float>
  let beta: UnsafePointer<Float>
  let mean: UnsafePointer<Float>
  let inverseDeviation: UnsafePointer<Float>
  let activation: ActivationFunction
  let addsResidual: Bool

  /// Collects the operands, all of the forward pass.
  ///
  /// - Parameters:
  ///   - x: Its input, `[n, c, h, w]`.
  ///   - y: Its output, `[n, c, h, w]`; read only behind the ReLU of a sum, whose derivative is 1
  ///     where y > 0.
  ///   - gamma: Scale, `[c]`.
  ///   - beta: Shift, `[c]`.
  ///   - mean: μ, `[c]`.
  ///   - inverseDeviation: 1 / σ̂, `[c]`.
  ///   - activation: What followed.
  ///   - addsResidual: Whether a residual was added before the activation.
  public init(
    x: BlockedTensor, y: BlockedTensor, gamma: UnsafePointer<Float>,
    beta: UnsafePointer<Float>, mean: UnsafePointer<Float>,
    inverseDeviation: UnsafePointer<Float>, activation: ActivationFunction, addsResidual: Bool
  ) {
    self.x = x
    self.y = y
    self.gamma = gamma
    self.beta = beta
    self.mean = mean
    self.inverseDeviation = inverseDeviation
    self.activation = activation
    self.addsResidual = addsResidual
  }
}

extension NormGradient {
  /// The operands as the variants see them.
  init(_ norm: BatchNormOperands) {
    self.init(
      x: BlockedView(norm.x), y: BlockedView(norm.y), gamma: norm.gamma, beta: norm.beta,
      mean: norm.mean, inverseDeviation: norm.inverseDeviation,
      appliesReLU: norm.activation == .relu, appliesGELU: norm.activation == .gelu,
      addsResidual: norm.addsResidual)
  }

  /// None; for the forward pass.
  static var none: NormGradient {
    NormGradient(
      x: .none, y: .none, gamma: nil, beta: nil, mean: nil, inverseDeviation: nil,
      appliesReLU: false, appliesGELU: false, addsResidual: false)
  }
}

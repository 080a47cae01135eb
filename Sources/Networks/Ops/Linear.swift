import Tensors

/// A fully connected layer.
///
///     y[n,k] = scale · Σ_c x[n,c] · w[k,c] + b[k]
public struct LinearForward: Hashable, Sendable {
  /// Layer input, `[n, c]`.
  public let x: Slot
  /// Weights, `[k, c]`.
  public let w: Slot
  /// Bias, `[k]`, or nothing.
  public let bias: Slot?
  /// Layer output, `[n, k]`; overwritten.
  public let y: Slot
  /// What every product is multiplied by; logits are made small with it at the start.
  public let scale: Float
  /// Multiply-and-add operations, twice their number.
  let flops: Int
}

/// The gradients of a fully connected layer.
///
///     dw[k,c] = scale · Σ_n dy[n,k] · x[n,c],  dx[n,c] = scale · Σ_k dy[n,k] · w[k,c]
///     dbias[k] = Σ_n dy[n,k]
public struct LinearBackward: Hashable, Sendable {
  /// Layer input, `[n, c]`.
  public let x: Slot
  /// Weights, `[k, c]`.
  public let w: Slot
  /// Output gradient, `[n, k]`.
  public let dy: Slot
  /// Gradient of the weights, `[k, c]`; overwritten.
  public let dw: Slot
  /// Gradient of the bias, `[k]`; overwritten; `nil` without bias.
  public let dBias: Slot?
  /// Input gradient, `[n, c]`; `nil` behind the images.
  public let dx: GradientTarget?
  /// What every product was multiplied by.
  public let scale: Float
  /// Multiply-and-add operations of both products, twice their number.
  let flops: Int
}

extension LinearForward: Operands {
  var name: String { "linear" }
  var reads: [Slot] { [x, w] + (bias.map { [$0] } ?? []) }
  var writes: [Slot] { [y] }
}

extension LinearBackward: Operands {
  var name: String { "linear backward" }
  var reads: [Slot] { [x, w, dy] + (dx?.read ?? []) }
  var writes: [Slot] {
    (dx.map { [$0.slot] } ?? []) + [dw] + (dBias.map { [$0] } ?? [])
  }
}

extension GraphBuilder {
  mutating func emitLinear(
    _ path: String, _ x: Activation, outputs: Int, hasBias: Bool, scale: Float
  ) -> Activation {
    precondition(x.shape.rank == 2, "\(path) reads [n, features], found \(x.shape)")
    let weights = parameter(path, "weight")
    let bias = hasBias ? parameter(path, "bias") : nil
    let flops = 2 * x.shape.count * outputs
    let y = addActivation(path, [x.shape[0], outputs])
    append(
      .linearForward(
        LinearForward(
          x: x.training, w: weights.values, bias: bias?.values, y: y.training, scale: scale,
          flops: flops)),
      to: .forward)
    append(
      .linearForward(
        LinearForward(
          x: x.evaluation, w: weights.values, bias: bias?.values, y: y.evaluation, scale: scale,
          flops: flops)),
      to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      let dx = GradientTarget(builder.gradientToWrite(of: x))
      builder.append(
        .linearBackward(
          LinearBackward(
            x: x.training, w: weights.values, dy: dy, dw: weights.gradient, dBias: bias?.gradient,
            dx: dx, scale: scale, flops: dx == nil ? flops : 2 * flops)), to: .backward)
    }
    return y
  }
}

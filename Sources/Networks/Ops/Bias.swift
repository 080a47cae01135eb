public import Tensors

/// y[n,c,h,w] = f(x[n,c,h,w] + bias[c]): what a convolution needs that no batch norm follows.
public struct BiasForward: Hashable, Sendable {
  /// Layer input, `[n, c, h, w]`.
  public let x: Slot
  /// Bias, `[c]`.
  public let bias: Slot
  /// Layer output, `[n, c, h, w]`; overwritten.
  public let y: Slot
  /// f.
  public let activation: ActivationFunction
}

/// dx = dy · f′(x + bias), dbias[c] = Σ dx over all images and pixels.
public struct BiasBackward: Hashable, Sendable {
  /// Layer input, `[n, c, h, w]`.
  public let x: Slot
  /// Bias, `[c]`.
  public let bias: Slot
  /// Output gradient, `[n, c, h, w]`.
  public let dy: Slot
  /// Input gradient, `[n, c, h, w]`.
  public let dx: GradientTarget
  /// Gradient of the bias, `[c]`; overwritten.
  public let dBias: Slot
  /// f of the forward pass.
  public let activation: ActivationFunction
}

extension BiasForward: Operands {
  var name: String { "bias" + suffix(activation) }
  var reads: [Slot] { [x, bias] }
  var writes: [Slot] { [y] }
}

extension BiasBackward: Operands {
  var name: String { "bias backward" + suffix(activation) }
  var reads: [Slot] { [x, bias, dy] + dx.read }
  var writes: [Slot] { [dx.slot, dBias] }
}

private func suffix(_ activation: ActivationFunction) -> String {
  activation == .identity ? "" : " + \(activation)"
}

extension GraphBuilder {
  mutating func emitBias(
    _ path: String, _ x: Activation, activation: ActivationFunction
  ) -> Activation {
    precondition(x.shape.rank == 4, "\(path) reads [n, c, h, w], found \(x.shape)")
    let bias = parameter(path, "")
    let y = addActivation(path, x.shape)
    append(
      .biasForward(
        BiasForward(x: x.training, bias: bias.values, y: y.training, activation: activation)),
      to: .forward)
    append(
      .biasForward(
        BiasForward(x: x.evaluation, bias: bias.values, y: y.evaluation, activation: activation)),
      to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      let dx = builder.gradientToWriteOrIgnore(of: x)
      builder.append(
        .biasBackward(
          BiasBackward(
            x: x.training, bias: bias.values, dy: dy, dx: dx, dBias: bias.gradient,
            activation: activation)), to: .backward)
    }
    return y
  }
}

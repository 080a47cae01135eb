/// y = max(x, 0) + α · (e^(min(x, 0)/α) − 1): Barron 2017 (arXiv 1704.07483).
///
/// Page 2019 ("How to train your ResNet 8") trains with α = 0.075 behind batch norms whose weights he
/// fixes at ¼. Since CELU with α of x is ¼ of CELU with 4α of 4x, that is α = 0.3 behind batch norms
/// of weight 1, as they start here.
public struct CELUForward: Hashable, Sendable {
  /// Layer input, any shape.
  public let x: Slot
  /// Layer output, the same shape; overwritten.
  public let y: Slot
  /// α, > 0.
  public let alpha: Float
}

/// dx = dy where y > 0, else dy · (1 + y/α).
public struct CELUBackward: Hashable, Sendable {
  /// Layer output.
  public let y: Slot
  /// Output gradient.
  public let dy: Slot
  /// Input gradient.
  public let dx: GradientTarget
  /// α of the forward pass.
  public let alpha: Float
}

extension CELUForward: Operands {
  var name: String { "celu" }
  var reads: [Slot] { [x] }
  var writes: [Slot] { [y] }
}

extension CELUBackward: Operands {
  var name: String { "celu backward" }
  var reads: [Slot] { [y, dy] + dx.read }
  var writes: [Slot] { [dx.slot] }
}

extension GraphBuilder {
  mutating func emitCELU(_ path: String, _ x: Activation, alpha: Float) -> Activation {
    precondition(alpha > 0, "\(path) has α = \(alpha), which is not above 0")
    let y = addActivation(path, x.shape)
    append(.celuForward(CELUForward(x: x.training, y: y.training, alpha: alpha)), to: .forward)
    append(
      .celuForward(CELUForward(x: x.evaluation, y: y.evaluation, alpha: alpha)), to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      guard let dx = GradientTarget(builder.gradientToWrite(of: x)) else { return }
      builder.append(
        .celuBackward(CELUBackward(y: y.training, dy: dy, dx: dx, alpha: alpha)), to: .backward)
    }
    return y
  }
}

/// y = max(x, 0).
public struct ReLUForward: Hashable, Sendable {
  /// Layer input, any shape.
  public let x: Slot
  /// Layer output, the same shape; overwritten.
  public let y: Slot
}

/// dx = dy where y > 0, else 0.
public struct ReLUBackward: Hashable, Sendable {
  /// Layer output: its sign says where the gradient passes.
  public let y: Slot
  /// Output gradient.
  public let dy: Slot
  /// Input gradient.
  public let dx: GradientTarget
}

extension ReLUForward: Operands {
  var name: String { "relu" }
  var reads: [Slot] { [x] }
  var writes: [Slot] { [y] }
}

extension ReLUBackward: Operands {
  var name: String { "relu backward" }
  var reads: [Slot] { [y, dy] + dx.read }
  var writes: [Slot] { [dx.slot] }
}

extension GraphBuilder {
  mutating func emitReLU(_ path: String, _ x: Activation) -> Activation {
    let y = addActivation(path, x.shape)
    append(.reluForward(ReLUForward(x: x.training, y: y.training)), to: .forward)
    append(.reluForward(ReLUForward(x: x.evaluation, y: y.evaluation)), to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      guard let dx = GradientTarget(builder.gradientToWrite(of: x)) else { return }
      builder.append(
        .reluBackward(ReLUBackward(y: y.training, dy: dy, dx: dx)), to: .backward)
    }
    return y
  }
}

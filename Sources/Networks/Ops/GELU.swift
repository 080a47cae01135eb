/// y = x · Φ(x) with the normal distribution function Φ: Hendrycks and Gimpel 2016 (arXiv 1606.08415).
public struct GELUForward: Hashable, Sendable {
  /// Layer input, any shape.
  public let x: Slot
  /// Layer output, the same shape; overwritten.
  public let y: Slot
}

/// dx = dy · (Φ(x) + x · φ(x)) with the normal density φ.
public struct GELUBackward: Hashable, Sendable {
  /// Layer input.
  public let x: Slot
  /// Output gradient.
  public let dy: Slot
  /// Input gradient.
  public let dx: GradientTarget
}

extension GELUForward: Operands {
  var name: String { "gelu" }
  var reads: [Slot] { [x] }
  var writes: [Slot] { [y] }
}

extension GELUBackward: Operands {
  var name: String { "gelu backward" }
  var reads: [Slot] { [x, dy] + dx.read }
  var writes: [Slot] { [dx.slot] }
}

extension GraphBuilder {
  mutating func emitGELU(_ path: String, _ x: Activation) -> Activation {
    let y = addActivation(path, x.shape)
    append(.geluForward(GELUForward(x: x.training, y: y.training)), to: .forward)
    append(.geluForward(GELUForward(x: x.evaluation, y: y.evaluation)), to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      guard let dx = GradientTarget(builder.gradientToWrite(of: x)) else { return }
      builder.append(
        .geluBackward(GELUBackward(x: x.training, dy: dy, dx: dx)), to: .backward)
    }
    return y
  }
}

import Tensors

/// y[n,c] = mean over h and w of x[n,c,h,w].
public struct GlobalAveragePoolForward: Hashable, Sendable {
  /// Layer input, `[n, c, h, w]`.
  public let x: Slot
  /// Layer output, `[n, c]`; overwritten.
  public let y: Slot
}

/// dx[n,c,h,w] = dy[n,c] / (h·w).
public struct GlobalAveragePoolBackward: Hashable, Sendable {
  /// Output gradient, `[n, c]`.
  public let dy: Slot
  /// Input gradient, `[n, c, h, w]`.
  public let dx: GradientTarget
}

extension GlobalAveragePoolForward: Operands {
  var name: String { "global average pool" }
  var reads: [Slot] { [x] }
  var writes: [Slot] { [y] }
}

extension GlobalAveragePoolBackward: Operands {
  var name: String { "global average pool backward" }
  var reads: [Slot] { [dy] + dx.read }
  var writes: [Slot] { [dx.slot] }
}

extension GraphBuilder {
  mutating func emitGlobalAveragePool(_ path: String, _ x: Activation) -> Activation {
    precondition(x.shape.rank == 4, "\(path) reads [n, c, h, w], found \(x.shape)")
    let y = addActivation(path, [x.shape[0], x.shape[1]])
    append(
      .globalAveragePoolForward(GlobalAveragePoolForward(x: x.training, y: y.training)),
      to: .forward)
    append(
      .globalAveragePoolForward(GlobalAveragePoolForward(x: x.evaluation, y: y.evaluation)),
      to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      guard let dx = GradientTarget(builder.gradientToWrite(of: x)) else { return }
      builder.append(
        .globalAveragePoolBackward(GlobalAveragePoolBackward(dy: dy, dx: dx)), to: .backward)
    }
    return y
  }
}

/// y = a + b.
public struct AdditionForward: Hashable, Sendable {
  /// The first summand, any shape.
  public let a: Slot
  /// The second summand, the same shape.
  public let b: Slot
  /// The sum; overwritten.
  public let y: Slot
}

/// The gradient of a sum, handed to one of its summands: dx = dy.
///
/// A summand whose gradient can live where the sum's does has no such operation.
public struct AdditionBackward: Hashable, Sendable {
  /// Gradient of the sum.
  public let dy: Slot
  /// The summand's gradient.
  public let dx: GradientTarget
}

extension AdditionForward: Operands {
  var name: String { "addition" }
  var reads: [Slot] { [a, b] }
  var writes: [Slot] { [y] }
}

extension AdditionBackward: Operands {
  var name: String { "addition backward" }
  var reads: [Slot] { [dy] + dx.read }
  var writes: [Slot] { [dx.slot] }
}

extension GraphBuilder {
  mutating func emitAddition(_ path: String, _ a: Activation, _ b: Activation) -> Activation {
    precondition(a.shape == b.shape, "\(path) adds \(b.shape) to \(a.shape)")
    let y = addActivation(path, a.shape)
    append(
      .additionForward(AdditionForward(a: a.training, b: b.training, y: y.training)), to: .forward)
    append(
      .additionForward(AdditionForward(a: a.evaluation, b: b.evaluation, y: y.evaluation)),
      to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      // What is added to itself gets the gradient twice.
      let canShare = a.training != b.training
      for summand in [a, b] where !(canShare && builder.shareGradient(dy, with: summand)) {
        if let dx = GradientTarget(builder.gradientToWrite(of: summand)) {
          builder.append(.additionBackward(AdditionBackward(dy: dy, dx: dx)), to: .backward)
        }
      }
    }
    return y
  }
}

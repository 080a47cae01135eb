import Tensors

/// Features side by side: y[n,k] = a[n,k] for k < c, else b[n, k − c] with c the columns of a.
public struct ConcatenationForward: Hashable, Sendable {
  /// The first features, `[n, c]`.
  public let a: Slot
  /// The features behind them, `[n, d]`.
  public let b: Slot
  /// Both, `[n, c + d]`; overwritten.
  public let y: Slot
}

/// The columns of a gradient that belong to one of the inputs: dx[n,k] = dy[n, first + k].
public struct ConcatenationBackward: Hashable, Sendable {
  /// Output gradient, `[n, c + d]`.
  public let dy: Slot
  /// Gradient of the input, `[n, c]` or `[n, d]`.
  public let dx: GradientTarget
  /// The column of `dy` at which the input's begin.
  public let first: Int
}

extension ConcatenationForward: Operands {
  var name: String { "concatenation" }
  var reads: [Slot] { [a, b] }
  var writes: [Slot] { [y] }
}

extension ConcatenationBackward: Operands {
  var name: String { "concatenation backward" }
  var reads: [Slot] { [dy] + dx.read }
  var writes: [Slot] { [dx.slot] }
}

extension GraphBuilder {
  mutating func emitConcatenation(_ path: String, _ a: Activation, _ b: Activation) -> Activation {
    precondition(
      a.shape.rank == 2 && b.shape.rank == 2 && a.shape[0] == b.shape[0],
      "\(path) reads features, [n, c] and [n, d], found \(a.shape) and \(b.shape)")
    let y = addActivation(path, [a.shape[0], a.shape[1] + b.shape[1]])
    append(
      .concatenationForward(
        ConcatenationForward(a: a.training, b: b.training, y: y.training)), to: .forward)
    append(
      .concatenationForward(
        ConcatenationForward(a: a.evaluation, b: b.evaluation, y: y.evaluation)), to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      for (input, first) in [(a, 0), (b, a.shape[1])] {
        guard let dx = GradientTarget(builder.gradientToWrite(of: input)) else { continue }
        builder.append(
          .concatenationBackward(ConcatenationBackward(dy: dy, dx: dx, first: first)),
          to: .backward)
      }
    }
    return y
  }
}

import Tensors

/// y[n,c] = the largest of x[n,c,h,w] over h and w.
///
/// The same as max pooling in one window as large as the image, whatever the image's size.
public struct GlobalMaxPoolForward: Hashable, Sendable {
  /// Layer input, `[n, c, h, w]`.
  public let x: Slot
  /// Layer output, `[n, c]`; overwritten.
  public let y: Slot
  /// h·width + w of the largest value, the first of equals, `[n, c]`; overwritten; `nil` in
  /// evaluation.
  public let choices: Slot?
}

/// All of dy[n,c] goes to the pixel that was the largest, nothing to the others.
public struct GlobalMaxPoolBackward: Hashable, Sendable {
  /// Which pixel was the largest, `[n, c]`.
  public let choices: Slot
  /// Output gradient, `[n, c]`.
  public let dy: Slot
  /// Input gradient, `[n, c, h, w]`.
  public let dx: GradientTarget
}

extension GlobalMaxPoolForward: Operands {
  var name: String { "global max pool" }
  var reads: [Slot] { [x] }
  var writes: [Slot] { [y] + (choices.map { [$0] } ?? []) }
}

extension GlobalMaxPoolBackward: Operands {
  var name: String { "global max pool backward" }
  var reads: [Slot] { [dy, choices] + dx.read }
  var writes: [Slot] { [dx.slot] }
}

extension GraphBuilder {
  mutating func emitGlobalMaxPool(_ path: String, _ x: Activation) -> Activation {
    precondition(x.shape.rank == 4, "\(path) reads [n, c, h, w], found \(x.shape)")
    let y = addActivation(path, [x.shape[0], x.shape[1]])
    let choices = addSlot("choices of \(path)", y.shape, .activation)
    append(
      .globalMaxPoolForward(
        GlobalMaxPoolForward(x: x.training, y: y.training, choices: choices)), to: .forward)
    append(
      .globalMaxPoolForward(
        GlobalMaxPoolForward(x: x.evaluation, y: y.evaluation, choices: nil)), to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      guard let dx = GradientTarget(builder.gradientToWrite(of: x)) else { return }
      builder.append(
        .globalMaxPoolBackward(GlobalMaxPoolBackward(choices: choices, dy: dy, dx: dx)),
        to: .backward)
    }
    return y
  }
}

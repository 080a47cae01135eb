import Tensors

/// The largest value of every window; what does not fill a window is left out.
///
///     y[n,c,p,q] = max_{i,j < size} x[n, c, p·stride + i − padding, q·stride + j − padding]
///
/// Positions outside the image are no part of a window.
public struct MaxPoolForward: Hashable, Sendable {
  /// Layer input, `[n, c, h, w]`.
  public let x: Slot
  /// Layer output, `[n, c, p, q]` with p = ⌊(h + 2·padding − size)/stride⌋ + 1, q alike; overwritten.
  public let y: Slot
  /// Which value of each window is the largest, the first of equals.
  ///
  /// i·size + j, in the shape of `y`; a byte each is enough. Overwritten; `nil` in evaluation.
  public let choices: Slot?
  /// Height and width of a window, in 1...16.
  public let size: Int
  /// Pixels from a window to the next, ≥ 1.
  public let stride: Int
  /// How far windows reach over the border, 0 to half their size.
  public let padding: Int
}

/// All of a window's gradient goes to the pixel that was its largest; nothing to the others.
///
/// The choice is kept and not made again: a byte a window instead of the whole input, which often
/// nothing else needs any more.
public struct MaxPoolBackward: Hashable, Sendable {
  /// Which pixel of each window was its largest.
  public let choices: Slot
  /// Output gradient.
  public let dy: Slot
  /// Input gradient.
  public let dx: GradientTarget
  /// Height and width of a window.
  public let size: Int
  /// Pixels from a window to the next.
  public let stride: Int
  /// How far windows reached over the border.
  public let padding: Int
}

extension MaxPoolForward: Operands {
  var name: String { "max pool" }
  var reads: [Slot] { [x] }
  var writes: [Slot] { [y] + (choices.map { [$0] } ?? []) }
}

extension MaxPoolBackward: Operands {
  var name: String { "max pool backward" }
  var reads: [Slot] { [dy, choices] + dx.read }
  var writes: [Slot] { [dx.slot] }
}

extension MaxPoolForward {
  static func outputShape(input: Shape, size: Int, stride: Int, padding: Int) -> Shape {
    precondition(
      (1...16).contains(size) && stride >= 1 && 0...size / 2 ~= padding,
      "no windows of \(size)×\(size), \(stride) apart, padded by \(padding)")
    precondition(
      input.rank == 4 && min(input[2], input[3]) + 2 * padding >= size,
      "\(input) holds no window of \(size)×\(size)")
    return [
      input[0], input[1], (input[2] + 2 * padding - size) / stride + 1,
      (input[3] + 2 * padding - size) / stride + 1,
    ]
  }
}

extension GraphBuilder {
  mutating func emitMaxPool(
    _ path: String, _ x: Activation, size: Int, stride: Int, padding: Int
  ) -> Activation {
    let y = addActivation(
      path,
      MaxPoolForward.outputShape(
        input: x.shape, size: size, stride: stride, padding: padding))
    let choices = addSlot("choices of \(path)", y.shape, .activation)
    append(
      .maxPoolForward(
        MaxPoolForward(
          x: x.training, y: y.training, choices: choices, size: size, stride: stride,
          padding: padding)), to: .forward)
    append(
      .maxPoolForward(
        MaxPoolForward(
          x: x.evaluation, y: y.evaluation, choices: nil, size: size, stride: stride,
          padding: padding)), to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      guard let dx = GradientTarget(builder.gradientToWrite(of: x)) else { return }
      builder.append(
        .maxPoolBackward(
          MaxPoolBackward(
            choices: choices, dy: dy, dx: dx, size: size, stride: stride, padding: padding)),
        to: .backward)
    }
    return y
  }
}

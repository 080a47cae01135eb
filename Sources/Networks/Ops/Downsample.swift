import Tensors

/// The shortcut without parameters: every `stride`-th pixel, and zero channels behind the input's.
///
///     y[n,k,p,q] = x[n, k, p·stride, q·stride] for k < c, else 0
///
/// Option A of He et al. 2015 (arXiv 1512.03385, §3.3). The paper does not say where the zero
/// channels stand; they stand last here.
public struct DownsampleForward: Hashable, Sendable {
  /// Layer input, `[n, c, h, w]`.
  public let x: Slot
  /// Layer output, `[n, k, ⌈h/stride⌉, ⌈w/stride⌉]`; overwritten.
  public let y: Slot
  /// Pixels between those that are kept, ≥ 1.
  public let stride: Int
}

/// dx[n, c, p·stride, q·stride] = dy[n,c,p,q], 0 at all other pixels.
public struct DownsampleBackward: Hashable, Sendable {
  /// Output gradient.
  public let dy: Slot
  /// Input gradient.
  public let dx: GradientTarget
  /// Pixels between those that were kept.
  public let stride: Int
}

extension DownsampleForward: Operands {
  var name: String { "downsample" }
  var reads: [Slot] { [x] }
  var writes: [Slot] { [y] }
}

extension DownsampleBackward: Operands {
  var name: String { "downsample backward" }
  var reads: [Slot] { [dy] + dx.read }
  var writes: [Slot] { [dx.slot] }
}

extension DownsampleForward {
  static func outputShape(input: Shape, outputChannels: Int, stride: Int) -> Shape {
    precondition(
      input.rank == 4 && outputChannels >= input[1],
      "a downsampling shortcut keeps all channels of \(input), asked for \(outputChannels)")
    return [
      input[0], outputChannels, (input[2] + stride - 1) / stride, (input[3] + stride - 1) / stride,
    ]
  }
}

extension GraphBuilder {
  mutating func emitDownsample(
    _ path: String, _ x: Activation, outputChannels: Int, stride: Int
  ) -> Activation {
    let y = addActivation(
      path,
      DownsampleForward.outputShape(
        input: x.shape, outputChannels: outputChannels, stride: stride))
    append(
      .downsampleForward(DownsampleForward(x: x.training, y: y.training, stride: stride)),
      to: .forward)
    append(
      .downsampleForward(DownsampleForward(x: x.evaluation, y: y.evaluation, stride: stride)),
      to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      guard let dx = GradientTarget(builder.gradientToWrite(of: x)) else { return }
      builder.append(
        .downsampleBackward(DownsampleBackward(dy: dy, dx: dx, stride: stride)), to: .backward)
    }
    return y
  }
}

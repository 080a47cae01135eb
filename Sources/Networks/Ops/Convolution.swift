public import Tensors

/// A 2-D convolution without bias.
///
///     y[n,k,p,q] = Σ_{c,r,s} x[n, c, p·stride + r − padding, q·stride + s − padding] · w[k,c,r,s]
public struct ConvolutionForward: Hashable, Sendable {
  /// Layer input, `[n, c, h, w]`.
  public let x: Slot
  /// Filters, `[k, c, r, s]`.
  public let w: Slot
  /// Layer output, `[n, k, p, q]`; overwritten.
  public let y: Slot
  /// The sizes.
  public let geometry: ConvolutionGeometry
}

/// The gradient of a 2-D convolution with respect to its input.
///
///     dx[n,c,i,j] = Σ_{k,r,s} dy[n,k,p,q] · w[k,c,r,s]  with i = p·stride + r − padding, j alike
public struct ConvolutionBackwardData: Hashable, Sendable {
  /// Output gradient, `[n, k, p, q]`.
  public let dy: Slot
  /// Filters, `[k, c, r, s]`.
  public let w: Slot
  /// Input gradient, `[n, c, h, w]`.
  public let dx: GradientTarget
  /// The sizes of the forward convolution.
  public let geometry: ConvolutionGeometry
}

/// The gradient of a 2-D convolution with respect to its filters.
///
///     dw[k,c,r,s] = Σ_{n,p,q} dy[n,k,p,q] · x[n, c, p·stride + r − padding, q·stride + s − padding]
public struct ConvolutionBackwardFilter: Hashable, Sendable {
  /// Layer input, `[n, c, h, w]`.
  public let x: Slot
  /// Output gradient, `[n, k, p, q]`.
  public let dy: Slot
  /// Filter gradient, `[k, c, r, s]`; overwritten.
  public let dw: Slot
  /// The sizes of the forward convolution.
  public let geometry: ConvolutionGeometry
}

extension ConvolutionForward: Operands {
  var name: String { "convolution" }
  var reads: [Slot] { [x, w] }
  var writes: [Slot] { [y] }
  var flops: Int { geometry.flops }
}

extension ConvolutionBackwardData: Operands {
  var name: String { "convolution backward data" }
  var reads: [Slot] { [dy, w] + dx.read }
  var writes: [Slot] { [dx.slot] }
  var flops: Int { geometry.flops }
}

extension ConvolutionBackwardFilter: Operands {
  var name: String { "convolution backward filter" }
  var reads: [Slot] { [x, dy] }
  var writes: [Slot] { [dw] }
  var flops: Int { geometry.flops }
}

extension ConvolutionGeometry {
  /// The geometry of a layer with square filters.
  init(input: Shape, outputChannels: Int, size: Int, stride: Int, padding: Int) {
    precondition(input.rank == 4, "a convolution reads [n, c, h, w], found \(input)")
    self.init(
      n: input[0], c: input[1], h: input[2], w: input[3], k: outputChannels, r: size, s: size,
      stride: stride, padding: padding)
  }
}

extension GraphBuilder {
  mutating func emitConvolution(
    _ path: String, _ x: Activation, outputChannels: Int, size: Int, stride: Int, padding: Int
  ) -> Activation {
    let geometry = ConvolutionGeometry(
      input: x.shape, outputChannels: outputChannels, size: size, stride: stride, padding: padding)
    let filters = weights(path)
    let y = addActivation(path, geometry.outputShape)
    append(
      .convolutionForward(
        ConvolutionForward(x: x.training, w: filters.values, y: y.training, geometry: geometry)),
      to: .forward)
    append(
      .convolutionForward(
        ConvolutionForward(x: x.evaluation, w: filters.values, y: y.evaluation, geometry: geometry)
      ), to: .evaluate)
    whenBackward { builder in
      let dy = builder.gradient(of: y)
      if let dw = filters.gradient {
        builder.append(
          .convolutionBackwardFilter(
            ConvolutionBackwardFilter(x: x.training, dy: dy, dw: dw, geometry: geometry)),
          to: .backward)
      }
      if let dx = GradientTarget(builder.gradientToWrite(of: x)) {
        builder.append(
          .convolutionBackwardData(
            ConvolutionBackwardData(dy: dy, w: filters.values, dx: dx, geometry: geometry)),
          to: .backward)
      }
    }
    return y
  }
}

import Tensors

// The shape rule and the parameters of each kind of layer.

extension Network {
  /// The shape of every node's result for one shape of the images, `[n, c, h, w]`.
  func shapes(images: Shape) -> [Shape] {
    var shapes = [images]
    for node in nodes.dropFirst() {
      shapes.append(node.layer.outputShape(inputs: node.inputs.map { shapes[$0.position] }))
    }
    return shapes
  }
}

extension Network.Layer {
  /// The shape of the layer's result for the shapes of its inputs.
  func outputShape(inputs: [Shape]) -> Shape {
    let input = inputs[0]
    switch self {
    case .images, .batchNorm, .relu, .gelu, .celu, .addition, .bias: return input
    case .concatenation: return [input[0], inputs.reduce(0) { $0 + $1[1] }]
    case .convolution(let outputChannels, let size, let stride, let padding):
      return ConvolutionGeometry(
        input: input, outputChannels: outputChannels, size: size, stride: stride, padding: padding
      ).outputShape
    case .downsample(let outputChannels, let stride):
      return DownsampleForward.outputShape(
        input: input, outputChannels: outputChannels, stride: stride)
    case .globalAveragePool, .globalMaxPool: return [input[0], input[1]]
    case .maxPool(let size, let stride, let padding):
      return MaxPoolForward.outputShape(
        input: input, size: size, stride: stride, padding: padding)
    case .linear(let outputs, _, _): return [input[0], outputs]
    }
  }

  /// The parameters that the layer asks for, in the order of PyTorch's modules.
  func parameters(input: Shape, start: ParameterStart = .standard) -> [ParameterDeclaration] {
    switch self {
    case .images, .relu, .gelu, .celu, .addition, .downsample, .globalAveragePool, .maxPool,
      .globalMaxPool, .concatenation:
      return []
    case .convolution(let outputChannels, let size, _, _):
      let initialization: Initialization =
        switch start {
        case .dirac: .dirac(inputs: input[1], size: size)
        case .whitening: .whitening(inputs: input[1], size: size)
        case .standard, .zero: .heNormal(fanIn: input[1] * size * size)
        }
      return [
        ParameterDeclaration(
          name: "weight", shape: [outputChannels, input[1], size, size],
          initialization: initialization, isTrained: start != .whitening)
      ]
    case .batchNorm:
      let shape: Shape = [input[1]]
      return [
        ParameterDeclaration(
          name: "weight", shape: shape, initialization: .constant(start == .zero ? 0 : 1)),
        ParameterDeclaration(name: "bias", shape: shape, initialization: .constant(0)),
        ParameterDeclaration(
          name: "running_mean", shape: shape, initialization: .constant(0), isTrained: false),
        ParameterDeclaration(
          name: "running_var", shape: shape, initialization: .constant(1), isTrained: false),
      ]
    case .bias:
      return [
        ParameterDeclaration(name: "", shape: [input[1]], initialization: .constant(0))
      ]
    case .linear(let outputs, let hasBias, _):
      let weight = ParameterDeclaration(
        name: "weight", shape: [outputs, input[1]], initialization: .uniform(fanIn: input[1]))
      let bias = ParameterDeclaration(
        name: "bias", shape: [outputs], initialization: .uniform(fanIn: input[1]))
      return hasBias ? [weight, bias] : [weight]
    }
  }
}

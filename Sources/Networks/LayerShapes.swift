import Tensors

// The shape rule and the parameters of each kind of layer.

extension Network {
  /// The shape of every node's result for one shape of the images, `[n, c, h, w]`.
  func shapes(images: Shape) -> [Shape] {
    var shapes = [images]
    for node in nodes.dropFirst() {
      shapes.append(node.layer.outputShape(input: shapes[node.inputs[0].position]))
    }
    return shapes
  }
}

extension Network.Layer {
  /// The shape of the layer's result for one input shape.
  func outputShape(input: Shape) -> Shape {
    switch self {
    case .images, .batchNorm, .relu, .gelu, .addition, .bias: return input
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
  func parameters(input: Shape) -> [ParameterDeclaration] {
    switch self {
    case .images, .relu, .gelu, .addition, .downsample, .globalAveragePool, .maxPool,
      .globalMaxPool:
      return []
    case .convolution(let outputChannels, let size, _, _):
      return [
        ParameterDeclaration(
          name: "weight", shape: [outputChannels, input[1], size, size],
          initialization: .heNormal(fanIn: input[1] * size * size))
      ]
    case .batchNorm:
      let shape: Shape = [input[1]]
      return [
        ParameterDeclaration(name: "weight", shape: shape, initialization: .constant(1)),
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

import Tensors

/// The parts that residual networks are made of.
extension Network {
  /// A 3×3 convolution that keeps the image size (or divides it by `stride`) and its batch norm.
  ///
  /// - Returns: The normalised result, before any activation.
  public mutating func addConvolutionBatchNorm(
    _ convolution: String, _ batchNorm: String, _ x: NodeIndex, channels: Int, stride: Int = 1
  ) -> NodeIndex {
    let y = add(
      .convolution(outputChannels: channels, size: 3, stride: stride, padding: 1), convolution, x)
    return add(.batchNorm(addsResidual: false, activation: .identity), batchNorm, y)
  }

  /// The basic residual block: He and others 2015 (arXiv 1512.03385), figure 2.
  ///
  ///     relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x))
  ///
  /// The shortcut is option A.
  ///
  /// - Parameters:
  ///   - path: The block's name, for example `layer1.0`.
  ///   - x: The block's input.
  ///   - channels: Output channels, at least as many as the input's.
  ///   - stride: By how much the block divides height and width.
  /// - Returns: The block's result.
  public mutating func addBasicBlock(
    _ path: String, _ x: NodeIndex, channels: Int, stride: Int
  ) -> NodeIndex {
    var shortcut = x
    if stride != 1 || self.channels(of: x) != channels {
      shortcut = add(.downsample(outputChannels: channels, stride: stride), "\(path).shortcut", x)
    }
    var y = addConvolutionBatchNorm(
      "\(path).conv1", "\(path).bn1", x, channels: channels, stride: stride)
    y = add(.relu, "\(path).relu1", y)
    y = addConvolutionBatchNorm("\(path).conv2", "\(path).bn2", y, channels: channels)
    y = add(.addition, "\(path).addition", y, shortcut)
    return add(.relu, "\(path).relu2", y)
  }
}

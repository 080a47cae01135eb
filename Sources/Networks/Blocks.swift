import Tensors

/// How a residual block brings its input to the shape of its result, where they differ.
public enum Shortcut: Hashable, Sendable {
  /// Every stride-th pixel and zero channels behind the input's, without parameters: option A of He
  /// and others 2015 (arXiv 1512.03385, §3.3).
  case padding
  /// A 1×1 convolution with stride and batch norm: option B there.
  case projection
}

/// The parts that residual networks are made of.
extension Network {
  /// Batch norm with nothing behind it.
  public mutating func addBatchNorm(_ path: String, _ x: NodeIndex) -> NodeIndex {
    add(.batchNorm(addsResidual: false, activation: .identity), path, x)
  }

  /// A 3×3 convolution that keeps the image size (or divides it by `stride`) and its batch norm.
  ///
  /// - Returns: The normalised result, before any activation.
  public mutating func addConvolutionBatchNorm(
    _ convolution: String, _ batchNorm: String, _ x: NodeIndex, channels: Int, stride: Int = 1
  ) -> NodeIndex {
    let y = add(
      .convolution(outputChannels: channels, size: 3, stride: stride, padding: 1), convolution, x)
    return addBatchNorm(batchNorm, y)
  }

  /// The basic residual block: He and others 2015 (arXiv 1512.03385), figure 2.
  ///
  ///     relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x))
  ///
  /// - Parameters:
  ///   - path: The block's name, for example `layer1.0`.
  ///   - x: The block's input.
  ///   - channels: Output channels, for a padding shortcut at least as many as the input's.
  ///   - stride: By how much the block divides height and width.
  ///   - shortcut: The shortcut, where the block changes the shape; otherwise it is the identity.
  /// - Returns: The block's result.
  public mutating func addBasicBlock(
    _ path: String, _ x: NodeIndex, channels: Int, stride: Int, shortcut: Shortcut = .padding
  ) -> NodeIndex {
    var residual = x
    if stride != 1 || self.channels(of: x) != channels {
      switch shortcut {
      case .padding:
        residual = add(
          .downsample(outputChannels: channels, stride: stride), "\(path).shortcut", x)
      case .projection:
        residual = addProjection("\(path).downsample.0", x, channels: channels, stride: stride)
        residual = addBatchNorm("\(path).downsample.1", residual)
      }
    }
    var y = addConvolutionBatchNorm(
      "\(path).conv1", "\(path).bn1", x, channels: channels, stride: stride)
    y = add(.relu, "\(path).relu1", y)
    y = addConvolutionBatchNorm("\(path).conv2", "\(path).bn2", y, channels: channels)
    y = add(.addition, "\(path).addition", y, residual)
    return add(.relu, "\(path).relu2", y)
  }

  /// The bottleneck block: He and others 2015 (arXiv 1512.03385), figure 5.
  ///
  ///     relu(bn3(conv3(relu(bn2(conv2(relu(bn1(conv1(x)))))))) + shortcut(x))
  ///
  /// conv1 and conv3 are 1×1, and the block's result has four times `channels`. The stride is the
  /// 3×3 convolution's, as torchvision has it; the paper gives it to conv1.
  ///
  /// - Parameters:
  ///   - path: The block's name, for example `layer1.0`.
  ///   - x: The block's input.
  ///   - channels: Channels of the 3×3 convolution.
  ///   - stride: By how much the block divides height and width.
  /// - Returns: The block's result; where it changes the shape, its shortcut is a projection.
  public mutating func addBottleneck(
    _ path: String, _ x: NodeIndex, channels: Int, stride: Int
  ) -> NodeIndex {
    var residual = x
    if stride != 1 || self.channels(of: x) != 4 * channels {
      residual = addProjection("\(path).downsample.0", x, channels: 4 * channels, stride: stride)
      residual = addBatchNorm("\(path).downsample.1", residual)
    }
    var y = addProjection("\(path).conv1", x, channels: channels, stride: 1)
    y = addBatchNorm("\(path).bn1", y)
    y = add(.relu, "\(path).relu1", y)
    y = addConvolutionBatchNorm(
      "\(path).conv2", "\(path).bn2", y, channels: channels, stride: stride)
    y = add(.relu, "\(path).relu2", y)
    y = addProjection("\(path).conv3", y, channels: 4 * channels, stride: 1)
    y = addBatchNorm("\(path).bn3", y)
    y = add(.addition, "\(path).addition", y, residual)
    return add(.relu, "\(path).relu3", y)
  }

  /// The pre-activation residual block: He and others 2016 (arXiv 1603.05027), figure 4 (e).
  ///
  ///     conv2(relu(bn2(conv1(h)))) + shortcut,  h = relu(bn1(x))
  ///
  /// Where the block changes the shape, the shortcut is a 1×1 convolution of h; otherwise it is x.
  ///
  /// - Parameters:
  ///   - path: The block's name, for example `layer1.0`.
  ///   - x: The block's input, not activated.
  ///   - channels: Output channels.
  ///   - stride: By how much the block divides height and width.
  /// - Returns: The block's result, not activated.
  public mutating func addPreActivationBlock(
    _ path: String, _ x: NodeIndex, channels: Int, stride: Int
  ) -> NodeIndex {
    var h = addBatchNorm("\(path).bn1", x)
    h = add(.relu, "\(path).relu1", h)
    var residual = x
    if stride != 1 || self.channels(of: x) != channels {
      residual = addProjection("\(path).shortcut", h, channels: channels, stride: stride)
    }
    var y = addConvolutionBatchNorm(
      "\(path).conv1", "\(path).bn2", h, channels: channels, stride: stride)
    y = add(.relu, "\(path).relu2", y)
    y = add(
      .convolution(outputChannels: channels, size: 3, stride: 1, padding: 1), "\(path).conv2", y)
    return add(.addition, "\(path).addition", y, residual)
  }

  private mutating func addProjection(
    _ path: String, _ x: NodeIndex, channels: Int, stride: Int
  ) -> NodeIndex {
    add(.convolution(outputChannels: channels, size: 1, stride: stride, padding: 0), path, x)
  }
}

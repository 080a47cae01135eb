import Tensors

extension Network {
  /// The network of Jordan 2024 (arXiv 2404.00498) for 94 % on CIFAR-10.
  ///
  /// A 2×2 convolution without padding, with bias and GELU, made to whiten the image's patches; three
  /// blocks of two 3×3 convolutions with batch norm and GELU, the first of each with 2×2 max
  /// pooling behind it; the largest value of every channel; a linear layer without bias. For 32×32
  /// pixels the last pooling is the original's of 3×3.
  ///
  /// - Parameters:
  ///   - imageChannels: 1 for grey images, 3 for colour. There are 24 whitening filters for 3 and
  ///     eight for each channel otherwise: two for each dimension of a patch.
  ///   - classes: The number of logits.
  ///   - logitScale: What the logits are multiplied by; the original has 1/9.
  /// - Returns: The network, named `airbench94`.
  public static func airbench94(
    imageChannels: Int = 3, classes: Int = 10, logitScale: Float = 1.0 / 9
  ) -> Network {
    var network = Network(name: "airbench94", imageChannels: imageChannels)
    var x = network.add(
      .convolution(outputChannels: 8 * imageChannels, size: 2, stride: 1, padding: 0), "whiten",
      network.images)
    x = network.add(.bias(activation: .identity), "whiten.bias", x)
    x = network.add(.gelu, "whiten.gelu", x)
    for (number, channels) in [64, 256, 256].enumerated() {
      let path = "block\(number + 1)"
      x = network.add(
        .convolution(outputChannels: channels, size: 3, stride: 1, padding: 1), "\(path).conv1", x)
      x = network.add(.maxPool(size: 2, stride: 2), "\(path).pool", x)
      x = network.addBatchNorm("\(path).bn1", x)
      x = network.add(.gelu, "\(path).gelu1", x)
      x = network.addConvolutionBatchNorm(
        "\(path).conv2", "\(path).bn2", x, channels: channels)
      x = network.add(.gelu, "\(path).gelu2", x)
    }
    x = network.add(.globalMaxPool, "pool", x)
    _ = network.add(
      .linear(outputs: classes, hasBias: false, scale: logitScale), "head", x)
    return network
  }
}

extension NetworkCatalog.Entry {
  static let airbench94 = NetworkCatalog.Entry(
    name: "airbench94", summary: "Jordan 2024: three blocks with max pooling and GELU",
    published: Published(
      parameters: PublishedFigure(197, exponent: 4), source: "Jordan 2024 (arXiv 2404.00498)")
  ) { .airbench94(imageChannels: $0, classes: $1) }
}

extension Network {
  /// Wide residual networks: Zagoruyko and Komodakis 2016 (arXiv 1605.07146).
  ///
  /// A 3×3 convolution with 16 channels, three stages of pre-activation blocks with 16, 32 and 64
  /// channels times the width, batch norm and ReLU, global average pooling, a linear layer. With
  /// depth 6n + 4 each stage has n blocks; the shortcuts that change shape are 1×1 convolutions.
  ///
  /// - Parameters:
  ///   - depth: 10, 16, 22, …: 6n + 4 with n ≥ 1.
  ///   - width: The factor k of the channels, ≥ 1.
  ///   - imageChannels: 1 for grey images, 3 for colour.
  ///   - classes: The number of logits.
  /// - Returns: The network, named `wrn`, its depth and its width, for example `wrn-28-10`.
  public static func wideResNet(
    depth: Int, width: Int, imageChannels: Int = 3, classes: Int = 10
  ) -> Network {
    precondition(depth >= 10 && depth % 6 == 4, "the depth is 6n + 4 with n ≥ 1, found \(depth)")
    precondition(width >= 1, "the width is at least 1, found \(width)")
    let blocks = (depth - 4) / 6
    return preActivationResNet(
      name: "wrn-\(depth)-\(width)", stem: 16,
      stages: [16, 32, 64].map { (channels: $0 * width, blocks: blocks) },
      imageChannels: imageChannels, classes: classes)
  }

  /// Pre-activation residual networks for small images: He and others 2016 (arXiv 1603.05027), with
  /// the blocks and channels of their ImageNet networks behind a 3×3 convolution with stride 1.
  ///
  /// - Parameters:
  ///   - depth: 18 or 34.
  ///   - imageChannels: 1 for grey images, 3 for colour.
  ///   - classes: The number of logits.
  /// - Returns: The network, named `preact-resnet` and its depth.
  public static func preActivationResNet(
    depth: Int, imageChannels: Int = 3, classes: Int = 10
  ) -> Network {
    precondition(depth == 18 || depth == 34, "the depth is 18 or 34, found \(depth)")
    let blocks = depth == 18 ? [2, 2, 2, 2] : [3, 4, 6, 3]
    return preActivationResNet(
      name: "preact-resnet\(depth)", stem: 64,
      stages: zip([64, 128, 256, 512], blocks).map { (channels: $0, blocks: $1) },
      imageChannels: imageChannels, classes: classes)
  }

  /// A 3×3 convolution, stages of which each but the first begins with stride 2, a classifier.
  private static func preActivationResNet(
    name: String, stem: Int, stages: [(channels: Int, blocks: Int)], imageChannels: Int,
    classes: Int
  ) -> Network {
    var network = Network(name: name, imageChannels: imageChannels)
    var x = network.add(
      .convolution(outputChannels: stem, size: 3, stride: 1, padding: 1), "conv1", network.images)
    for (stage, (channels, blocks)) in stages.enumerated() {
      for block in 0..<blocks {
        x = network.addPreActivationBlock(
          "layer\(stage + 1).\(block)", x, channels: channels,
          stride: stage > 0 && block == 0 ? 2 : 1)
      }
    }
    x = network.addBatchNorm("bn", x)
    x = network.add(.relu, "relu", x)
    x = network.add(.globalAveragePool, "avgpool", x)
    _ = network.add(.linear(outputs: classes), "fc", x)
    return network
  }
}

extension NetworkCatalog.Entry {
  static func wideResNet(
    _ depth: Int, width: Int, published: Published? = nil
  ) -> NetworkCatalog.Entry {
    NetworkCatalog.Entry(
      name: "wrn-\(depth)-\(width)",
      summary: "Zagoruyko and Komodakis 2016: \(depth) layers, \(width) times as wide",
      published: published
    ) { .wideResNet(depth: depth, width: width, imageChannels: $0, classes: $1) }
  }

  static func preActivationResNet(_ depth: Int) -> NetworkCatalog.Entry {
    NetworkCatalog.Entry(
      name: "preact-resnet\(depth)",
      summary: "He et al. 2016: \(depth) layers, batch norm and ReLU before each convolution"
    ) { .preActivationResNet(depth: depth, imageChannels: $0, classes: $1) }
  }
}

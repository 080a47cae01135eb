extension Network {
  /// The residual networks for photographs of He and others 2015 (arXiv 1512.03385, table 1).
  ///
  /// A 7×7 convolution and a 3×3 max pooling, each with stride 2; four stages of blocks with 64, 128,
  /// 256 and 512 channels; global average pooling, a linear layer. 18 and 34 layers are made of basic
  /// blocks, 50 of bottlenecks. Shortcuts that change the shape are projections (option B). Names
  /// of the parameters are torchvision's, and so is the place of a bottleneck's stride.
  ///
  /// - Parameters:
  ///   - depth: 18, 34 or 50.
  ///   - imageChannels: 1 for grey images, 3 for colour.
  ///   - classes: The number of logits.
  /// - Returns: The network, named `resnet` and its depth.
  public static func resNetImageNet(
    depth: Int, imageChannels: Int = 3, classes: Int = 1000
  ) -> Network {
    precondition([18, 34, 50].contains(depth), "the depth is 18, 34 or 50, found \(depth)")
    return resNetImageNet(
      name: "resnet\(depth)", blocks: depth == 18 ? [2, 2, 2, 2] : [3, 4, 6, 3],
      channels: [64, 128, 256, 512], hasBottlenecks: depth == 50, imageChannels: imageChannels,
      classes: classes)
  }

  /// A stem that divides the image size by four, and stages of which each but the first begins
  /// with stride 2.
  static func resNetImageNet(
    name: String, blocks: [Int], channels: [Int], hasBottlenecks: Bool, imageChannels: Int,
    classes: Int
  ) -> Network {
    var network = Network(name: name, imageChannels: imageChannels)
    var x = network.add(
      .convolution(outputChannels: 64, size: 7, stride: 2, padding: 3), "conv1", network.images)
    x = network.addBatchNorm("bn1", x)
    x = network.add(.relu, "relu", x)
    x = network.add(.maxPool(size: 3, stride: 2, padding: 1), "maxpool", x)
    for (stage, (channels, blocks)) in zip(channels, blocks).enumerated() {
      for block in 0..<blocks {
        let path = "layer\(stage + 1).\(block)"
        let stride = stage > 0 && block == 0 ? 2 : 1
        x =
          hasBottlenecks
          ? network.addBottleneck(path, x, channels: channels, stride: stride)
          : network.addBasicBlock(
            path, x, channels: channels, stride: stride, shortcut: .projection)
      }
    }
    x = network.add(.globalAveragePool, "avgpool", x)
    _ = network.add(.linear(outputs: classes), "fc", x)
    return network
  }
}

extension NetworkCatalog.Entry {
  static func resNetImageNet(
    _ depth: Int, parameters: Int, multiplyAdds: PublishedFigure
  ) -> NetworkCatalog.Entry {
    NetworkCatalog.Entry(
      name: "resnet\(depth)",
      summary: "He et al. 2015, table 1: \(depth) layers, stem for photographs"
        + (depth == 50 ? ", bottlenecks" : ""),
      imageSize: 224, classes: 1000,
      published: Published(
        parameters: PublishedFigure(parameters), multiplyAdds: multiplyAdds,
        source: "torchvision 0.29, ResNet\(depth)_Weights")
    ) { .resNetImageNet(depth: depth, imageChannels: $0, classes: $1) }
  }
}

extension Network {
  /// The nine-layer residual network of Page 2018 ("How to train your ResNet").
  ///
  /// Eight 3×3 convolutions, each with batch norm and ReLU, two pairs of them with a shortcut around;
  /// 2×2 max pooling behind three of them, the largest value of every channel, and a linear layer
  /// without bias whose logits are multiplied by 1/8. For 32×32 pixels the last pooling is the
  /// original's of 4×4.
  ///
  /// - Parameters:
  ///   - imageChannels: 1 for grey images, 3 for colour.
  ///   - classes: The number of logits.
  /// - Returns: The network, named `resnet9`.
  public static func resNet9(imageChannels: Int = 3, classes: Int = 10) -> Network {
    var network = Network(name: "resnet9", imageChannels: imageChannels)
    func layer(_ path: String, _ x: NodeIndex, channels: Int) -> NodeIndex {
      let y = network.addConvolutionBatchNorm(
        "\(path).conv", "\(path).bn", x, channels: channels)
      return network.add(.relu, "\(path).relu", y)
    }
    func pooledLayer(_ path: String, _ x: NodeIndex, channels: Int) -> NodeIndex {
      let y = layer(path, x, channels: channels)
      return network.add(.maxPool(size: 2, stride: 2), "\(path).pool", y)
    }
    func residual(_ path: String, _ x: NodeIndex, channels: Int) -> NodeIndex {
      let y = layer("\(path).residual.0", x, channels: channels)
      let z = layer("\(path).residual.1", y, channels: channels)
      return network.add(.addition, "\(path).addition", z, x)
    }
    var x = layer("prep", network.images, channels: 64)
    x = pooledLayer("layer1", x, channels: 128)
    x = residual("layer1", x, channels: 128)
    x = pooledLayer("layer2", x, channels: 256)
    x = pooledLayer("layer3", x, channels: 512)
    x = residual("layer3", x, channels: 512)
    x = network.add(.globalMaxPool, "pool", x)
    _ = network.add(.linear(outputs: classes, hasBias: false, scale: 0.125), "fc", x)
    return network
  }
}

extension NetworkCatalog.Entry {
  static let resNet9 = NetworkCatalog.Entry(
    name: "resnet9", summary: "Page 2018: eight convolutions, max pooling, two shortcuts"
  ) { .resNet9(imageChannels: $0, classes: $1) }
}

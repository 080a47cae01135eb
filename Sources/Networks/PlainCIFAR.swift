extension Network {
  /// The plain networks that He and others 2015 (arXiv 1512.03385, §4.2) hold their residual ones against:
  /// the same layers without shortcuts.
  ///
  /// Layers have the names of those in the residual network, so that one's checkpoint fits the other.
  ///
  /// - Parameters:
  ///   - depth: 8, 14, 20, …: 6n + 2 with n ≥ 1.
  ///   - imageChannels: 1 for grey images, 3 for colour.
  ///   - classes: The number of logits.
  /// - Returns: The network, named `plain` and its depth.
  public static func plainCIFAR(
    depth: Int, imageChannels: Int = 3, classes: Int = 10
  ) -> Network {
    precondition(depth >= 8 && depth % 6 == 2, "the depth is 6n + 2 with n ≥ 1, found \(depth)")
    var network = Network(name: "plain\(depth)", imageChannels: imageChannels)
    var x = network.addConvolutionBatchNorm("conv1", "bn1", network.images, channels: 16)
    x = network.add(.relu, "relu", x)
    for (stage, channels) in [16, 32, 64].enumerated() {
      for layer in 0..<(depth - 2) / 3 {
        let (path, number) = ("layer\(stage + 1).\(layer / 2)", layer % 2 + 1)
        x = network.addConvolutionBatchNorm(
          "\(path).conv\(number)", "\(path).bn\(number)", x, channels: channels,
          stride: stage > 0 && layer == 0 ? 2 : 1)
        x = network.add(.relu, "\(path).relu\(number)", x)
      }
    }
    x = network.add(.globalAveragePool, "avgpool", x)
    _ = network.add(.linear(outputs: classes), "fc", x)
    return network
  }
}

extension NetworkCatalog.Entry {
  static func plainCIFAR(_ depth: Int) -> NetworkCatalog.Entry {
    NetworkCatalog.Entry(
      name: "plain\(depth)",
      summary: "He et al. 2015, §4.2: the \(depth) layers of resnet\(depth) without shortcuts"
    ) { .plainCIFAR(depth: depth, imageChannels: $0, classes: $1) }
  }
}

extension Network {
  /// The residual networks for small images of He and others 2015 (arXiv 1512.03385, §4.2).
  ///
  /// A 3×3 convolution, three stages of n basic blocks with 16, 32 and 64 channels, global average
  /// pooling, a linear layer. The depth is 6n + 2.
  ///
  /// - Parameters:
  ///   - depth: 8, 14, 20, …: 6n + 2 with n ≥ 1.
  ///   - shortcut: Option A, `padding`, which the paper's table is of, or B, `projection`.
  ///   - imageChannels: 1 for grey images, 3 for colour.
  ///   - classes: The number of logits.
  /// - Returns: The network, named `resnet` and its depth, with `-b` behind it for option B.
  public static func resNetCIFAR(
    depth: Int, shortcut: Shortcut = .padding, imageChannels: Int = 3, classes: Int = 10
  ) -> Network {
    precondition(depth >= 8 && depth % 6 == 2, "the depth is 6n + 2 with n ≥ 1, found \(depth)")
    var network = Network(
      name: "resnet\(depth)\(shortcut == .projection ? "-b" : "")", imageChannels: imageChannels)
    var x = network.addConvolutionBatchNorm("conv1", "bn1", network.images, channels: 16)
    x = network.add(.relu, "relu", x)
    for (stage, channels) in [16, 32, 64].enumerated() {
      for block in 0..<(depth - 2) / 6 {
        x = network.addBasicBlock(
          "layer\(stage + 1).\(block)", x, channels: channels,
          stride: stage > 0 && block == 0 ? 2 : 1, shortcut: shortcut)
      }
    }
    x = network.add(.globalAveragePool, "avgpool", x)
    _ = network.add(.linear(outputs: classes), "fc", x)
    return network
  }
}

extension NetworkCatalog.Entry {
  static func resNetCIFAR(
    _ depth: Int, _ shortcut: Shortcut = .padding, published: Published? = nil
  ) -> NetworkCatalog.Entry {
    let option = shortcut == .padding ? "A" : "B"
    return NetworkCatalog.Entry(
      name: "resnet\(depth)\(shortcut == .padding ? "" : "-b")",
      summary: "He et al. 2015, §4.2: \(depth) layers for small images, shortcut option \(option)",
      published: published
    ) { .resNetCIFAR(depth: depth, shortcut: shortcut, imageChannels: $0, classes: $1) }
  }
}

extension Published {
  /// A row of He and others' table, with the operations in units of 10,000 from where somebody
  /// counted them.
  static func he2015(_ digits: Int, exponent: Int, multiplyAdds: Int? = nil) -> Published {
    Published(
      parameters: PublishedFigure(digits, exponent: exponent),
      multiplyAdds: multiplyAdds.map { PublishedFigure($0, exponent: 4) },
      source: "He et al. 2015, table 6"
        + (multiplyAdds == nil ? "" : "; multiply-adds: Lin et al. 2020 (arXiv 2002.10179)"))
  }
}

import Networks
import Tensors
import Testing

@Suite struct NetworkTests {
  /// Trained parameters of the published 3-channel, 10-class networks; the paper rounds them to 0.27,
  /// 0.46, 0.66, 0.85 and 1.7 million.
  @Test(arguments: [
    ("resnet8", 75_290), ("resnet20", 269_722), ("resnet32", 464_154), ("resnet44", 658_586),
    ("resnet56", 853_018), ("resnet110", 1_727_962),
    // The peers' counts: PyTorch's modules of the same layers.
    ("resnet20-b", 272_474), ("airbench94", 1_972_792), ("wrn16-4", 2_748_890),
    ("resnet9", 6_573_120), ("preact-resnet18", 11_172_170), ("wrn22-6", 9_658_458),
    ("preact-resnet34", 21_280_330), ("wrn28-10", 36_479_194),
  ])
  func parameterCount(name: String, expected: Int) throws {
    let entry = try #require(NetworkCatalog[name])
    let graph = Graph(
      network: entry.network(), configuration: .init(batch: 1, height: 32, width: 32))
    #expect(graph.parameterCount == expected)
    if let published = entry.publishedParameters {
      #expect(abs(Double(expected) / 1e6 - published) < 0.05)
    }
  }

  /// A convolution's multiply-and-adds are k·c·r·s·p·q: 40.5 million in all for ResNet-20.
  @Test func flops() {
    let graph = Graph(
      network: .resNetCIFAR(depth: 20), configuration: .init(batch: 4, height: 32, width: 32))
    var multiplyAdds = 3 * 16 * 9 * 1024
    multiplyAdds += 6 * 16 * 16 * 9 * 1024
    multiplyAdds += (16 * 32 + 5 * 32 * 32) * 9 * 256
    multiplyAdds += (32 * 64 + 5 * 64 * 64) * 9 * 64 + 64 * 10
    #expect(graph.flopsPerImage == 2 * multiplyAdds)
  }

  @Test func namesFollowTorchvision() {
    let graph = Graph(
      network: .resNetCIFAR(depth: 8), configuration: .init(batch: 1, height: 8, width: 8))
    let names = graph.parameters.map { graph[$0.values].name }
    #expect(
      names.prefix(6) == [
        "conv1.weight", "bn1.weight", "bn1.bias", "layer1.0.conv1.weight", "layer1.0.bn1.weight",
        "layer1.0.bn1.bias",
      ])
    #expect(names.suffix(2) == ["fc.weight", "fc.bias"])
    #expect(graph.states.map { graph[$0.values].name }.first == "bn1.running_mean")
  }

  @Test func fusionLeavesNoAdditionAndNoReLU() {
    let plain = Network.resNetCIFAR(depth: 8)
    let fused = plain.fusingBatchNorm()
    #expect(!fused.nodes.contains { $0.layer == .relu || $0.layer == .addition })
    #expect(
      fused.nodes.filter { $0.layer == .batchNorm(addsResidual: true, activation: .relu) }
        .map(\.path) == ["layer1.0.bn2", "layer2.0.bn2", "layer3.0.bn2"])
    #expect(fused.fusingBatchNorm() == fused)
    #expect(plain.nodes.count - fused.nodes.count == 10)
  }

  @Test func fusionTakesGELUBehindBatchNormAlone() {
    func fused(addition: Bool) -> Network {
      var network = Network(name: "gelu", imageChannels: 4)
      var x = network.addConvolutionBatchNorm("conv", "bn", network.images, channels: 4)
      if addition { x = network.add(.addition, "addition", x, network.images) }
      x = network.add(.gelu, "gelu", x)
      x = network.add(.globalAveragePool, "pool", x)
      _ = network.add(.linear(outputs: 2), "fc", x)
      return network.fusingBatchNorm()
    }
    #expect(fused(addition: false).nodes.map(\.path) == ["images", "conv", "bn", "pool", "fc"])
    #expect(
      fused(addition: false).nodes[2].layer == .batchNorm(addsResidual: false, activation: .gelu))
    #expect(
      fused(addition: true).nodes.map(\.path) == ["images", "conv", "bn", "gelu", "pool", "fc"])
  }

  @Test func fusionKeepsWhatSomebodyElseReads() {
    var network = Network(name: "fork", imageChannels: 1)
    let x = network.addConvolutionBatchNorm("conv", "bn", network.images, channels: 4)
    let activated = network.add(.relu, "relu", x)
    let sum = network.add(.addition, "addition", activated, x)
    let pooled = network.add(.globalAveragePool, "pool", sum)
    _ = network.add(.linear(outputs: 2), "fc", pooled)
    #expect(network.fusingBatchNorm() == network)
  }

  @Test func fusionOfTwoBatchNormsTakesTheLater() {
    var network = Network(name: "two", imageChannels: 4)
    let a = network.addConvolutionBatchNorm("conv1", "bn1", network.images, channels: 4)
    let b = network.addConvolutionBatchNorm("conv2", "bn2", network.images, channels: 4)
    let sum = network.add(.addition, "addition", b, a)
    let pooled = network.add(.globalAveragePool, "pool", sum)
    _ = network.add(.linear(outputs: 2), "fc", pooled)
    let fused = network.fusingBatchNorm()
    #expect(
      fused.nodes.map(\.path) == ["images", "conv1", "bn1", "conv2", "bn2", "pool", "fc"])
    #expect(fused.nodes[4].layer == .batchNorm(addsResidual: true, activation: .identity))
  }
}

import Networks
import Tensors
import Testing

@Suite struct NetworkTests {
  /// Trained parameters and multiply-and-adds of an image, as PyTorch's modules of the same layers
  /// have them; `resnet18`, `resnet34` and `resnet50` are torchvision's own.
  static let counts: [(name: String, parameters: Int, multiplyAdds: Int?)] = [
    ("resnet8", 75_290, nil), ("resnet20", 269_722, 40_551_040), ("resnet32", 464_154, nil),
    ("resnet44", 658_586, nil), ("resnet56", 853_018, 125_485_696),
    ("resnet110", 1_727_962, 252_887_680), ("plain20", 269_722, 40_551_040),
    ("plain56", 853_018, 125_485_696), ("resnet20-b", 272_474, nil),
    ("airbench94", 1_972_792, nil), ("wrn-16-4", 2_748_890, nil), ("resnet9", 6_573_120, nil),
    ("preact-resnet18", 11_172_170, nil), ("wrn-22-6", 9_658_458, nil),
    ("preact-resnet34", 21_280_330, nil), ("wrn-28-10", 36_479_194, nil),
    ("resnet18", 11_689_512, 1_814_073_344), ("resnet34", 21_797_672, 3_663_761_408),
    ("resnet50", 25_557_032, 4_089_184_256),
  ]

  @Test(arguments: counts)
  func size(name: String, parameters: Int, multiplyAdds: Int?) throws {
    let graph = try #require(NetworkCatalog[name]).graph
    #expect(graph.parameterCount == parameters)
    if let multiplyAdds { #expect(graph.flopsPerImage == 2 * multiplyAdds) }
  }

  /// Every published figure is ours, rounded as it was published.
  @Test func publishedFigures() {
    var figures = 0
    for entry in NetworkCatalog.entries {
      guard let published = entry.published else { continue }
      let graph = entry.graph
      #expect(published.parameters.agrees(with: graph.parameterCount), "\(entry.name)")
      #expect(
        published.multiplyAdds?.agrees(with: graph.flopsPerImage / 2) ?? true, "\(entry.name)")
      figures += published.multiplyAdds == nil ? 1 : 2
    }
    #expect(figures == 15)
  }

  @Test func publishedFiguresHaveTheirDigits() {
    let figure = PublishedFigure(27, exponent: 4)
    #expect(figure.value == 270_000)
    #expect(figure.agrees(with: 265_000) && figure.agrees(with: 275_000))
    #expect(!figure.agrees(with: 264_999) && !figure.agrees(with: 275_001))
    #expect(PublishedFigure(12).agrees(with: 12) && !PublishedFigure(12).agrees(with: 13))
  }

  @Test func catalogueIsSortedAndNamesAreItsNetworks() {
    let counts = NetworkCatalog.entries.map(\.graph.parameterCount)
    #expect(NetworkCatalog.entries.map { $0.network().name } == NetworkCatalog.entries.map(\.name))
    #expect(Set(NetworkCatalog.entries.map(\.name)).count == counts.count)
    #expect(counts == counts.sorted())
  }

  /// A plain network takes the checkpoint of the residual one with as many layers.
  @Test func plainNetworksHaveTheResidualOnesParameters() {
    let (plain, residual) = (
      Graph(network: .plainCIFAR(depth: 20), configuration: .init(batch: 1, height: 32, width: 32)),
      Graph(network: .resNetCIFAR(depth: 20), configuration: .init(batch: 1, height: 32, width: 32))
    )
    func parameters(_ graph: Graph) -> [String] {
      graph.parameters.map { "\(graph[$0.values].name) \(graph[$0.values].shape)" }
    }
    #expect(parameters(plain) == parameters(residual))
  }

  /// The parameters' names and shapes are those of torchvision's ResNet-50; only a block's shortcut
  /// comes first here.
  @Test func imageNetNamesAreTorchvisions() throws {
    let graph = try #require(NetworkCatalog["resnet50"]).graph
    let parameters = graph.parameters.map { "\(graph[$0.values].name) \(graph[$0.values].shape)" }
    #expect(parameters.count == 161)
    #expect(
      parameters.prefix(4) == [
        "conv1.weight 64×3×7×7", "bn1.weight 64", "bn1.bias 64",
        "layer1.0.downsample.0.weight 256×64×1×1",
      ])
    #expect(
      Set(parameters).isSuperset(of: [
        "layer1.0.conv1.weight 64×64×1×1", "layer1.0.downsample.1.bias 256",
        "layer2.0.conv2.weight 128×128×3×3", "layer4.2.bn3.weight 2048",
      ]))
    #expect(parameters.suffix(2) == ["fc.weight 1000×2048", "fc.bias 1000"])
    #expect(graph.states.count == 106)
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

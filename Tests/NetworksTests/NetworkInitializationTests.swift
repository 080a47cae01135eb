import Networks
import Tensors
import TestSupport
import Testing

@Suite struct NetworkInitializationTests {
  private static func program(_ network: Network) -> (Graph, ReferenceProgram) {
    let graph = Graph(network: network, configuration: .init(batch: 2, height: 12, width: 12))
    let program = ReferenceProgram(graph)
    program.initialize(graph, seed: 4)
    return (graph, program)
  }

  private static func values(
    _ name: String, _ graph: Graph, _ program: ReferenceProgram
  ) -> [Double]? {
    graph.slots.indices.first { graph.slots[$0].name == name }.map { program.values[$0] }
  }

  /// A block whose branch starts as 0 hands its input on; its shortcut starts as ever.
  @Test func zeroGammaIsTheLastBatchNormOfABranch() throws {
    let network = try Network.resNetCIFAR(depth: 8, shortcut: .projection)
      .starting(with: InitializationChoice(zeroesResiduals: true))
    let zeroed = network.nodes.filter { $0.start != .standard }
    #expect(zeroed.map(\.path) == ["layer1.0.bn2", "layer2.0.bn2", "layer3.0.bn2"])
    let (graph, program) = Self.program(network)
    #expect(try #require(Self.values("layer2.0.bn2.weight", graph, program)).allSatisfy { $0 == 0 })
    #expect(try #require(Self.values("layer2.0.bn1.weight", graph, program)).allSatisfy { $0 == 1 })
    let fused = network.fusingBatchNorm()
    #expect(fused.nodes.filter { $0.start == .zero }.map(\.path) == zeroed.map(\.path))
    #expect(
      Graph(network: fused, configuration: graph.configuration).parameters == graph.parameters)
  }

  @Test func bottlenecksEndInTheirThirdBatchNorm() throws {
    let network = try Network.resNetImageNet(depth: 50)
      .starting(with: InitializationChoice(zeroesResiduals: true))
    let zeroed = network.nodes.filter { $0.start == .zero }.map(\.path)
    #expect(zeroed.count == 16 && zeroed.allSatisfy { $0.hasSuffix(".bn3") })
  }

  /// Filters hand their input's channels on; those beyond are random.
  @Test func diracHandsChannelsOn() throws {
    var network = Network(name: "dirac", imageChannels: 2)
    let x = network.add(
      .convolution(outputChannels: 5, size: 3, stride: 1, padding: 1), "conv", network.images)
    let pooled = network.add(.globalAveragePool, "pool", x)
    _ = network.add(.linear(outputs: 2), "fc", pooled)
    let (graph, program) = Self.program(
      try network.starting(with: InitializationChoice(startsAsIdentity: true)))
    let weights = try #require(Self.values("conv.weight", graph, program))
    for filter in 0..<2 {
      for place in 0..<18 {
        #expect(weights[filter * 18 + place] == (place == filter * 9 + 4 ? 1 : 0))
      }
    }
    let rest = weights[36...].map(abs)
    let bound = 1 / 18.0.squareRoot()
    #expect(rest.allSatisfy { $0 < bound && $0 > 0 } && (rest.max() ?? 0) > 0.8 * bound)
  }

  /// What whitens has neither gradient nor velocity, keeps its values and is in checkpoints.
  @Test func whiteningFiltersAreFrozen() throws {
    let network = try Network.airbench94()
      .starting(with: InitializationChoice(whitensPatches: true))
    let graph = Graph(network: network, configuration: .init(batch: 2, height: 32, width: 32))
    let plain = NetworkCatalog["airbench94"]?.graph.parameterCount ?? 0
    #expect(graph.parameterCount == plain - 24 * 12)
    #expect(graph.states.first.map { graph[$0.values].name } == "whiten.weight")
    #expect(graph.states.first?.initialization == .whitening(inputs: 3, size: 2))
    #expect(!graph.slots.contains { $0.name == "gradient of whiten.weight" })
    #expect(
      !graph.operations(.backward).contains { op in
        graph[op.writes[0]].name == "gradient of whiten.weight"
      })
  }

  @Test(arguments: [
    (
      "resnet9", "zero-gamma",
      "expected residual branches that end in a batch norm in resnet9 for initialization "
        + "zero-gamma, found none"
    ),
    (
      "resnet20", "whitening",
      "expected a first convolution with two filters for each value of a patch in resnet20 for "
        + "initialization whitening, found none"
    ),
  ])
  func saysWhatItExpects(name: String, choice: String, message: String) throws {
    let network = try #require(NetworkCatalog[name]).network()
    let choice = try #require(InitializationChoice(choice))
    do throws(NetworkError) {
      _ = try network.starting(with: choice)
      Issue.record("\(name) has a place for \(choice)")
    } catch {
      #expect(error.description == message)
    }
  }

  @Test(arguments: [
    ("he", InitializationChoice.he), ("dirac", InitializationChoice(startsAsIdentity: true)),
    ("zero-gamma,whitening", InitializationChoice(zeroesResiduals: true, whitensPatches: true)),
  ])
  func textRoundTrips(text: String, choice: InitializationChoice) {
    #expect(InitializationChoice(text) == choice)
    #expect(choice.description == text)
  }

  @Test(arguments: ["", "he,dirac", "dirac,dirac", "orthogonal", "dirac, whitening"])
  func refusesOtherText(text: String) {
    #expect(InitializationChoice(text) == nil)
  }
}

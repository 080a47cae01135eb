import Networks
import Tensors
import TestSupport
import Testing

@Suite struct NetworkHeadTests {
  private static func graph(_ network: Network, size: Int) -> Graph {
    Graph(network: network, configuration: .init(batch: 2, height: size, width: size))
  }

  private static func parameters(_ graph: Graph) -> [String] {
    (graph.parameters.map(\.values) + graph.states.map(\.values)).map {
      "\(graph[$0].name) \(graph[$0].shape)"
    }
  }

  /// Every network with every head: the same parameters at 64 and at 96 pixels.
  @Test(arguments: NetworkCatalog.entries.map(\.name))
  func parametersDoNotDependOnTheImageSize(name: String) throws {
    for head in Head.allCases {
      let network = try #require(NetworkCatalog[name]).network(classes: 7).replacingHead(by: head)
      let small = Self.parameters(Self.graph(network, size: 64))
      #expect(small == Self.parameters(Self.graph(network, size: 96)))
      #expect(small.contains { $0.hasSuffix("weight 7×\(Self.features(network))") })
    }
  }

  private static func features(_ network: Network) -> Int {
    network.channels(of: network.nodes[network.nodes.count - 1].inputs[0])
  }

  /// One set of parameters, written to the programs of two image sizes, classifies images of both:
  /// a constant image is as good small as large.
  @Test(arguments: Head.allCases) func oneSetOfParametersTakesTwoSizes(head: Head) throws {
    var network = Network(name: "constant", imageChannels: 1)
    // Without padding a constant image stays constant, whatever its size.
    let x = network.add(
      .convolution(outputChannels: 5, size: 3, stride: 1, padding: 0), "conv", network.images)
    let pooled = network.add(.globalAveragePool, "pool", x)
    _ = network.add(.linear(outputs: 3), "fc", pooled)
    network = try network.replacingHead(by: head)
    var losses: [[Double]] = []
    var parameters: [[Double]] = []
    for size in [4, 9] {
      let graph = Self.graph(network, size: size)
      let program = ReferenceProgram(graph)
      if losses.isEmpty {
        program.initialize(graph, seed: 3)
        parameters = graph.parameters.map { program[$0.values] }
      } else {
        for (parameter, values) in zip(graph.parameters, parameters) {
          program[parameter.values] = values
        }
      }
      program[graph.images] = program[graph.images].indices.map { $0 < size * size ? 0.5 : -2 }
      program[graph.labels] = [1, 2]
      program.write(
        StepInputs(validCount: 2, groups: [.init(learningRate: 0)]).values.span,
        to: graph.stepInputs)
      program.run(.evaluate)
      losses.append(program[graph.losses])
    }
    for (small, large) in zip(losses[0], losses[1]) { #expect(abs(small - large) < 1e-9) }
    #expect(losses[0][0] != losses[0][1])
  }

  @Test func concatPutsTheLargestFirst() throws {
    let network = try Network.resNetCIFAR(depth: 8).replacingHead(by: .concat)
    #expect(
      network.nodes.suffix(4).map(\.path) == [
        "avgpool.max", "avgpool.average", "avgpool", "fc",
      ])
    #expect(
      network.nodes.suffix(4).map(\.layer).prefix(3) == [
        .globalMaxPool, .globalAveragePool, .concatenation,
      ])
    #expect(Self.features(network) == 128)
    #expect(network.name == "resnet8")
  }

  @Test func ownHeadIsTheNetworkItself() throws {
    let network = Network.resNetCIFAR(depth: 8)
    #expect(try network.replacingHead(by: .average) == network)
    #expect(try Network.resNet9().replacingHead(by: .max) == .resNet9())
    #expect(try Network.resNet9().replacingHead(by: .average) != .resNet9())
  }

  @Test func saysWhatItExpects() {
    var network = Network(name: "two", imageChannels: 1)
    let a = network.add(.globalAveragePool, "a", network.images)
    let b = network.add(.globalMaxPool, "b", network.images)
    let both = network.add(.concatenation, "both", a, b)
    _ = network.add(.linear(outputs: 2), "fc", both)
    do throws(NetworkError) {
      _ = try network.replacingHead(by: .max)
      Issue.record("two poolings were replaced")
    } catch {
      #expect(
        error.description == "expected one pooling of whole images in two for head max, found none")
    }
  }
}

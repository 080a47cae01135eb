import Networks
import Testing

@Suite struct NetworkNonlinearityTests {
  /// The layers change and nothing else: names, inputs, parameters.
  @Test(arguments: NetworkCatalog.entries.map(\.name), Nonlinearity.allCases)
  func replacesEveryNonlinearity(name: String, nonlinearity: Nonlinearity) throws {
    let network = try #require(NetworkCatalog[name]).network()
    let changed = try network.replacingNonlinearities(by: nonlinearity)
    #expect(changed.nodes.map(\.path) == network.nodes.map(\.path))
    #expect(changed.nodes.map(\.inputs) == network.nodes.map(\.inputs))
    let expected: Network.Layer =
      switch nonlinearity {
      case .relu: .relu
      case .gelu: .gelu
      case .celu: .celu(alpha: 0.3)
      }
    var count = 0
    for (old, new) in zip(network.nodes, changed.nodes) {
      if [.relu, .gelu].contains(old.layer) {
        #expect(new.layer == expected)
        count += 1
      } else {
        #expect(new.layer == old.layer)
      }
    }
    #expect(count >= 7)
    #expect(
      try changed.replacingNonlinearities(by: name == "airbench94" ? .gelu : .relu) == network)
  }

  @Test func saysWhatItExpects() {
    var network = Network(name: "linear", imageChannels: 1)
    let pooled = network.add(.globalAveragePool, "pool", network.images)
    _ = network.add(.linear(outputs: 2), "fc", pooled)
    do throws(NetworkError) {
      _ = try network.replacingNonlinearities(by: .celu)
      Issue.record("there was nothing to replace")
    } catch {
      #expect(
        error.description == "expected a nonlinearity in linear for activation celu, found none")
    }
  }
}

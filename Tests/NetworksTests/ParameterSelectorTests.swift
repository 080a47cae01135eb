import Tensors
import Testing

@testable import Networks

@Suite struct ParameterSelectorTests {
  private func names(_ selector: String) -> [String] {
    let graph = Graph(
      network: .resNetCIFAR(depth: 8),
      configuration: .init(batch: 1, height: 8, width: 8, selectors: [selector]))
    return graph.parameters.filter { graph.groups[$0.group].selectors == [selector] }
      .map { graph[$0.values].name }
  }

  @Test func namesParameters() {
    #expect(
      names("layer1") == [
        "layer1.0.conv1.weight", "layer1.0.bn1.weight", "layer1.0.bn1.bias",
        "layer1.0.conv2.weight", "layer1.0.bn2.weight", "layer1.0.bn2.bias",
      ])
    #expect(names("layer1.0.conv1.weight") == ["layer1.0.conv1.weight"])
    #expect(names("conv1") == ["conv1.weight"])
    #expect(names("conv1,fc") == ["conv1.weight", "fc.weight", "fc.bias"])
    #expect(names("layer") == [])
    #expect(names("layer*.conv1").count == 3)
    #expect(names("*").count == 23)
    #expect(names("*.conv*").count == 6)
    #expect(names("").isEmpty)
  }

  @Test func namesBiasesAndNorms() {
    let biases = names("biases")
    #expect(biases.count == 8 && biases.last == "fc.bias" && biases.first == "bn1.bias")
    let norms = names("norms")
    #expect(norms.count == 14 && !norms.contains { $0.hasPrefix("fc") || $0.contains("conv") })
    #expect(names("norms,biases").count == 15)
  }

  /// Parameters that the same selectors name share a group; the first is that of no selector.
  @Test func groupsAreByTheirSelectors() {
    let graph = Graph(
      network: .resNetCIFAR(depth: 8),
      configuration: .init(batch: 1, height: 8, width: 8, selectors: ["biases", "fc", "none"]))
    #expect(graph.groups.map(\.name) == ["all", "biases", "fc", "biases + fc"])
    #expect(graph[graph.stepInputs].shape.count == 5 + 4 * 4)
    let last = graph.parameters.suffix(2).map { graph.groups[$0.group].name }
    #expect(last == ["fc", "biases + fc"])
  }
}

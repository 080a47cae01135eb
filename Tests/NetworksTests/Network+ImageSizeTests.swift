import Networks
import Testing

@Suite struct NetworkImageSizeTests {
  /// The smallest side that is taken is one that a graph can be made for.
  @Test(arguments: NetworkCatalog.entries.map(\.name))
  func takesWhatAGraphTakes(name: String) throws {
    let network = try #require(NetworkCatalog[name]).network(imageChannels: 3, classes: 10)
    let smallest = try #require(
      (1...64).first { network.takesImages(height: $0, width: $0) })
    #expect(network.takesImages(height: 64, width: smallest))
    #expect(smallest == 1 || !network.takesImages(height: 64, width: smallest - 1))
    let graph = Graph(
      network: network, configuration: .init(batch: 1, height: smallest, width: smallest))
    #expect(graph.parameterCount > 0)
  }

  @Test func namesTheSmallestSide() throws {
    func smallest(_ name: String) throws -> Int? {
      let network = try #require(NetworkCatalog[name]).network(imageChannels: 3, classes: 10)
      return (1...64).first { network.takesImages(height: $0, width: $0) }
    }
    // Padded filters take a single pixel; three windows of 2×2 leave one of eight.
    #expect(try smallest("resnet20") == 1)
    #expect(try smallest("resnet9") == 8)
  }
}

import Foundation
import Networks
import TestSupport
import Testing

@testable import anneal

@Suite struct NetworkListTests {
  @Test func printsATable() throws {
    let test = TestConsole()
    #expect(test.run("network", "list") == .done)
    #expect(Snapshot.difference(test.output, from: "network-list.txt") == nil)
  }

  @Test func printsJSON() throws {
    struct Row: Decodable {
      var name: String
      var parameters: Int
      var flopsPerImage: Int
    }
    let test = TestConsole()
    #expect(test.run("network", "list", "--json") == .done)
    let rows = try JSONDecoder().decode([Row].self, from: Data(test.output.utf8))
    #expect(rows.map(\.name) == NetworkCatalog.entries.map(\.name))
    #expect(rows.allSatisfy { $0.parameters > 0 && $0.flopsPerImage > 0 })
    #expect(test.output.split(separator: "\n").count == 1)
  }
}

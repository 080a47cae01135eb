import Datasets
import Foundation
import Testing

@testable import anneal

@Suite struct DataListTests {
  @Test func printsATableAndWhereTheFilesAre() throws {
    let test = TestConsole()
    #expect(test.run("data", "list") == .done)
    let lines = test.output.split(separator: "\n")
    #expect(lines.count == 2 + 2 * DatasetCatalog.entries.count)
    #expect(lines[2].hasPrefix("fashion-mnist       1×28×28       10    10 000   2 000  "))
    #expect(lines[3].hasPrefix("cifar10             3×32×32       10    50 000  10 000  "))
    #expect(lines[2 + DatasetCatalog.entries.count].hasSuffix("/data/fashion-mnist)"))
  }

  @Test func printsJSON() throws {
    struct Row: Decodable {
      var name: String
      var trainingCount: Int
      var folder: String?
    }
    let test = TestConsole()
    #expect(test.run("data", "list", "--json") == .done)
    let rows = try JSONDecoder().decode([Row].self, from: Data(test.output.utf8))
    #expect(rows.map(\.name) == DatasetCatalog.entries.map(\.name))
    #expect(rows[0].folder?.hasSuffix("/data/fashion-mnist") == true)
    #expect(rows.last?.folder == nil)
  }
}

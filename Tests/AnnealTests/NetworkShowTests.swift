import Foundation
import Networks
import TestSupport
import Testing

@testable import anneal

@Suite struct NetworkShowTests {
  @Test func printsTheOperationsOfAPhase() throws {
    let test = TestConsole()
    #expect(test.run("network", "show", "resnet8", "--phase", "forward", "--batch", "128") == .done)
    #expect(Snapshot.difference(test.output, from: "network-show-resnet8.txt") == nil)
  }

  @Test func printsJSON() throws {
    struct Description: Decodable {
      struct Operation: Decodable {
        var phase: String
        var shape: String
      }
      var name: String
      var parameters: Int
      var operations: [Operation]
    }
    let test = TestConsole()
    let code = test.run(
      "network", "show", "resnet8", "--json", "--channels", "1", "--image-size=28", "--classes=7")
    #expect(code == .done)
    let shown = try JSONDecoder().decode(Description.self, from: Data(test.output.utf8))
    let graph = Graph(
      network: .resNetCIFAR(depth: 8, imageChannels: 1, classes: 7),
      configuration: .init(batch: 1, height: 28, width: 28))
    #expect(shown.name == "resnet8")
    #expect(shown.parameters == graph.parameterCount)
    #expect(shown.operations.map(\.shape) == graph.rows.map(\.shape))
    #expect(Set(shown.operations.map(\.phase)) == ["forward", "backward", "update", "evaluate"])
  }

  @Test(arguments: [
    (["resnet21"], "NETWORK expects one of \(names), found 'resnet21'; did you mean 'resnet20'?"),
    (["alexnet"], "NETWORK expects one of \(names), found 'alexnet'"),
    (["resnet8", "--batch", "0"], "--batch expects a whole number from 1 to 65536, found '0'"),
    (
      ["resnet8", "--image-size", "9999999"],
      "--image-size expects a whole number from 1 to 4096, found '9999999'"
    ),
    (
      ["resnet8", "--phase", "forwards"],
      "--phase expects one of forward, backward, accumulate, update, average, exchange, evaluate, "
        + "found 'forwards'; did you mean 'forward'?"
    ),
  ])
  func explainsMistakes(words: [String], message: String) {
    let test = TestConsole()
    #expect(CommandLineTool().run(["network", "show"] + words, console: test.console) == .usage)
    #expect(test.diagnostics == "error: \(message)\n")
    #expect(test.output.isEmpty)
  }

  private static let names = NetworkCatalog.entries.map(\.name).joined(separator: ", ")

  @Test(arguments: [1, 2, 3, 5, 33])
  func takesAnyImageSize(size: Int) {
    let test = TestConsole()
    #expect(test.run("network", "show", "resnet20", "--image-size", "\(size)") == .done)
  }
}

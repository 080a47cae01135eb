import Foundation
import Schedules
import Testing

@testable import anneal

@Suite struct ScheduleImportTests {
  private static let parameters = #"{"max_lr": 0.1, "total_steps": 3}"#

  @Test func printsWordsThatShowReadsBack() throws {
    let test = TestConsole()
    #expect(test.run("schedule", "import", "torch.OneCycleLR", Self.parameters) == .done)
    let words = test.output.split(separator: "\n").map(String.init)
    #expect(words.map { $0.prefix { $0 != "=" } } == ["lr", "momentum"])
    let shown = TestConsole()
    let line = ["schedule", "show"] + words + ["--steps=3", "--closed", "--json"]
    #expect(CommandLineTool().run(line, console: shown.console) == .done)
  }

  @Test func printsTheLibrarysValues() throws {
    struct Values: Decodable {
      var steps: Int
      var values: [String: [Double]]
    }
    let test = TestConsole()
    #expect(test.run("schedule", "import", "torch.OneCycleLR", Self.parameters, "--json") == .done)
    let imported = try JSONDecoder().decode(Values.self, from: Data(test.output.utf8))
    #expect(imported.steps == 3)
    // torch 2.13: OneCycleLR(SGD, max_lr=0.1, total_steps=3), values during each step.
    let rates = try #require(imported.values["learningRate"])
    let momenta = try #require(imported.values["momentum"])
    #expect(rates.count == 3 && momenta.count == 3)
    for (value, expected) in zip(rates, [0.09944154354509119, 0.046263710266697504, 4e-07]) {
      #expect(abs(value - expected) <= 1e-12 * expected)
    }
    for (value, expected) in zip(momenta, [0.8505584586887436, 0.9037365046793212, 0.95]) {
      #expect(abs(value - expected) <= 1e-12 * expected)
    }
  }

  @Test func listsAsManyValuesAsAskedFor() {
    let test = TestConsole()
    test.run("schedule", "import", "torch.OneCycleLR", Self.parameters, "--json", "--steps", "2")
    #expect(test.output.hasPrefix(#"{"steps":2,"#))
  }

  @Test(arguments: [
    (["torch.OneCycleRL"], "unknown class of torch 'OneCycleRL'; did you mean 'OneCycleLR'?"),
    (["troch.OneCycleLR"], "unknown library 'troch'; did you mean 'torch'?"),
    (["OneCycleLR"], "LIBRARY.CLASS expects a library, a dot and a class, found 'OneCycleLR'"),
    (
      ["torch.OneCycleLR", "{"],
      "expected a name in quotes at column 2 of '{', found the end"
    ),
    (
      ["torch.OneCycleLR", #"{"max_lr": 1, "max_lr": 2}"#],
      #"expected each name once at column 15 of '{"max_lr": 1, "max_lr": 2}', found '"'"#
    ),
    (
      ["torch.OneCycleLR", "[1]"],
      "PARAMS expects a JSON object such as {\"max_lr\": 0.1}, found '[1]'"
    ),
    (
      ["torch.OneCycleLR", #"{"max_l": 3}"#],
      "unknown parameter of torch.OneCycleLR 'max_l'; did you mean 'max_lr'?"
    ),
    (
      ["torch.CosineAnnealingLR", #"{"T_max": 10, "base_lr": 0.1}"#, "--json"],
      "the parameters state no length of the run, and --steps N is missing"
    ),
    (
      ["torch.OneCycleLR", #"{"max_lr": 0.1, "total_steps": 100000000}"#, "--json"],
      "expected a run of at most 10000000 steps, found 100000000"
    ),
  ])
  func explainsMistakes(words: [String], message: String) {
    let test = TestConsole()
    #expect(CommandLineTool().run(["schedule", "import"] + words, console: test.console) == .usage)
    #expect(test.diagnostics == "error: \(message)\n")
    #expect(test.output.isEmpty)
  }
}

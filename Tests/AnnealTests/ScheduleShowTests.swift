import Foundation
import TestSupport
import Testing

@testable import anneal

@Suite struct ScheduleShowTests {
  private struct Shown: Decodable {
    var steps: Int
    var values: [String: [Double]]
  }

  private func json(_ words: String...) throws -> Shown {
    let test = TestConsole()
    let line = ["schedule", "show"] + words + ["--json"]
    #expect(CommandLineTool().run(line, console: test.console) == .done, "\(test.diagnostics)")
    return try JSONDecoder().decode(Shown.self, from: Data(test.output.utf8))
  }

  @Test func chartsAPlan() {
    let test = TestConsole()
    test.run(
      "schedule", "show", "lr=onecycle(peak=0.4,warmup=30%)",
      "momentum=0.95..0.85@30%,0.85..0.95", "--steps", "1000")
    #expect(Snapshot.difference(test.output, from: "schedule-show-plan.txt") == nil)
    #expect(test.diagnostics.isEmpty)
  }

  /// Where colours tell the curves apart they lie over each other.
  @Test(arguments: [("1", "schedule-show-comparison"), ("", "schedule-show-colours")])
  func chartsAComparisonOnOneAxis(noColor: String, snapshot: String) {
    let test = TestConsole(environment: ["NO_COLOR": noColor], terminalColumns: 60)
    test.run(
      "schedule", "show", "0.1..0:cosine", "(0.1..0@10ep:cosine)x3", "--epochs", "30",
      "--steps-per-epoch", "100")
    #expect(Snapshot.difference(test.output, from: "\(snapshot).txt") == nil)
  }

  @Test func printsThePlansValues() throws {
    let shown = try json("lr=0.1..0.5", "momentum=0.9", "imageSize=100@2st,150/32", "--steps", "4")
    #expect(shown.steps == 4)
    #expect(
      shown.values == [
        "learningRate": [0.1, 0.2, 0.3, 0.4], "momentum": [0.9, 0.9, 0.9, 0.9],
        "imageSize": [96, 96, 160, 160],
      ])
  }

  @Test func namesGroups() throws {
    let shown = try json("lr=1", "stem:lr=0.5", "--steps=1")
    #expect(shown.values == ["learningRate": [1], "stem:learningRate": [0.5]])
  }

  @Test func comparesUnderTheWordsTyped() throws {
    let shown = try json("lr=1", "learningRate=2", "3", "--steps=2")
    #expect(shown.values == ["lr=1": [1, 1], "learningRate=2": [2, 2], "3": [3, 3]])
  }

  @Test func takesAWordWithoutANameAsALearningRate() throws {
    #expect(try json("constant(value=0.2)", "--steps=1").values == ["learningRate": [0.2]])
    #expect(try json("0.2", "momentum=0.9", "--steps=1").values.count == 2)
  }

  @Test func knowsTheUnitsOfARun() throws {
    let words = ["--epochs=2", "--steps-per-epoch=2", "--batch=10", "--tokens-per-sample=5"]
    for unit in ["1ep", "2st", "20sp", "100tok", "50%"] {
      let test = TestConsole()
      let line = ["schedule", "show", "1@\(unit),2", "--json"] + words
      #expect(CommandLineTool().run(line, console: test.console) == .done, "\(test.diagnostics)")
      #expect(test.output.contains("[1,1,2,2]"), "\(unit): \(test.output)")
    }
  }

  @Test func closesTheRunOnDemand() throws {
    #expect(
      try json("0..1", "--steps=5", "--closed").values["learningRate"] == [0, 0.25, 0.5, 0.75, 1])
  }

  @Test(arguments: [("svg", "<svg"), ("html", "<!DOCTYPE html>")])
  func writesAPictureOrAPage(ending: String, start: String) throws {
    let folder = try TemporaryFolder()
    let test = TestConsole()
    let words = ["onecycle(0.4)", "--steps", "20", "--json", "-o", "\(folder.path)/a.\(ending)"]
    #expect(CommandLineTool().run(["schedule", "show"] + words, console: test.console) == .done)
    #expect(test.output.hasPrefix("{") && test.diagnostics == "wrote \(folder.path)/a.\(ending)\n")
    let text = try folder.text("a.\(ending)")
    #expect(text.hasPrefix(start) && text.contains("anneal-data") == (ending == "html"))
  }

  @Test func printsCSV() {
    let test = TestConsole()
    test.run("schedule", "show", "lr=0..1", "lr=2@1st,1", "--steps", "2", "--csv")
    #expect(test.output == "step,lr=0..1,\"lr=2@1st,1\"\n0,0,2\n1,0.5,1\n")
  }

  @Test(arguments: [
    (
      ["lr=onecicle(peak=1)"],
      "unknown schedule 'onecicle' at column 4 of 'lr=onecicle(peak=1)'; did you mean 'onecycle'?"
    ),
    (["lr=0.1@3xx"], "unknown unit 'xx' at column 9 of 'lr=0.1@3xx'"),
    (
      ["0.1..0:cosin"],
      "unknown curve 'cosin' at column 8 of '0.1..0:cosin'; did you mean 'cosine'?"
    ),
    (["lr=0.1@200st"], "phase 1 (0.1@200st) ends at step 200, but the run has 100 steps"),
    (["momentum=1.2"], "momentum is 1.2 at step 0; expected at least 0 and less than 1"),
    (["lr=-0.1"], "learningRate is -0.1 at step 0; expected a finite number of at least 0"),
    (["lr=nan"], "expected a finite number at column 4 of 'lr=nan', found 'n'"),
    (["lr=0.1@2ep"], "phase 1 (0.1@2ep) needs stepsPerEpoch, which the horizon does not have"),
    (
      ["lr=1", "lr=2", "momentum=0.9"],
      "expected one schedule for each hyper-parameter, or several of one to compare; "
        + "found 'lr=1', 'lr=2', 'momentum=0.9'"
    ),
    (["0.1", "--epochs", "3"], "--steps and --epochs exclude each other"),
    (["0.1", "--json", "--csv"], "--json and --csv exclude each other"),
  ])
  func explainsMistakes(words: [String], message: String) {
    let test = TestConsole()
    let line = ["schedule", "show", "--steps", "100"] + words
    #expect(CommandLineTool().run(line, console: test.console) == .usage)
    #expect(test.diagnostics == "error: \(message)\n")
    #expect(test.output.isEmpty)
  }

  @Test(arguments: [
    ([], "the run's length is missing: --steps N"),
    (["--epochs", "3"], "--epochs needs --steps-per-epoch K beside it"),
    (
      ["--epochs", "10000000", "--steps-per-epoch", "10000000"],
      "--epochs 10000000 of 10000000 steps are more than 10000000 steps"
    ),
    (["--steps", "0"], "--steps expects a whole number from 1 to 10000000, found '0'"),
  ])
  func needsTheRunsLength(words: [String], message: String) {
    let test = TestConsole()
    let line = ["schedule", "show", "0.1"] + words
    #expect(CommandLineTool().run(line, console: test.console) == .usage)
    #expect(test.diagnostics == "error: \(message)\n")
  }
}

import Foundation
import Testing

@testable import anneal

@Suite struct ScheduleSpliceTests {
  private struct Spliced: Decodable {
    var schedule: String
    var step: Int
    var before: Double
    var after: Double
    var jump: Double
  }

  private func output(_ words: String...) -> String {
    let test = TestConsole()
    let line = ["schedule", "splice"] + words
    #expect(CommandLineTool().run(line, console: test.console) == .done, "\(test.diagnostics)")
    return test.output
  }

  @Test func reportsTheJump() {
    #expect(
      output("1..0", "0.2@1st,0.1", "--at", "5st", "--steps", "10") == """
        (1..0)until(5st),0.2@1st,0.1
        at step 5 the value is 0.2 instead of 0.5, a jump of −0.3

        """)
    #expect(
      output("lr=0.1", "lr=0.1..0", "--at", "50%", "--steps", "10") == """
        (0.1)until(50%),0.1..0
        at step 5 the value is 0.1 instead of 0.1, no jump

        """)
  }

  @Test func keepsThePastOfARunOfAnotherLength() throws {
    let text = output("1..0", "0", "--at", "5st", "--steps", "20", "--was", "10", "--json")
    let spliced = try JSONDecoder().decode(Spliced.self, from: Data(text.utf8))
    #expect(spliced.schedule == "(1..0)until(5st,10st),0" && spliced.step == 5)
    #expect(spliced.before == 0.5 && spliced.after == 0 && spliced.jump == -0.5)
  }

  @Test(arguments: [
    (
      ["0.1", "momentum=0.9", "--at", "4st"],
      "expected two schedules of one hyper-parameter, found '0.1' and 'momentum=0.9'"
    ),
    (
      ["0.1", "0.2", "--at", "4"],
      "--at expects a length such as 40ep, 60% or 2000st, found '4'"
    ),
    (
      ["0.1", "0.2", "--at", "10st"], "splice ends at step 10, but the run has 10 steps"
    ),
    (
      ["0.1", "0.2", "--at", "1ep"],
      "phase 1 ((0.1)until(1ep)) needs stepsPerEpoch, which the horizon does not have"
    ),
  ])
  func explainsMistakes(words: [String], message: String) {
    let test = TestConsole()
    let line = ["schedule", "splice"] + words + ["--steps", "10"]
    #expect(CommandLineTool().run(line, console: test.console) == .usage)
    #expect(test.diagnostics == "error: \(message)\n")
  }
}

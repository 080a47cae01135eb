import Foundation
import Testing

@testable import anneal

@Suite struct ScheduleLintTests {
  private struct Report: Decodable {
    struct Finding: Decodable {
      var schedule: String
      var kind: String
      var step: Int?
      var text: String
    }
    var findings: [Finding]
  }

  @Test func saysWhatIsFound() {
    let test = TestConsole()
    test.run("schedule", "lint", "lr=0..0.1@10st,0.05..0", "momentum=0.9", "--steps", "100")
    #expect(
      test.output == """
        learningRate: the value jumps from 0.1 to 0.05 at step 10
        learningRate: the peak of 0.1 at 10 is in force during no step; the largest value is 0.09

        """)
  }

  @Test func saysThatNothingIs() {
    let test = TestConsole()
    test.run("schedule", "lint", "onecycle(0.1)", "--steps", "1000")
    #expect(test.output == "nothing found\n")
  }

  @Test func reportsAsJSON() throws {
    let test = TestConsole()
    test.run(
      "schedule", "lint", "0.1..0.5", "0..1@200st", "--steps", "100", "--max-rate", "0.3", "--json")
    let report = try JSONDecoder().decode(Report.self, from: Data(test.output.utf8))
    #expect(report.findings.map(\.kind) == ["aboveRangeTest", "error"])
    #expect(report.findings.map(\.schedule) == ["0.1..0.5", "0..1@200st"])
    #expect(report.findings.first?.step == 51 && report.findings.last?.step == nil)
    #expect(report.findings.allSatisfy { !$0.text.isEmpty })
  }
}

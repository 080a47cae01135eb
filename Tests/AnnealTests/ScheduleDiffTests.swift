import Foundation
import Testing

@testable import anneal

@Suite struct ScheduleDiffTests {
  private struct Difference: Decodable {
    var largestGap: Double
    var step: Int
    var areaAbove: Double
    var areaBelow: Double
    var sums: [Double]
    var differingSteps: Int
    var stepCount: Int
  }

  @Test func measuresTheGap() {
    let test = TestConsole()
    test.run("schedule", "diff", "lr=0..1", "lr=1..0", "--steps", "5", "--closed")
    #expect(
      test.output == """
                              first  second
        ────────────────────  ─────  ──────
        value at step 0           0       1
        sum over the run        2.5     2.5
        area above the other    1.5     1.5

        largest gap 1, at step 0; different at 4 of 5 steps

        """)
  }

  @Test func saysThatEqualOnesAre() throws {
    let test = TestConsole()
    test.run("schedule", "diff", "onecycle(0.1)", "onecycle(peak=0.1)", "--steps", "50", "--json")
    let difference = try JSONDecoder().decode(Difference.self, from: Data(test.output.utf8))
    #expect(difference.largestGap == 0 && difference.differingSteps == 0)
    #expect(difference.stepCount == 50 && difference.sums[0] == difference.sums[1])
    #expect(difference.step == 0 && difference.areaAbove == 0 && difference.areaBelow == 0)
  }

  @Test func refusesDifferentHyperparameters() {
    let test = TestConsole()
    let code = CommandLineTool().run(
      ["schedule", "diff", "lr=1", "momentum=0.9", "--steps", "5"], console: test.console)
    #expect(code == .usage)
    #expect(
      test.diagnostics.contains(
        "expected two schedules of one hyper-parameter, found 'lr=1' and 'momentum=0.9'"))
  }
}

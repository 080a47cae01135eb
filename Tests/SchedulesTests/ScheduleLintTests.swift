import Schedules
import Testing

@Suite("Schedules: lint and difference")
struct ScheduleLintTests {
  private let run = Horizon(steps: 100)

  private func findings(_ text: String, steps: Int = 100, maximum: Double? = nil) throws -> [String]
  {
    try Schedule(parsing: text).lint(over: Horizon(steps: steps), rangeTestMaximum: maximum)
      .map { "\($0.name): \($0)" }
  }

  @Test(
    "What is meant is not reported",
    arguments: [
      "onecycle(0.1)", "(0.1..0@10st:cosine)x", "multistep(0.1,{30st,60st,90st})", "0.1",
      "step(0.1,25st)", "triangular(0.1,1,10st)", "wsd(1,10%,20%)", "noam(512,10)", "{1,2,3}",
      "sgdr(1,10st,stretch=2)", "(0..1)*(1..0)", "0..1@10st,1..0:cosine",
    ])
  func silence(text: String) throws {
    #expect(try findings(text).isEmpty)
  }

  @Test(
    "Every finding says what and where",
    arguments: [
      ("1..0.5@9.5st,0.2..0:cosine", "jump: the value jumps from 0.5 to 0.2 at step 10"),
      (
        "0..1@1.5st,1..0@1.5st,0",
        "missedPeak: the peak of 1 at 1.5 is in force during no step; the largest value is 0.666667"
      ),
      (
        "0..1@0st,1..0",
        "emptyPhase: phase 1 (0..1@0st) has no length in this run and is never entered"
      ),
      (
        "1..0@100st,0",
        "emptyPhase: phase 2 (0) has no length in this run and is never entered"
      ),
      (
        "0..1@150st,1..0",
        "error: phase 1 (0..1@150st) ends at step 150, but the run has 100 steps"
      ),
    ])
  func reports(text: String, message: String) throws {
    #expect(try findings(text) == [message])
  }

  @Test("A warm-up as long as the run leaves nothing, and a short run misses its end")
  func wholeRun() throws {
    #expect(
      try findings("0..1@100%,1..0") == [
        "emptyPhase: phase 2 (1..0) has no length in this run and is never entered",
        "warmupFillsRun: phase 1 (0..1@100%), a warm-up, ends at step 100 of a run of 100",
      ])
    #expect(
      try findings("1..0", steps: 10) == [
        "endNotReached: the last step has 0.1, not the end value 0"
      ])
    #expect(
      try findings("0.1..0.5", maximum: 0.3) == [
        "aboveRangeTest: the value is 0.304 at step 51, above the range test's 0.3"
      ])
  }

  @Test("A plan is looked at as a whole")
  func plans() throws {
    let plan = try #require(Plan("lr=0..1@10st,0.5 momentum=0.95..0.999 beta2=0.99"))
    let found = plan.lint(over: run).map { "\($0.key): \($0.finding)" }
    #expect(
      found == [
        "learningRate: the value jumps from 1 to 0.5 at step 10",
        "learningRate: the peak of 1 at 10 is in force during no step; the largest value is 0.9",
        "momentum: momentum is 0.99508 at step 92; Adam needs less than the root of beta2, 0.994987",
      ])
    let broken = try #require(Plan("lr=0.1 momentum=0.9..1.5"))
    let errors = broken.lint(over: run)
    #expect(errors.map(\.key) == ["momentum"])
    #expect(
      errors[0].finding.description
        == "momentum is 1.002 at step 17; expected at least 0 and less than 1")
    #expect(errors[0].finding.step == 17)
  }

  @Test("A difference is the largest gap, the areas and the sums")
  func difference() throws {
    let up = Schedule.linear(from: 0, to: 1)
    let down = Schedule.linear(from: 1, to: 0)
    let difference = try up.difference(from: down, over: Horizon(steps: 5, end: .closed))
    #expect(difference.largestGap == 1 && difference.step == 0 && difference.values == [0, 1])
    #expect(difference.areaAbove == 1.5 && difference.areaBelow == 1.5)
    #expect(difference.sums == [2.5, 2.5])
    #expect(difference.differingSteps == 4 && difference.stepCount == 5)
    let same = try up.difference(from: up, over: run)
    #expect(same.largestGap == 0 && same.differingSteps == 0)
  }
}

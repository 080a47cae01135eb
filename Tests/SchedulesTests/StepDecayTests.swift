import Schedules
import Testing

@Suite("Step decay")
struct StepDecayTests {
  @Test("Tenths are written as tenths")
  func tenths() throws {
    let rates = try Schedule.step(from: 0.1, every: 2.steps)
      .resolved(over: Horizon(steps: 8))
    #expect(Array(rates) == [0.1, 0.1, 0.01, 0.01, 0.001, 0.001, 0.0001, 0.0001])
  }

  @Test("A milestone is the first step of the new value, and may come twice")
  func milestones() throws {
    let rates = try Schedule.multiStep(
      from: 1, at: [2.steps, 4.steps, 4.steps], decayingBy: 0.5
    ).resolved(over: Horizon(steps: 6))
    #expect(Array(rates) == [1, 1, 0.5, 0.5, 0.125, 0.125])
    #expect(Schedule.multiStep(from: 1, at: []) == .constant(1))
  }

  @Test("Milestones that descend are an error")
  func descending() {
    #expect(
      throws: ScheduleError.negativeSpan(phase: "phase 2 (0.1@-2st)", steps: -2)
    ) {
      try Schedule.multiStep(from: 1, at: [4.steps, 2.steps]).resolved(over: Horizon(steps: 6))
    }
  }

  @Test("An exponential decay is one curve through all cycles")
  func exponential() throws {
    let rates = try Schedule.exponential(from: 1, decayingBy: 0.5, every: 2.steps)
      .resolved(over: Horizon(steps: 21))
    for (step, rate) in rates.enumerated() where step.isMultiple(of: 2) {
      #expect(rate == 1 / Double(1 << (step / 2)))
    }
    #expect(abs(rates[1] - 0.5.squareRoot()) < 1e-15)
  }
}

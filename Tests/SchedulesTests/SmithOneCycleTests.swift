import Schedules
import Testing

@Suite struct SmithOneCycleTests {
  @Test func goldenFileHoldsAllCases() {
    #expect(ImportCase.smith.count == 2)
  }

  @Test(arguments: ImportCase.smith)
  func everyStepFollowsTheLaw(_ golden: ImportCase) throws {
    func number(_ name: String) throws -> Double {
      try #require(golden.number(name))
    }
    let halfCycle = Span.steps(try number("stepsize"))
    let rate = Schedule.smithOneCycle(
      base: try number("base_lr"), peak: try number("max_lr"), halfCycle: halfCycle)
    let momentum = Schedule.smithMomentum(
      high: try number("momentum_max"), low: try number("momentum_min"), halfCycle: halfCycle)
    let plan = Plan {
      Scheduled(.learningRate, rate)
      Scheduled(.momentum, momentum)
    }
    let resolved = try plan.resolved(over: Horizon(steps: golden.steps))
    let rates = resolved[.learningRate].map { Array($0) }
    let momenta = resolved[.momentum].map { Array($0) }
    #expect(golden.difference(of: rates, from: golden.learningRate) == nil)
    #expect(golden.difference(of: momenta, from: golden.momentum) == nil)
  }
}

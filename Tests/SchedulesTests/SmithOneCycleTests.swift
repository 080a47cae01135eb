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

  struct Run: Decodable {
    var base: Double
    var peak: Double
    var halfCycle: Int
    var high: Double
    var low: Double
    var every: Int
    var rates: [Double]
    var momenta: [Double]
  }

  private struct Runs: Decodable { var runs: [Run] }

  @Test("Every point that Smith's six CIFAR runs logged, to 6 digits")
  func publishedRuns() throws {
    let runs = try GoldenFile.read("smith-runs.json", as: Runs.self).runs
    #expect(runs.count == 6)
    var points = 0
    for run in runs {
      let horizon = Horizon(steps: run.every * run.rates.count)
      let rates = try Schedule.smithOneCycle(
        base: run.base, peak: run.peak, halfCycle: run.halfCycle.steps
      ).resolved(over: horizon)
      let momenta = try Schedule.smithMomentum(
        high: run.high, low: run.low, halfCycle: run.halfCycle.steps
      ).resolved(over: horizon)
      #expect(run.rates.count == run.momenta.count)
      for (index, (rate, momentum)) in zip(run.rates, run.momenta).enumerated() {
        let step = index * run.every
        // Half a unit of the sixth digit.
        #expect(abs(rates[step] - rate) <= 5.1e-6 * rate, "step \(step)")
        #expect(abs(momenta[step] - momentum) <= 5.1e-7, "step \(step)")
        points += 1
      }
    }
    #expect(points == 242)
  }
}

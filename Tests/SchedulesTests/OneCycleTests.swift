import Schedules
import Testing

@Suite("1cycle")
struct OneCycleTests {
  @Test("The preset is the phase list of two ramps")
  func preset() {
    let phases = Schedule {
      Ramp(from: 0.004, to: 0.1, over: 30.percent, curve: .cosine)
      Ramp(from: 0.1, to: 4e-7, curve: .cosine)
    }
    #expect(Schedule.oneCycle(peak: 0.1) == phases)
    #expect(
      Schedule.oneCycle(peak: 0.1, aligned: .pytorch).description
        == "0.004..0.1@30%-1st:cosine,0.1..4e-07:cosine")
  }

  @Test("PyTorch's alignment turns one step earlier and ends at the end")
  func pytorch() throws {
    let rates = try Schedule.oneCycle(
      peak: 1, start: 0.25, end: 0, warmup: 50.percent, curve: .linear, aligned: .pytorch
    ).resolved(over: Horizon(steps: 10, end: .closed))
    #expect(rates[0] == 0.25)
    #expect(rates[4] == 1)
    #expect(rates[9] == 0)
    #expect(rates.max() == 1)
  }

  @Test("Three phases come back to the start in the warm-up's time")
  func threePhases() throws {
    let rates = try Schedule.oneCycle(
      peak: 1, start: 0.5, end: 0, warmup: 40.percent, curve: .linear, style: .threePhase
    ).resolved(over: Horizon(steps: 10))
    #expect(Array(rates) == [0.5, 0.625, 0.75, 0.875, 1, 0.875, 0.75, 0.625, 0.5, 0.25])
  }

  @Test("Every length and every warm-up is finite and inside", arguments: [1, 2, 3, 7, 10])
  func shortRuns(steps: Int) throws {
    for end in Horizon.End.allCases {
      for share in [0, 1, 10, 33.3, 50, 99, 100] {
        for style in Schedule.OneCycleStyle.allCases {
          for alignment in Schedule.Alignment.allCases {
            let rates = try Schedule.oneCycle(
              peak: 0.1, warmup: share.percent, style: style, aligned: alignment
            ).resolved(over: Horizon(steps: steps, end: end))
            #expect(rates.count == steps)
            #expect(rates.allSatisfy { $0 >= 4e-7 && $0 <= 0.1 })
          }
        }
      }
    }
  }

  @Test("Momentum mirrors the rate: it turns at the same instants")
  func momentum() {
    let rate = Schedule.oneCycle(peak: 3, start: 0.1, end: 1e-4, warmup: 45.percent, curve: .linear)
    #expect(rate.mirrored(into: 0.85...0.95).description == "0.95..0.85@45%,0.85..0.95")
  }

  @Test("Smith's own law: to zero, never below a thousandth of the base")
  func smith() throws {
    let rates = try Schedule.smithOneCycle(base: 0.1, peak: 1, halfCycle: 22.steps)
      .resolved(over: Horizon(steps: 49))
    #expect(rates[0] == 0.1)
    #expect(rates[22] == 1)
    #expect(rates[44] == 0.0001)
    #expect(rates[48] == 0.0001)
    let momentum = try Schedule.smithMomentum(halfCycle: 22.steps)
      .resolved(over: Horizon(steps: 67))
    #expect(momentum[0] == 0.95)
    #expect(momentum[22] == 0.85)
    #expect(momentum[44] == 0.95)
    #expect(abs(momentum[66] - 0.9) < 1e-15)
  }
}

import Schedules
import Testing

/// The examples of the documentation, as they are written there.
@Suite("Schedules: the documented examples")
struct ScheduleExamplesTests {
  private let oneCycle = Schedule {
    Ramp(from: 0.004, to: 0.1, over: 30.percent, curve: .cosine)
    Ramp(from: 0.1, to: 4e-7, curve: .cosine)
  }
  private let sgdr = Schedule { Ramp(from: 0.05, to: 0, over: 10.epochs, curve: .cosine) }
    .repeated(3, stretchingBy: 2, decayingBy: 0.9)
  private let transformer = Schedule {
    Ramp(from: 0, to: 3e-4, over: 2_000.steps)
    Ramp(from: 3e-4, to: 3e-5, curve: .cosine)
  }
  private let wsd = Schedule {
    Ramp(from: 0, to: 1e-3, over: 375_000.tokens)
    Hold(1e-3)
    Ramp(from: 1e-3, to: 0, over: 20.percent, curve: .oneMinusRoot)
  }
  private let run = Horizon(epochs: 70, stepsPerEpoch: 10)

  @Test("1cycle, warm restarts, warm-up")
  func schedules() throws {
    #expect(oneCycle == .oneCycle(peak: 0.1))
    let rates = try sgdr.resolved(over: run)
    #expect(rates.count == 700)
    #expect(rates[0] == 0.05)
    #expect(abs(rates[100] - 0.045) < 1e-15)
    #expect(abs(rates[300] - 0.0405) < 1e-15)
    #expect(rates.max() == 0.05)
    #expect(rates.suffix(10).count == 10)
    let warm = try transformer.resolved(over: Horizon(steps: 10_000, end: .closed))
    #expect(warm[2_000] == 3e-4 && warm.last == 3e-5)
  }

  @Test("Tokens need a ratio, and mix with per cent")
  func tokens() throws {
    #expect(
      throws: ScheduleError.unitNeeds("tokensPerSample", phase: "phase 1 (0..0.001@375000tok)")
    ) {
      try wsd.resolved(over: run)
    }
    let rates = try wsd.resolved(
      over: Horizon(steps: 1000, samplesPerStep: 4, tokensPerSample: 1000))
    #expect(rates[93] < 1e-3 && rates[94] == 1e-3 && rates[800] == 1e-3 && rates[801] < 1e-3)
  }

  @Test("Combinators")
  func combinators() throws {
    let noisy = transformer.clamped(to: 1e-5...2e-4) * .constant(0.5)
    #expect(try noisy.resolved(over: Horizon(steps: 9_000))[2_000] == 1e-4)
    let continued = oneCycle.spliced(
      at: 40.epochs,
      with: .warmupStableDecay(peak: 0.05, warmup: 1.epoch, decay: 20.percent))
    let rates = try continued.resolved(over: run)
    let past = try oneCycle.resolved(over: run)
    #expect(Array(rates.prefix(400)) == Array(past.prefix(400)))
    #expect(rates[400] == 0 && rates[410] == 0.05 && rates[560] == 0.05 && rates[561] < 0.05)
    let late = transformer.delayed(by: 5.steps).stretched(by: 2)
    #expect(late.description == "0@10st,0..0.0003@4000st,0.0003..3e-05:cosine")
  }

  @Test("From a span to a plan")
  func tutorial() throws {
    let rate = Schedule {
      Ramp(from: 0.1, to: 3, over: 45.percent)
      Ramp(from: 3, to: 1e-4)
    }
    #expect(rate.description == "0.1..3@45%,3..0.0001")
    #expect(
      rate == .oneCycle(peak: 3, start: 0.1, end: 1e-4, warmup: 45.percent, curve: .linear))
    let rates = try rate.resolved(over: run)
    #expect(rates[315] == 3 && rates.max() == 3)
    #expect(rate.lint(over: run).isEmpty)
    let difference = try rate.difference(from: .cosine(from: 3), over: run)
    #expect(difference.largestGap == 2.9 && difference.step == 0)
    let plan = Plan {
      Scheduled(.learningRate, rate)
      Scheduled(.learningRate, rate).group("stem", scaledBy: 0.1)
      Scheduled(.momentum, rate.mirrored(into: 0.85...0.95))
    }
    let values = try plan.resolved(over: run)
    #expect(values[.momentum]?[0] == 0.95 && values[.momentum]?[315] == 0.85)
    #expect(abs((values[.learningRate, "stem"]?[315] ?? 0) - 0.3) < 1e-15)
    #expect(
      plan
        == (try Plan(words: [
          "lr=0.1..3@45%,3..0.0001", "stem:lr=(0.1..3@45%,3..0.0001)*0.1",
          "momentum=(0.1..3@45%,3..0.0001)mirror(0.85..0.95)",
        ])))
    let plateau = Controller.plateau(factor: 0.5, patience: 0, ignoring: 1)
    let observed = [9, 19, 29].map { Observation(step: $0, value: 2.3) }
    let lowered = plateau.values(of: rates, observing: observed)
    #expect(lowered[29] == rates[29] && lowered[30] == 0.5 * rates[30])
  }

  @Test("A rate that is tied to a batch size by a product")
  func warmedUp() throws {
    let schedule = Schedule.cosine(from: 1).warmedUp(over: 10.percent, from: 0.1, to: 1)
    #expect(schedule.description == "0.1..1@10%,1..0:cosine")
  }

  @Test("Range tests, as their article shows them")
  func rangeTests() throws {
    let test = try RangeTest(.learningRate, from: 1e-5, to: 10, curve: .exponential, count: 100)
    let values = try test.values
    let losses = values.map { rate in 2.3 - rate / (rate + 0.02) + max(0, rate - 0.5) }
    let curve = try test.curve(losses: losses)
    let names = curve.suggestions.named.map(\.name)
    #expect(names == ["valley", "slide", "minimum", "steep", "steepest"])
    let agreement = try RangeTestAgreement([curve, curve])
    let first = try #require(agreement.sentences.first)
    #expect(first.hasPrefix("valley: 0.0"))
    #expect(first.hasSuffix(", 2 curves agree fully (within a factor of 1)"))
  }
}

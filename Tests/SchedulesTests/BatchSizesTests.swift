import Schedules
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Batch sizes")
struct BatchSizesTests {
  /// 100 updates of 10 samples, 50 of 20, 100 of 40: 6000 samples.
  private let batches =
    [Int](repeating: 10, count: 100) + [Int](repeating: 20, count: 50)
    + [Int](repeating: 40, count: 100)

  @Test("Samples are walked, not divided")
  func walk() {
    let sizes = BatchSizes(batches)
    #expect(sizes.stepCount == 250)
    var seen = 0.0
    for step in 0..<250 {
      #expect(sizes.samples(by: Double(step)) == seen)
      #expect(sizes.step(bySamples: seen) == Double(step))
      seen += Double(batches[step])
    }
    #expect(sizes.step(bySamples: 1010) == 100.5 && sizes.step(bySamples: 6400) == 260)
    #expect(sizes.samples(by: -1) == -10)
  }

  @Test("A phase in samples is as long as its place makes it")
  func phases() throws {
    let schedule = Schedule {
      Hold(1, for: 500.samples)
      Hold(2, for: 700.samples)
      Hold(3, for: 1600.samples)
      Hold(4)
    }
    let values = try schedule.resolved(over: Horizon(batchSizes: batches))
    // 50 steps of 10; 50 of 10 and 10 of 20; 40 of 20 and 20 of 40.
    #expect(values.knots == [0, 50, 110, 170])
  }

  @Test("A remainder in the middle leaves the last phase its samples")
  func remainder() throws {
    let schedule = Schedule {
      Hold(1, for: 300.samples)
      Hold(2)
      Hold(3, for: 100.samples + 5.steps)
      Hold(4, for: 5000.tokens)
    }
    let run = Horizon(batchSizes: batches, tokensPerSample: 2.5)
    let knots = try schedule.resolved(over: run).knots
    // 2000 samples are the last 50 steps; 5 steps and 100 samples of 40 before them.
    for (found, expected) in zip(knots, [0, 30, 192.5, 200]) {
      #expect(abs(found - expected) < 1e-9)
    }
    let shared = Schedule {
      Hold(1)
      Hold(2, for: 1000.samples)
      Hold(3)
    }
    // 72 steps, then 28 of 10 and 36 of 20 are 1000 samples; 50 of 20 would be too many.
    let middle = try shared.resolved(over: run).knots
    #expect(abs(middle[1] - (250 - middle[2])) < 1e-9)
    let sizes = BatchSizes(batches)
    #expect(abs(sizes.samples(by: middle[2]) - sizes.samples(by: middle[1]) - 1000) < 1e-6)
  }

  @Test("Equal batches are the division that they were")
  func constant() throws {
    for seed in UInt64(1)...200 {
      var random = ScheduleGenerator(seed: seed)
      let parts = (0..<3).map { _ in
        random.phase(over: random.pick([40.samples, 100.tokens, 3.steps, .remainder, 5.percent]))
      }
      let schedule = Schedule.sequence(parts)
      let sizes = Horizon(batchSizes: [Int](repeating: 8, count: 60), tokensPerSample: 4)
      let plain = Horizon(steps: 60, samplesPerStep: 8, tokensPerSample: 4)
      let (found, expected) = (
        try schedule.resolved(over: sizes).knots, try schedule.resolved(over: plain).knots
      )
      #expect(found.count == expected.count, "seed \(seed)")
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-9 }, "seed \(seed)")
    }
  }

  @Test("Cycles are everywhere the same, and so need one batch size")
  func cycles() {
    let cycles = Schedule { Hold(1, for: 100.samples) }.repeated(3)
    #expect(
      throws: ScheduleError.unitNeeds("a constant batch size", phase: "phase (1@100sp)")
    ) { try cycles.resolved(over: Horizon(batchSizes: batches)) }
  }

  @Test("A plan walks along its own batch size, and a rate may be tied to it")
  func plan() throws {
    let plan = Plan {
      Scheduled(.learningRate) {
        Ramp(from: 0, to: 1, over: 500.samples)
        Hold(1)
      }
      .proportional(to: .batchSize, per: 16)
      Scheduled(.momentum) {
        Hold(0.9, for: 1200.samples)
        Hold(0.8)
      }
      Scheduled(.batchSize, roundedToMultipleOf: 10) {
        Hold(12, for: 100.steps)
        Hold(18, for: 50.steps)
        Hold(41)
      }
    }
    let resolved = try plan.resolved(over: Horizon(steps: 250))
    let rates = try #require(resolved[.learningRate])
    #expect(rates[25] == 0.5 * 10 / 16 && rates[99] == 10.0 / 16 && rates[100] == 20.0 / 16)
    #expect(rates[249] == 40.0 / 16)
    let momenta = try #require(resolved[.momentum])
    #expect(momenta[109] == 0.9 && momenta[110] == 0.8)
  }

  @Test("Batch sizes survive JSON")
  func json() throws {
    let run = Horizon(batchSizes: batches)
    let data = try JSONEncoder().encode(run)
    #expect(try JSONDecoder().decode(Horizon.self, from: data) == run)
    let sizes = String(decoding: try JSONEncoder().encode(BatchSizes([3, 3, 4])), as: UTF8.self)
    #expect(sizes.contains("\"sizes\":[3,4]") && sizes.contains("\"counts\":[2,1]"))
    for bad in ["{\"counts\":[1],\"sizes\":[]}", "{\"counts\":[0],\"sizes\":[1]}"] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(BatchSizes.self, from: Data(bad.utf8))
      }
    }
  }
}

import Schedules
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Epochs that differ in length")
struct EpochLengthsTests {
  /// Two epochs of 10 updates, one of 4, three of 3.
  private let lengths = EpochLengths([10, 10, 4, 3, 3, 3])

  @Test("Epochs are walked, not multiplied")
  func walk() {
    #expect((lengths.epochCount, lengths.stepCount) == (6, 33))
    let starts = [0.0, 10, 20, 24, 27, 30, 33]
    for (epoch, start) in starts.enumerated() {
      #expect(lengths.step(byEpochs: Double(epoch)) == start)
      #expect(lengths.epochs(by: start) == Double(epoch))
    }
    #expect(lengths.step(byEpochs: 2.5) == 22 && lengths.epochs(by: 22) == 2.5)
    #expect(lengths.step(byEpochs: 7) == 36 && lengths.epochs(by: -5) == -0.5)
  }

  @Test("A phase in epochs is as long as its place makes it")
  func phases() throws {
    let schedule = Schedule {
      Hold(1, for: 1.epochs + 5.steps)
      Hold(2, for: 1.epochs)
      Hold(3, for: 2.epochs)
      Hold(4)
    }
    // One epoch from step 5 on; halves of the second and the third; half of that, one, and a half.
    let knots = try schedule.resolved(over: Horizon(epochLengths: lengths)).knots
    #expect(knots == [0, 15, 22, 28.5])
  }

  @Test("A remainder in the middle leaves the last phase its epochs")
  func remainder() throws {
    let schedule = Schedule {
      Hold(1, for: 1.epochs)
      Hold(2)
      Hold(3, for: 2.epochs)
    }
    let knots = try schedule.resolved(over: Horizon(epochLengths: lengths)).knots
    for (found, expected) in zip(knots, [0.0, 10, 27]) { #expect(abs(found - expected) < 1e-9) }
  }

  @Test("Equal epochs are the product that they were")
  func constant() throws {
    for seed in UInt64(1)...200 {
      var random = ScheduleGenerator(seed: seed)
      let parts = (0..<3).map { _ in
        random.phase(over: random.pick([1.epochs, 1.5.epochs, 3.steps, .remainder, 5.percent]))
      }
      let schedule = Schedule.sequence(parts)
      let walked = Horizon(epochLengths: EpochLengths([Int](repeating: 10, count: 6)))
      let plain = Horizon(steps: 60, stepsPerEpoch: 10)
      let (found, expected) = (
        try schedule.resolved(over: walked).knots, try schedule.resolved(over: plain).knots
      )
      #expect(found.count == expected.count, "seed \(seed)")
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-9 }, "seed \(seed)")
    }
  }

  @Test("Cycles are everywhere the same, and so need epochs of one length")
  func cycles() {
    let cycles = Schedule { Hold(1, for: 1.epochs) }.repeated(3)
    #expect(
      throws: ScheduleError.unitNeeds("epochs of one length", phase: "phase (1@1ep)")
    ) { try cycles.resolved(over: Horizon(epochLengths: lengths)) }
  }

  @Test("They survive JSON")
  func json() throws {
    let run = Horizon(epochLengths: lengths)
    let data = try JSONEncoder().encode(run)
    #expect(try JSONDecoder().decode(Horizon.self, from: data) == run)
  }
}

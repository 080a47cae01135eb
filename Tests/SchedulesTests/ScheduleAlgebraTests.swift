import Testing

@testable import Schedules

@Suite("Schedules: the algebra's laws")
struct ScheduleAlgebraTests {
  private static let seeds = 1...UInt64(200)

  private func values(_ schedule: Schedule, _ horizon: Horizon) -> [Double]? {
    (try? schedule.resolved(over: horizon)).map(Array.init)
  }

  @Test("Brackets between equal operations change neither the value nor a bit")
  func associativity() {
    let operations: [(Schedule, Schedule) -> Schedule] = [
      { $0 * $1 }, { $0 + $1 }, { .minimum($0, $1) }, { .maximum($0, $1) },
    ]
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      let parts = (0..<3).map { _ in random.schedule(depth: 2) }
      for operation in operations {
        let left = operation(operation(parts[0], parts[1]), parts[2])
        let right = operation(parts[0], operation(parts[1], parts[2]))
        #expect(left == right && left.description == right.description, "seed \(seed)")
        #expect(Schedule(left.description) == left, "seed \(seed)")
      }
    }
  }

  @Test("The smaller and the larger are one of both, and together both")
  func extremes() throws {
    var resolved = 0
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      let (a, b) = (random.phase(over: .remainder), random.phase(over: .remainder))
      let horizon = random.horizon()
      guard let first = values(a, horizon), let second = values(b, horizon) else { continue }
      let low = try #require(values(.minimum(a, b), horizon))
      let high = try #require(values(.maximum(a, b), horizon))
      for step in first.indices {
        #expect(low[step] == min(first[step], second[step]), "seed \(seed)")
        #expect(high[step] == max(first[step], second[step]), "seed \(seed)")
      }
      resolved += 1
    }
    #expect(resolved > 100)
  }

  @Test("Twice backwards is forwards, once is the values from the end")
  func reversal() throws {
    var resolved = 0
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      let any = random.schedule()
      #expect(any.reversed().reversed() == any, "seed \(seed)")
      // Boundaries between steps, so that no step is one that both phases could own.
      let parts = (0..<3).map { _ in
        random.phase(over: .steps(Double(random.integer(2...9)) + 0.3))
      }
      let plain = Schedule.sequence(parts)
      let nested = Schedule { plain.limited(to: 30.steps) }
      for schedule in [plain, nested, nested.scaled(by: 2), plain * .constant(0.5)] {
        let horizon = Horizon(steps: 31, end: .closed)
        guard let forwards = values(schedule.limited(to: 30.steps), horizon) else { continue }
        let backwards = try #require(
          values(schedule.limited(to: 30.steps).reversed(), horizon), "seed \(seed)")
        #expect(
          zip(backwards, forwards.reversed()).allSatisfy { abs($0 - $1) < 1e-9 }, "seed \(seed)")
        resolved += 1
      }
    }
    #expect(resolved > 100)
  }

  @Test("Backwards, the phase that begins owns the step too")
  func ownership() throws {
    let stairs = Schedule {
      Hold(1, for: 2.steps)
      Hold(2, for: 3.steps)
    }
    let run = Horizon(steps: 5)
    #expect(values(stairs.reversed(), run) == [2, 2, 2, 1, 1])
    // The same through a node that is evaluated backwards rather than built so.
    let cycles = Schedule { stairs }.repeated(2)
    #expect(values(cycles.reversed(), Horizon(steps: 10)) == [2, 2, 2, 1, 1, 2, 2, 2, 1, 1])
    #expect(stairs.reversed().description == "2@3st,1@2st")
    #expect(cycles.reversed().description == "((1@2st,2@3st)x2)reversed")
    let line = Schedule { Ramp(from: 0, to: 1, curve: .cosine) }
    #expect(line.reversed() == Schedule { Ramp(from: 1, to: 0, curve: .cosine) })
    let rex = Schedule { Ramp(from: 1, to: 0, curve: .rex) }.reversed()
    #expect(values(rex, Horizon(steps: 3, end: .closed)) == [0, 2.0 / 3, 1])
  }

  @Test("Rounding goes to the nearest multiple, and never to none")
  func rounding() throws {
    let rounded = Schedule { Ramp(from: 0, to: 100) }.rounded(toMultipleOf: 32)
    #expect(values(rounded, Horizon(steps: 5, end: .closed)) == [32, 32, 64, 64, 96])
    #expect(rounded.description == "(0..100)round(32)")
    #expect(Schedule(rounded.description) == rounded)
  }

  @Test("Nothing added is nothing changed")
  func identities() {
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      let any = random.schedule()
      #expect(any.delayed(by: .zero) == any && any.stretched(by: 1) == any)
      #expect(any.scaled(by: 1) == any && any.repeated(1) == any)
      #expect(Schedule { any } == any)
    }
  }

  @Test("One after the other, all at once and each looked up are the same, to the last bit")
  func lookups() {
    var resolved = 0
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      guard let values = try? random.schedule().resolved(over: random.horizon()) else { continue }
      let each = values.indices.map { values[$0] }
      #expect(Array(values) == each && values.allValues() == each, "seed \(seed)")
      resolved += 1
    }
    #expect(resolved > 50)
  }
}

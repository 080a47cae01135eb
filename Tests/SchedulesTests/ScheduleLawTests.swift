import Testing

@testable import Schedules

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Schedules: laws")
struct ScheduleLawTests {
  /// Each law is held against this many random schedules; a failure names its seed.
  private static let seeds = 1...UInt64(300)

  private func values(_ schedule: Schedule, _ horizon: Horizon) -> [Double]? {
    (try? schedule.resolved(over: horizon)).map(Array.init)
  }

  private func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-9) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
  }

  @Test("The first value outside an interval is the one that a walk over all steps finds")
  func firstOutside() throws {
    var found = 0
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      guard let values = try? random.schedule(depth: 3).resolved(over: random.horizon()) else {
        continue
      }
      let edges = (0..<2).map { _ in random.pick(Array(values)) }
      let interval = min(edges[0], edges[1])...max(edges[0], edges[1])
      let step = values.firstStep { !interval.contains($0) }
      #expect(step == values.indices.first { !interval.contains(values[$0]) }, "seed \(seed)")
      found += step == nil ? 0 : 1
    }
    #expect(found > 150)
  }

  @Test("A run of a trillion steps is searched at once", .timeLimit(.minutes(1)))
  func longRun() {
    let plan = Plan { Scheduled(.learningRate, .linear(from: 0.5, to: -1)) }
    do {
      _ = try plan.resolved(over: Horizon(steps: 1_000_000_000_000))
      Issue.record("the rate becomes negative")
    } catch {
      guard case .outOfRange("learningRate", step: 333_333_333_334, _, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test("Bracketing never changes a value, a text or a step")
  func bracketing() {
    var resolved = 0
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      let parts = (0..<4).map { _ in random.schedule(depth: 2) }
      let horizon = random.horizon()
      let flat = Schedule.sequence(parts)
      let left = Schedule {
        Schedule {
          Schedule {
            parts[0]; parts[1]
          }; parts[2]
        }; parts[3]
      }
      let right = Schedule {
        parts[0];
        Schedule {
          parts[1];
          Schedule {
            parts[2]; parts[3]
          }
        }
      }
      #expect(left == flat && right == flat, "seed \(seed)")
      #expect(left.description == flat.description, "seed \(seed)")
      // Around each part or around all of them, a factor changes the same bits.
      let outside = Schedule { flat.scaled(by: 0.7) }
      let inside = Schedule { for part in parts { Schedule { part }.clamped(to: 0...9) } }
        .scaled(by: 0.7)
      let around = flat.clamped(to: 0...9).scaled(by: 0.7)
      #expect(values(inside, horizon) == values(around, horizon), "seed \(seed)")
      if values(outside, horizon) != nil { resolved += 1 }
    }
    #expect(resolved > 100)
  }

  @Test("Lengths add: in a sequence, a phase has the values that it has alone")
  func sequencing() throws {
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      let lengths = (random.integer(1...20), random.integer(1...20))
      let first = random.phase(over: lengths.0.steps)
      let second = random.phase(over: lengths.1.steps)
      let both = try #require(
        values(
          Schedule {
            first; second
          }, Horizon(steps: lengths.0 + lengths.1)))
      let alone = try #require(values(first, Horizon(steps: lengths.0)))
      #expect(Array(both.prefix(lengths.0)) == alone, "seed \(seed)")
      #expect(
        Array(both.suffix(lengths.1)) == values(second, Horizon(steps: lengths.1)), "seed \(seed)")
    }
  }

  @Test("Repeating once is nothing, repeating n times is a sequence of n")
  func repetition() throws {
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      let any = random.schedule()
      #expect(any.repeated(1, stretchingBy: 2, decayingBy: 0.5) == any)
      let count = random.integer(1...6)
      let length = random.pick([Double(random.integer(1...7)), random.number(1...7)])
      let phase = random.phase(over: length.steps)
      let horizon = random.horizon(50...60)
      let sequence = Schedule.sequence((0..<count).map { _ in phase })
      let copies = try #require(values(sequence, horizon))
      let repeated = try #require(values(phase.repeated(count), horizon))
      #expect(close(repeated, copies), "seed \(seed)")
    }
  }

  @Test("Stretched and decaying cycles are the phases written out")
  func stretchedCycles() throws {
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      let (from, to) = (random.number(), random.number())
      let stretch = random.pick([2, 0.5, random.number(0.4...2)])
      let decay = random.number()
      let target = random.pick(Schedule.Decay.allCases)
      let curve = random.pick([Curve.linear, .cosine])
      let written = (0..<4).map { cycle in
        let length = (0..<cycle).reduce(5.0) { length, _ in length * stretch }
        let factor = (0..<cycle).reduce(1.0) { factor, _ in factor * decay }
        let ends =
          switch target {
          case .amplitude: (to + factor * (from - to), to)
          case .values: (factor * from, factor * to)
          case .peak: (from > to ? max(factor * from, to) : from, to)
          }
        return Ramp(from: ends.0, to: ends.1, over: .steps(length), curve: curve).schedule
      }
      let repeated = Schedule { Ramp(from: from, to: to, over: 5.steps, curve: curve) }
        .repeated(4, stretchingBy: stretch, decayingBy: decay, of: target)
      let horizon = Horizon(steps: 100, end: .closed)
      let found = try #require(values(repeated, horizon))
      let expected = try #require(values(.sequence(written), horizon))
      #expect(close(found, expected), "seed \(seed): \(repeated)")
    }
  }

  @Test("Factors multiply, a stretch of one is nothing, a longer run is the same curve")
  func scalingAndStretching() throws {
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      let schedule = random.schedule()
      // Powers of two, whose products are exact however they are bracketed.
      let (a, b) = (random.pick([0.5, 2, 4]), random.pick([0.25, 0.5, 8]))
      #expect(schedule.scaled(by: a).scaled(by: b) == schedule.scaled(by: a * b))
      #expect(schedule.scaled(by: 1) == schedule)
      #expect(schedule.stretched(by: 1) == schedule)
      let steps = random.integer(1...30)
      let phase = random.phase(over: .steps(random.number(0...Double(steps))))
      let short = try #require(values(phase, Horizon(steps: steps)))
      let long = try #require(values(phase.stretched(by: 2), Horizon(steps: 2 * steps)))
      #expect(close((0..<steps).map { long[2 * $0] }, short), "seed \(seed)")
    }
  }

  @Test("Text and JSON read back as the same value")
  func roundTrips() throws {
    for seed in 1...UInt64(600) {
      var random = ScheduleGenerator(seed: seed)
      let schedule = random.schedule(depth: 4)
      #expect(try Schedule(parsing: schedule.description) == schedule, "seed \(seed)")
      let json = try JSONEncoder().encode(schedule)
      #expect(try JSONDecoder().decode(Schedule.self, from: json) == schedule, "seed \(seed)")
    }
  }

  @Test("A table of a schedule's values is that schedule, step by step")
  func tables() throws {
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      let schedule = random.schedule()
      let horizon = Horizon(steps: random.integer(1...120), stepsPerEpoch: 3)
      guard let sampled = values(schedule, horizon) else { continue }
      #expect(values(.table(sampled), horizon) == sampled, "seed \(seed)")
      #expect(values(.table(sampled, each: 1.step), horizon) == sampled, "seed \(seed)")
    }
  }

  @Test("Values are finite, inside their bounds, the same for a step and an instant")
  func bounds() throws {
    var count = 0
    for seed in 1...UInt64(600) {
      var random = ScheduleGenerator(seed: seed)
      let schedule = random.schedule(depth: 4)
      let horizon = random.horizon()
      guard let resolved = try? schedule.resolved(over: horizon) else { continue }
      count += 1
      let (lower, upper) = (resolved.bounds.lower, resolved.bounds.upper)
      for (step, value) in resolved.enumerated() {
        #expect(value.isFinite && value >= lower - 1e-12 && value <= upper + 1e-12, "seed \(seed)")
        #expect(resolved.value(at: Double(step)) == value, "seed \(seed)")
      }
      let knots = resolved.knots
      #expect(zip(knots, knots.dropFirst()).allSatisfy { $0 < $1 }, "seed \(seed)")
    }
    #expect(count > 200)
  }

  @Test("Ramps begin and end exactly, and stay between their ends")
  func exactEnds() throws {
    for seed in 1...UInt64(2000) {
      var random = ScheduleGenerator(seed: seed)
      let (from, to) = (random.number(1e-9...1), random.number(1e-9...1))
      let ramp = Schedule { Ramp(from: from, to: to, curve: random.shape()) }
      let closed = try ramp.resolved(over: Horizon(steps: random.integer(2...40), end: .closed))
      #expect(closed.first == from && closed.last == to, "seed \(seed)")
      #expect(closed.allSatisfy { $0 >= min(from, to) && $0 <= max(from, to) }, "seed \(seed)")
      #expect(closed.value(at: 1e9) == to)
    }
  }

  @Test("Every number of steps and every fraction of them is finite")
  func everyFraction() throws {
    for steps in [1, 2, 3, 7, 10, 100, 999_983] {
      for end in Horizon.End.allCases {
        for percent in [0, 1e-9, 1, 10, 33.333333333, 50, 66.6666666667, 99.9999999, 100] {
          let run = Horizon(steps: steps, end: end)
          let schedules = [
            Schedule {
              Ramp(from: 0, to: 1, over: percent.percent); Ramp(from: 1, to: 0, curve: .cosine)
            },
            Schedule {
              Ramp(from: 0.1, to: 1, over: percent.percent, curve: .exponential)
              Hold(1)
              Ramp(from: 1, to: 0, over: (100 - percent).percent, curve: .oneMinusRoot)
            },
            Schedule.cosine(from: 1).limited(to: percent.percent),
            Schedule { Ramp(from: 1, to: 0, over: percent.percent) }.repeated(1),
          ]
          for schedule in schedules {
            let resolved = try schedule.resolved(over: run)
            for step in Set([0, steps / 3, steps / 2, steps - 1]) {
              #expect((0...1).contains(resolved[step]), "\(schedule) over \(run)")
            }
          }
        }
      }
    }
  }

  @Test("A mirror turns at the same instants and stays in its band")
  func mirrors() throws {
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      let phases = Schedule.sequence((0..<3).map { _ in random.phase() })
        .scaled(by: random.number())
      let nested = Schedule {
        phases
        random.phase()
      }
      for schedule in [phases, nested, random.schedule()] {
        let horizon = random.horizon()
        guard let original = try? schedule.resolved(over: horizon) else { continue }
        let upsideDown = schedule.mirrored(into: 0.85...0.95)
        #expect(Schedule(upsideDown.description) == upsideDown, "seed \(seed)")
        let mirrored = try upsideDown.resolved(over: horizon)
        #expect(mirrored.allSatisfy { $0 >= 0.85 && $0 <= 0.95 }, "seed \(seed): \(schedule)")
        // What is made by arithmetic has no knots of its own to turn at.
        if schedule == phases { #expect(mirrored.knots == original.knots, "seed \(seed)") }
      }
    }
  }

  @Test("Products and sums commute, clamps stay in range, a splice keeps the past")
  func arithmetic() throws {
    for seed in Self.seeds {
      var random = ScheduleGenerator(seed: seed)
      let (a, b) = (random.schedule(depth: 2), random.schedule(depth: 2))
      let horizon = random.horizon()
      // Three factors are multiplied from left to right, whatever the order: to the last bits only.
      for (one, other) in [(a * b, b * a), (a + b, b + a)] {
        let (found, expected) = (values(one, horizon), values(other, horizon))
        #expect(close(found ?? [], expected ?? []), "seed \(seed)")
      }
      let clamped = a.clamped(to: 0.3...0.5)
      #expect(values(clamped, horizon)?.allSatisfy { $0 >= 0.3 && $0 <= 0.5 } ?? true)
      let open = Horizon(steps: horizon.stepCount, stepsPerEpoch: 3)
      let cut = random.integer(0...horizon.stepCount)
      if let past = values(a, open) {
        let spliced = try #require(values(a.spliced(at: cut.steps, with: .constant(7)), open))
        #expect(Array(spliced.prefix(cut)) == Array(past.prefix(cut)), "seed \(seed)")
        #expect(spliced.suffix(open.stepCount - cut).allSatisfy { $0 == 7 }, "seed \(seed)")
      }
    }
  }

  @Test("The value at a step does not depend on the steps that were asked for before")
  func resuming() throws {
    for seed in 1...UInt64(50) {
      var random = ScheduleGenerator(seed: seed)
      let schedule = random.schedule()
      let horizon = random.horizon(100...120)
      guard let all = values(schedule, horizon) else { continue }
      // A run that goes on from a checkpoint has the schedule's text and a step.
      let read = try Schedule(parsing: schedule.description).resolved(over: horizon)
      for _ in 0..<20 {
        let step = random.integer(0...horizon.stepCount - 1)
        #expect(read[step].bitPattern == all[step].bitPattern, "seed \(seed)")
      }
    }
  }
}

import Schedules
import Testing

@Suite("Schedules: errors name the phase")
struct ScheduleErrorTests {
  private static let run = Horizon(steps: 100)

  private static let cases: [(String, Horizon, String)] = [
    ("1@5ep", run, "phase 1 (1@5ep) needs stepsPerEpoch, which the horizon does not have"),
    ("1@5sp", run, "phase 1 (1@5sp) needs samplesPerStep, which the horizon does not have"),
    ("1@5tok", run, "phase 1 (1@5tok) needs tokensPerSample, which the horizon does not have"),
    (
      "1@5tok", Horizon(steps: 9, tokensPerSample: 4),
      "phase 1 (1@5tok) needs samplesPerStep, which the horizon does not have"
    ),
    (
      "1@60%,0.1@60st", run,
      "phase 2 (0.1@60st) ends at step 120, but the run has 100 steps"
    ),
    (
      "1,0.1@100.5st", run, "phase 2 (0.1@100.5st) ends at step 100.5, but the run has 100 steps"
    ),
    (
      "(0.1@10st)x11", run, "phase 1 ((0.1@10st)x11) ends at step 110, but the run has 100 steps"
    ),
    (
      "(0.1@10st)x1000000000", run,
      "phase 1 ((0.1@10st)x1000000000) ends at step 10000000000, but the run has 100 steps"
    ),
    (
      "(0.1@1st)x99999^9", run,
      "phase 1 ((0.1@1st)x99999^9) ends at step inf, but the run has 100 steps"
    ),
    (
      "(1@90st)*(2@20st),3@20st", run,
      "phase 3 (3@20st) ends at step 110, but the run has 100 steps"
    ),
    ("1@-5st", run, "phase 1 (1@-5st) would last -5 steps; expected no less than 0"),
    (
      "1,2@10%-20st", run, "phase 2 (2@10%-20st) would last -10 steps; expected no less than 0"
    ),
    (
      "(1@0st)x", run,
      "phase 1 ((1@0st)x) repeats without end; expected a cycle longer than 0 steps"
    ),
    ("1", Horizon(steps: 0), "expected a run of 1 to 1000000000000 steps, found 0"),
    ("1", Horizon(steps: -3), "expected a run of 1 to 1000000000000 steps, found -3"),
    (
      "1", Horizon(epochs: .max, stepsPerEpoch: 2),
      "expected a run of 1 to 1000000000000 steps, found 9223372036854775807"
    ),
    (
      "1", Horizon(steps: 1, stepsPerEpoch: 0),
      "expected a positive number for stepsPerEpoch, found 0"
    ),
    (
      "1", Horizon(steps: 1, samplesPerStep: .nan),
      "expected a positive number for samplesPerStep, found nan"
    ),
    ("(1@1st)x~1e300:values", run, "expected a finite value at step 2, found inf"),
  ]

  @Test("When a schedule is resolved", arguments: cases)
  func resolving(text: String, run: Horizon, message: String) throws {
    let schedule = try Schedule(parsing: text)
    do {
      _ = try schedule.resolved(over: run)
      Issue.record("\(text) was resolved")
    } catch {
      #expect(error.description == message)
    }
  }

  private func message(_ schedule: Schedule) -> String {
    do {
      _ = try schedule.resolved(over: Self.run)
      return "resolved"
    } catch {
      return error.description
    }
  }

  @Test("When a schedule was built in Swift with values that mean nothing")
  func building() {
    #expect(
      message(.constant(.nan)) == "phase 1 (nan): expected a finite number for value, found nan")
    #expect(
      message(.linear(from: 0, to: .infinity))
        == "phase 1 (0..inf): expected a finite number for to, found inf")
    #expect(
      message(.exponential(from: 0, to: 1))
        == "phase 1 (0..1:exp) cannot be exponential: "
        + "expected two values of one sign, neither of them 0")
    #expect(
      message(.constant(1).repeated(0))
        == "phase 1 ((1)x0): expected a whole number of at least 1 for count, found 0")
    #expect(
      message(.polynomial(from: 1, power: -1))
        == "phase 1 (1..0:poly-1): expected a positive number for power, found -1")
    #expect(message(Schedule {}) == "expected at least one phase, found none")
    #expect(
      message(.table([])) == "phase 1 ({}): expected at least one value for values, found 0")
    let wild = Curve(named: "wild") { $0 > 0.5 ? .nan : 0 }
    #expect(
      message(Schedule { Ramp(from: 0, to: 1, curve: wild) })
        == "expected a finite value at step 51, found nan")
  }

  @Test("A schedule as long as the run is not longer than it", arguments: [1, 3, 7, 100, 999_983])
  func fits(steps: Int) throws {
    for end in Horizon.End.allCases {
      let run = Horizon(steps: steps, stepsPerEpoch: Double(steps) / 3, end: end)
      for text in ["1@100%", "1@3ep", "1@33.3333333333%,2@66.6666666667%", "(1@0.1ep)x30"] {
        #expect(try Schedule(parsing: text).resolved(over: run).count == steps)
      }
    }
  }
}

import Schedules
import Testing

@Suite("Schedules: flat, then down")
struct WarmupStableDecayTests {
  private func values(_ schedule: Schedule, _ steps: Int = 11) throws -> [Double] {
    Array(try schedule.resolved(over: Horizon(steps: steps, end: .closed)))
  }

  @Test("Knee: up, flat, straight down")
  func knee() throws {
    let knee = Schedule.knee(peak: 1, warmup: 2.steps, explore: 3.steps)
    let expected = [0, 0.5, 1, 1, 1, 1, 0.8, 0.6, 0.4, 0.2, 0]
    #expect(zip(try values(knee), expected).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(knee.description == "0..1@2st,1@3st,1..0")
    #expect(try Schedule(parsing: "knee(1,2st,3st)") == knee)
  }

  @Test("Linear to zero: one line, with or without a warm-up")
  func linearToZero() throws {
    #expect(Schedule.linearToZero(peak: 2) == .linear(from: 2, to: 0))
    let warm = Schedule.linearToZero(peak: 1, warmup: 3.steps)
    #expect(warm.description == "0..1@3st,1..0")
    let found = try values(warm)
    #expect(found[3] == 1 && found[10] == 0 && abs(found[4] - 6.0 / 7) < 1e-15)
    #expect(try Schedule(parsing: "lineartozero(peak=1,warmup=3st)") == warm)
  }

  @Test("Flat, then a cosine, as fastai has it")
  func flatCosine() throws {
    let flat = Schedule.flatCosine(peak: 0.1)
    #expect(flat.description == "0.1@75%,0.1..1e-06:cosine")
    #expect(
      flat
        == .init {
          Hold(0.1, for: 75.percent); Ramp(from: 0.1, to: 0.1 / 1e5, curve: .cosine)
        })
    #expect(try Schedule(parsing: "flat-cosine(0.1)") == flat)
    let half = try flat.resolved(over: Horizon(steps: 8))
    #expect(half[6] == 0.1 && abs(half[7] - (0.1 + 0.1 / 1e5) / 2) < 1e-15)
  }

  @Test("Snapshots: equal cosines that fill the run")
  func snapshots() throws {
    let snapshots = Schedule.snapshotCosine(peak: 0.2, cycles: 3)
    #expect(snapshots.description == "(0.2..0:cosine)x3")
    let found = try Array(snapshots.resolved(over: Horizon(steps: 30)))
    let cycle = try Array(Schedule.cosine(from: 0.2).resolved(over: Horizon(steps: 10)))
    #expect(zip(found, cycle + cycle + cycle).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(try Schedule(parsing: "snapshot(0.2,3)") == snapshots)
  }
}

import Schedules
import Testing

@Suite("Splice")
struct SpliceTests {
  private let cosine = Schedule.cosine(from: 1)

  @Test("The jump is the new value less the old one at the same step")
  func jump() throws {
    let run = Horizon(epochs: 10, stepsPerEpoch: 10)
    let splice = try cosine.splice(at: 5.epochs, with: .linear(from: 0.25, to: 0), over: run)
    #expect(splice.step == 50)
    #expect(abs(splice.before - 0.5) < 1e-15 && splice.after == 0.25)
    #expect(abs(splice.jump + 0.25) < 1e-15)
    let values = try splice.schedule.resolved(over: run)
    let past = try cosine.resolved(over: run)
    #expect(Array(values.prefix(50)) == Array(past.prefix(50)))
    #expect(values[75] == 0.125)
  }

  @Test("A longer run keeps the past of the shorter one, bit for bit")
  func longerRun() throws {
    let old = Horizon(steps: 100)
    let new = Horizon(steps: 150)
    let splice = try cosine.splice(
      at: 80.steps, with: .linear(from: 0.1, to: 0), over: new, was: old)
    let values = try splice.schedule.resolved(over: new)
    let past = try cosine.resolved(over: old)
    #expect(Array(values.prefix(80)) == Array(past.prefix(80)))
    #expect(splice.before == past[80] && splice.after == 0.1 && values.last ?? 1 < 0.002)
    #expect(splice.schedule.description == "(1..0:cosine)until(80st,100st),0.1..0")
    #expect(Schedule(splice.schedule.description) == splice.schedule)
  }

  @Test("After the old run's end the old value is its last; outside the new run there is none")
  func ends() throws {
    let late = try cosine.splice(
      at: 120.steps, with: .constant(1), over: Horizon(steps: 150), was: Horizon(steps: 100))
    #expect(late.before == (try cosine.resolved(over: Horizon(steps: 100))[99]))
    #expect(
      throws: ScheduleError.longerThanRun(
        phase: "phase 1 ((1..0:cosine)until(200st))", end: 200, steps: 150)
    ) {
      try cosine.splice(at: 200.steps, with: .constant(1), over: Horizon(steps: 150))
    }
  }
}

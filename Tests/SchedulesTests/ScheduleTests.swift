import Schedules
import Testing

@Suite("Schedule: the conventions")
struct ScheduleTests {
  @Test("Half-open runs stop one step short of the end, closed runs reach it")
  func ends() throws {
    let line = Schedule { Ramp(from: 1, to: 0) }
    let open = try line.resolved(over: Horizon(steps: 4))
    #expect(Array(open) == [1, 0.75, 0.5, 0.25])
    #expect(open.value(at: 4) == 0)
    #expect(open.value(at: 1000) == 0)
    #expect(open.value(at: -1) == 1)
    let closed = try line.resolved(over: Horizon(steps: 5, end: .closed))
    #expect(Array(closed) == [1, 0.75, 0.5, 0.25, 0])
  }

  @Test("A step outside the run is a mistake of the caller")
  func outside() async {
    await #expect(processExitsWith: .failure) {
      _ = try Schedule.constant(1).resolved(over: Horizon(steps: 5))[5]
    }
    await #expect(processExitsWith: .failure) {
      _ = try Schedule.constant(1).resolved(over: Horizon(steps: 5))[-1]
    }
  }

  @Test("The phase that begins owns the boundary")
  func boundary() throws {
    let schedule = Schedule {
      Hold(3, for: 2.steps)
      Ramp(from: 2, to: 0, over: 2.steps)
      Hold(7)
    }
    #expect(Array(try schedule.resolved(over: Horizon(steps: 6))) == [3, 3, 2, 1, 7, 7])
  }

  @Test("An empty phase is never entered")
  func emptyPhase() throws {
    let schedule = Schedule {
      Hold(1, for: 1.step)
      Hold(9, for: 0.steps)
      Hold(2)
    }
    #expect(Array(try schedule.resolved(over: Horizon(steps: 3))) == [1, 2, 2])
  }

  @Test("A boundary may lie between steps, and is on a step within a billionth")
  func exactKnots() throws {
    let between = Schedule {
      Ramp(from: 0, to: 3, over: 1.5.steps); Hold(10)
    }
    #expect(Array(try between.resolved(over: Horizon(steps: 4))) == [0, 2, 10, 10])
    let nearly = Schedule {
      Hold(1, for: .steps(2.0000000001)); Hold(2)
    }
    #expect(Array(try nearly.resolved(over: Horizon(steps: 4))) == [1, 1, 2, 2])
  }

  @Test("A schedule shorter than the run holds its last value")
  func holdsTheEnd() throws {
    let schedule = Schedule { Ramp(from: 4, to: 2, over: 4.steps) }
    #expect(Array(try schedule.resolved(over: Horizon(steps: 6))) == [4, 3.5, 3, 2.5, 2, 2])
  }

  @Test("Several remainders share what is left")
  func remainders() throws {
    let schedule = Schedule {
      Hold(1)
      Hold(2, for: 4.steps)
      Hold(3, for: 2 * .remainder)
    }
    #expect(
      Array(try schedule.resolved(over: Horizon(steps: 10)))
        == [1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
  }

  @Test("Units mix, and per cent are of the run's steps")
  func units() throws {
    let schedule = Schedule {
      Hold(1, for: 30.percent - 1.step)
      Hold(2, for: 1.epoch)
      Hold(3, for: 64.samples)
      Hold(4, for: 1024.tokens)
      Hold(5)
    }
    let run = Horizon(steps: 10, stepsPerEpoch: 2, samplesPerStep: 32, tokensPerSample: 16)
    #expect(Array(try schedule.resolved(over: run)) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
  }

  @Test("Nested sequences are the same value as flat ones")
  func flattening() {
    let (a, b, c) = (Hold(1, for: 1.step), Hold(2, for: 2.steps), Hold(3))
    let flat = Schedule {
      a; b; c
    }
    #expect(
      Schedule {
        Schedule {
          a; b
        }; c
      } == flat)
    #expect(
      Schedule {
        a;
        Schedule {
          b; Schedule { c }
        }
      } == flat)
    #expect(Schedule { Schedule { a } } == a.schedule)
  }

  @Test("if and for are Swift's own")
  func builder() {
    func build(warm: Bool) -> Schedule {
      Schedule {
        if warm { Ramp(from: 0, to: 1, over: 1.epoch) }
        for value in [1.0, 0.5] { Hold(value, for: 2.epochs) }
        if warm { Hold(0.1) } else { Hold(0.2) }
      }
    }
    #expect(build(warm: true).description == "0..1@1ep,1@2ep,0.5@2ep,0.1")
    #expect(build(warm: false).description == "1@2ep,0.5@2ep,0.2")
  }
}

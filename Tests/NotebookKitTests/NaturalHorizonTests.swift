import Schedules
import Testing

@testable import NotebookKit

@Suite struct NaturalHorizonTests {
  private func horizon(_ schedule: Schedule) throws(ScheduleError) -> NaturalHorizon {
    try NaturalHorizon { horizon throws(ScheduleError) in
      [try schedule.resolved(over: horizon).allValues()]
    }
  }

  @Test func sharesOfARunAreShownOverAThousandSteps() throws {
    let natural = try horizon(.oneCycle(peak: 0.4))
    #expect(natural.horizon.stepCount == 1_000)
    #expect(!natural.countsEpochs)
  }

  @Test func fixedLengthsAreShownWhole() throws {
    let schedule = Schedule {
      Ramp(from: 0, to: 1, over: 30.steps)
      Ramp(from: 1, to: 0, over: 70.steps)
    }
    #expect(try horizon(schedule).horizon.stepCount == 100)
  }

  @Test func epochsAreCounted() throws {
    let restarts = Schedule { Ramp(from: 0.05, to: 0, over: 10.epochs, curve: .cosine) }
      .repeated(3, stretchingBy: 2)
    let natural = try horizon(restarts)
    #expect(natural.countsEpochs)
    #expect(natural.horizon.stepCount == 7_000)
    #expect(natural.horizon.stepsPerEpoch == 100)
  }

  @Test func fixedLengthsBeforeARemainderLeaveRoomForIt() throws {
    let schedule = Schedule {
      Ramp(from: 0, to: 1, over: 500.steps)
      Ramp(from: 1, to: 0, curve: .cosine)
    }
    #expect(try horizon(schedule).horizon.stepCount == 2_000)
  }
}

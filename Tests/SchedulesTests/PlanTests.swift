import Schedules
import Testing

@Suite("Plan")
struct PlanTests {
  private let rate = Schedule.oneCycle(
    peak: 3, start: 0.1, end: 1e-4, warmup: 45.percent, curve: .linear)

  @Test("Groups fall back to the schedule without a group")
  func groups() throws {
    let plan = Plan {
      Scheduled(.learningRate, .constant(0.5))
      Scheduled(.learningRate, .constant(0.5)).group("stem", scaledBy: 0.5)
    }
    let resolved = try plan.resolved(over: Horizon(steps: 3))
    #expect(resolved[.learningRate]?[0] == 0.5)
    #expect(resolved[.learningRate, "stem"]?[2] == 0.25)
    #expect(resolved[.learningRate, "head"]?[2] == 0.5)
    #expect(resolved[.momentum] == nil)
    #expect(plan.keys == ["learningRate"])
    #expect(plan.groups == ["stem"])
  }

  @Test("Integers are rounded to a multiple, and are at least one times it")
  func integers() throws {
    let plan = Plan {
      Scheduled(.batchSize, roundedToMultipleOf: 64) { Ramp(from: 8, to: 256) }
      Scheduled(.imageSize, roundedToMultipleOf: 32) {
        Hold(128, for: 2.steps); Hold(230)
      }
    }
    let resolved = try plan.resolved(over: Horizon(steps: 4))
    #expect(resolved[.batchSize].map(Array.init) == [64, 64, 128, 192])
    #expect(resolved[.imageSize].map(Array.init) == [128, 128, 224, 224])
  }

  @Test("A value outside its hyper-parameter's range is an error with its name and step")
  func ranges() throws {
    func message(_ plan: Plan) -> String {
      do {
        _ = try plan.resolved(over: Horizon(steps: 10))
        return "accepted"
      } catch {
        return error.description
      }
    }
    #expect(
      message(Plan { Scheduled(.momentum, .constant(1.2)) })
        == "momentum is 1.2 at step 0; expected at least 0 and less than 1")
    #expect(
      message(Plan { Scheduled(.learningRate, .linear(from: 1, to: -1)) })
        == "learningRate is -0.19999999999999996 at step 6; expected a finite number of at least 0")
    #expect(
      message(Plan { Scheduled(.weightDecay, .constant(-1)).group("stem") })
        == "stem:weightDecay is -1 at step 0; expected a finite number of at least 0")
    #expect(
      message(Plan { Scheduled(.batchSize, .constant(0)) })
        == "batchSize is 0 at step 0; expected 1 to 1000000000")
    #expect(
      message(
        Plan {
          Scheduled(.momentum, .constant(0.9))
          Scheduled(.momentum, .constant(0.8))
        }) == "momentum is scheduled twice")
    // The end of a half-open ramp is no step's value.
    #expect(message(Plan { Scheduled(.momentum, .linear(from: 0, to: 1)) }) == "accepted")
  }

  @Test("A plan with everything resolves")
  func everything() throws {
    let plan = Plan {
      Scheduled(.learningRate, rate)
      Scheduled(.momentum, rate.mirrored(into: 0.85...0.95))
      for (depth, layer) in ["head", "body", "stem"].enumerated() {
        Scheduled(.learningRate, rate).group(layer, scaledBy: 1 / Double(1 + depth))
      }
      Scheduled(.weightDecay) { Ramp(from: 0.04, to: 0.4, curve: .cosine) }
      Scheduled(.imageSize, roundedToMultipleOf: 32) {
        Hold(128, for: 13.epochs); Hold(224, for: 12.epochs); Hold(288)
      }
      Scheduled(.batchSize, roundedToMultipleOf: 64) {
        Ramp(from: 256, to: 4096, over: 50.percent, curve: .exponential); Hold(4096)
      }
    }
    let resolved = try plan.resolved(over: Horizon(epochs: 70, stepsPerEpoch: 10))
    #expect(resolved.stepCount == 700)
    #expect(resolved[.imageSize]?[129] == 128)
    #expect(resolved[.imageSize]?[130] == 224)
    #expect(resolved[.imageSize]?[699] == 288)
    #expect(resolved[.batchSize]?[350] == 4096)
    #expect(resolved[.momentum]?[315] == 0.85)
    #expect(resolved.entries.count == 8)
  }
}

import Plotting
import Schedules
import Studies
import TestSupport
import Testing

@Suite struct ScheduleFigureTests {
  @Test func oneCycleWithMomentum() throws {
    let plan = Plan {
      Scheduled(.learningRate, .oneCycle(peak: 0.4, curve: .linear))
      Scheduled(.momentum) {
        Ramp(from: 0.95, to: 0.85, over: 30.percent)
        Ramp(from: 0.85, to: 0.95)
      }
    }
    let figure = ScheduleFigure(
      title: "1cycle", subtitle: "peak 0.4, momentum 0.95 to 0.85 and back",
      runs: [.init(name: "1cycle", plan: try plan.resolved(over: Horizon(steps: 1000)))])
    let text = figure.figure.svg(id: "schedule")
    #expect(Snapshot.difference(text, from: "schedule-one.svg") == nil)
    #expect(text.contains(">learning rate<") && text.contains(">momentum<"))
  }

  @Test func severalPlansOverEpochs() throws {
    let schedules: [(String, Schedule)] = [
      ("1cycle", .oneCycle(peak: 0.4)), ("cosine", .cosine(from: 0.2)),
      ("step decay", .step(from: 0.1, every: 10.epochs)),
      ("warm restarts", .cosine(from: 0.2, over: 10.epochs).repeated()),
    ]
    let runs = try schedules.map { name, schedule in
      let plan = Plan { Scheduled(.learningRate, schedule) }
      return ScheduleFigure.Run(
        name: name, plan: try plan.resolved(over: Horizon(epochs: 30, stepsPerEpoch: 80)))
    }
    let figure = ScheduleFigure(title: "Four regimes", runs: runs, stepsPerEpoch: 80)
    let text = figure.figure.svg(id: "schedules")
    #expect(Snapshot.difference(text, from: "schedule-several.svg") == nil)
    for run in runs { #expect(text.contains(">\(run.name)<")) }
  }

  @Test func longRunsAreSampledAndKeepTheirKnots() throws {
    let plan = Plan {
      Scheduled(.learningRate) {
        Hold(0.1, for: 123_457.steps)
        Hold(0.01)
      }
    }
    let resolved = try plan.resolved(over: Horizon(steps: 1_000_000))
    let curve = try #require(ScheduleFigure.Run(name: "long", plan: resolved).curves.first)
    #expect(curve.steps.count < 4100)
    #expect(curve.steps.contains(123_456) && curve.steps.contains(123_457))
    #expect(curve.steps.first == 0 && curve.steps.last == 999_999)
    #expect(zip(curve.steps, curve.steps.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func integersAreDrawnRounded() throws {
    let plan = Plan {
      Scheduled(.imageSize, roundedToMultipleOf: 32) { Ramp(from: 100, to: 180) }
    }
    let resolved = try plan.resolved(over: Horizon(steps: 4))
    let curve = try #require(ScheduleFigure.Run(name: "a", plan: resolved).curves.first)
    #expect(curve.values == [96, 128, 128, 160])
  }

  @Test func groupsAreNamed() {
    let curve = { (group: String?, value: Double) in
      ScheduleFigure.Curve(
        hyperparameter: "weightDecay", group: group, steps: [0, 1], values: [value, value])
    }
    let figure = ScheduleFigure(
      title: "groups", runs: [.init(name: "a", curves: [curve(nil, 1e-4), curve("bias", 0)])])
    let text = figure.figure.svg(id: "a")
    #expect(text.contains(">weight decay<"))
    #expect(text.contains(">others<") && text.contains(">bias<"))
  }

  @Test func noPlansStillMakeAPicture() {
    #expect(ScheduleFigure(title: "none", runs: []).figure.svg(id: "a").hasSuffix("</svg>\n"))
  }
}

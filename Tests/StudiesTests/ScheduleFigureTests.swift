import Foundation
import Plotting
import Schedules
import TestSupport
import Testing

@testable import Studies

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

  private func curve(_ values: [Double]) -> ScheduleFigure.Curve {
    ScheduleFigure.Curve(
      hyperparameter: "learningRate", steps: values.indices.map(Double.init), values: values)
  }

  @Test(
    arguments: [
      ([0, 1, 2, 1], 2), ([0, 2, 2, 1], 1), ([2, 1, 0], nil), ([0, 1, 2], nil), ([1, 1], nil),
      ([], nil), ([1, 2, 1, 2, 1], 1),
    ] as [([Double], Int?)])
  func thePeakIsWhereAClimbEnds(values: [Double], place: Int?) {
    #expect(curve(values).peak == place)
  }

  @Test(
    arguments: [
      // Warm restarts, with and without a warm-up before each, and shrinking.
      ([4, 2, 0, 4, 2, 0], [3]), ([0, 4, 2, 0, 4, 2, 0], [4]), ([4, 2, 0, 2, 1, 0, 1, 0], [3, 6]),
      // A step up without a fall, triangles, and steps down.
      ([1, 1, 2, 2], []), ([0, 1, 2, 3, 4, 3, 2, 1, 0, 1, 2, 3, 4], []), ([4, 4, 2, 2, 1], []),
      // Values at places.
      ([4, 4, 1, 1, 3, 3], []),
      ([], []), ([1], []),
    ] as [([Double], [Int])])
  func restartsAreJumpsAfterAFall(values: [Double], places: [Int]) {
    #expect(curve(values).restarts == places)
  }

  @Test func noiseHasNoRestarts() {
    #expect(curve((0..<40).map { Double($0 % 2) }).restarts.isEmpty)
  }

  @Test func peakAndRestartsAreMarked() throws {
    func text(_ schedule: Schedule) throws -> String {
      let plan = Plan { Scheduled(.learningRate, schedule) }
      let run = ScheduleFigure.Run(
        name: "a", plan: try plan.resolved(over: Horizon(epochs: 30, stepsPerEpoch: 80)))
      return ScheduleFigure(title: "t", runs: [run], stepsPerEpoch: 80).figure.svg(id: "a")
    }
    #expect(try text(.oneCycle(peak: 0.4)).contains(">peak 0.4<"))
    let restarts = try text(.cosine(from: 0.2, over: 10.epochs).repeated())
    #expect(restarts.contains(">2 restarts<") && !restarts.contains(">peak"))
    #expect(restarts.components(separatedBy: "ring fill-0").count == 3)
    #expect(try text(.cosine(from: 0.2, over: 15.epochs).repeated()).contains(">restart<"))
    #expect(!(try text(.cosine(from: 0.2))).contains("ring fill-0"))
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

import Plotting
import Schedules
import Testing

@testable import anneal

@Suite struct ScheduleWordsTests {
  @Test func tellsPlansFromComparisons() throws {
    #expect(try !ScheduleWords(["lr=1", "momentum=0.9"]).isComparison)
    #expect(try !ScheduleWords(["onecycle(peak=1)"]).isComparison)
    #expect(try ScheduleWords(["onecycle(peak=1)", "lr=2"]).isComparison)
    #expect(try !ScheduleWords(["lr=1", "stem:lr=2"]).isComparison)
  }

  @Test func titlesThePictureWithThePlan() throws {
    let words = try ScheduleWords(["lr=0.1..0", "momentum=0.9"])
    let figure = try words.figure(over: Horizon(steps: 1200))
    #expect(figure.title == "Schedules over 1 200 steps")
    #expect(figure.subtitle == "lr=0.1..0 momentum=0.9")
    let comparison = try ScheduleWords(["0.1", "0.2"]).figure(over: Horizon(steps: 5))
    #expect(comparison.title == "Schedules over 5 steps")
    #expect(comparison.subtitle == nil)
  }

  @Test func namesCurvesByWhatTheyAre() throws {
    let plan = try ScheduleWords(["0.1", "imageSize=100/32"]).curves(over: Horizon(steps: 1))
    #expect(plan.map(\.label) == ["learningRate", "imageSize"])
    #expect(plan.map(\.values) == [[0.1], [96]])
    let both = try ScheduleWords(["0.1", "0.1"]).curves(over: Horizon(steps: 2))
    #expect(both.map(\.label) == ["0.1", "0.1"])
  }
}

import Testing

@testable import Schedules

@Suite struct ScheduleDraggingTests {
  private static let run = Horizon(steps: 200, stepsPerEpoch: 10)

  @Test func knotsAreWherePhasesMeet() throws {
    let knots = try Schedule(parsing: "0..0.1@10%,0.1@5ep,0.05..0").knots(over: Self.run)
    #expect(knots.map(\.index) == [0, 1, 3, 4, 5])
    #expect(knots.map(\.step) == [0, 20, 70, 70, 200])
    #expect(knots.map(\.value) == [0, 0.1, 0.1, 0.05, 0])
  }

  @Test func otherPartsHaveNone() throws {
    #expect(try Schedule(parsing: "(0..1)*2").knots(over: Self.run).isEmpty)
    #expect(try Schedule(parsing: "(0..1@5st)x3").knots(over: Self.run).isEmpty)
  }

  @Test(arguments: [
    ("0..0.1@10%,0.1..0", 1, 40.0, 0.2, "0..0.2@20%,0.2..0"),
    ("0..0.1@10%,0.1..0", 3, 100, 0.01, "0..0.1@10%,0.1..0.01"),
    ("0..0.1@10%,0.1..0", 0, 100, 0.01, "0.01..0.1@10%,0.1..0"),
    ("0..0.1@2ep,0.1@5ep,0.1..0", 1, 33.3, 0.3, "0..0.3@3.33ep,0.3@3.67ep,0.3..0"),
    ("0..0.1@20st,0.1..0", 1, 500, 0.1, "0..0.1@200st,0.1..0"),
    ("0..0.1,0.1..0@50%", 1, 60, 0.1, "0..0.1,0.1..0@70%"),
    ("0..0.1,0.1..0", 1, 60, 0.1, "0..0.1@30%,0.1..0"),
    ("0.1,0.2@10%", 9, 60, 0.1, "0.1,0.2@10%"),
  ])
  func movesAKnot(
    text: String, index: Int, step: Double, value: Double, expected: String
  ) throws {
    let moved = try Schedule(parsing: text).movingKnot(
      index, to: step, value: value, over: Self.run)
    #expect(moved.description == expected)
    _ = try moved.resolved(over: Self.run)
  }
}

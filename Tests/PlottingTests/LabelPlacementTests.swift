import TestSupport
import Testing

@testable import Plotting

@Suite struct LabelPlacementTests {
  @Test(
    arguments: [
      ([], []), ([50], [50]), ([10, 50, 90], [10, 50, 90]), ([50, 50], [45, 55]),
      ([50, 50, 50], [40, 50, 60]), ([98, 99, 100], [80, 90, 100]), ([0, 0, 1], [0, 10, 20]),
      ([20, 52, 54, 90], [20, 48, 58, 90]),
    ] as [([Double], [Double])])
  func namesMoveApartAsLittleAsPossible(wanted: [Double], expected: [Double]) {
    #expect(LabelPlacement.spread(wanted, gap: 10, within: 0...100) == expected)
  }

  @Test func textsCoverNeitherEachOtherNorTheLine() {
    let frame = Frame(
      x: LinearScale(domain: 0...1), y: LinearScale(domain: 0...1), left: 40, top: 40, width: 600,
      height: 300)
    let x = (0...100).map { Double($0) / 100 }
    let line = LineMark(x: x, y: x.map { 0.5 + 2 * ($0 - 0.5) * ($0 - 0.5) })
    let labels = (0..<6).map { index in
      Label(
        text: "suggestion \(index)", anchor: Pixel(x: 320 + 9 * Double(index), y: 190),
        ink: .text, placement: .beside)
    }
    let placed = LabelPlacement(frame: frame, rightLimit: 660, trace: line.trace(in: frame))
      .place(labels)
    #expect(placed.count == labels.count)
    for (index, first) in placed.enumerated() {
      for second in placed[(index + 1)...] { #expect(first.box.overlap(with: second.box) == 0) }
      #expect(!line.trace(in: frame).contains { first.box.contains($0) })
      #expect(first.box.left >= frame.left && first.box.left + first.box.width <= 660)
    }
  }

  /// A line that leaves the frame near its right edge is not named across a rule that stands there.
  @Test func aNameMovesOffARule() throws {
    let frame = Frame(
      x: LinearScale(domain: 0...1), y: LinearScale(domain: 0...1), left: 40, top: 40, width: 600,
      height: 300)
    let name = Label(
      text: "smoothed", anchor: Pixel(x: 620, y: 190), ink: .text, placement: .end)
    let rule = RuleMark.vertical(at: 1)
    let free = LabelPlacement(frame: frame, rightLimit: 720, trace: []).place([name])
    #expect(free.first.map { $0.box.left + $0.box.width > frame.right } == true)
    let trace = rule.trace(in: frame)
    let moved = try #require(
      LabelPlacement(frame: frame, rightLimit: 720, trace: trace).place([name]).first)
    #expect(!trace.contains { moved.box.contains($0) })
  }

  @Test func wrappingAndShortening() {
    #expect(TextMetrics.wrapped("", size: 12, width: 100).isEmpty)
    #expect(
      TextMetrics.wrapped("a learning-rate range test", size: 15, width: 120)
        == ["a learning-rate", "range test"])
    #expect(TextMetrics.wrapped("unbreakable", size: 15, width: 10) == ["unbreakable"])
    #expect(TextMetrics.shortened("short", size: 12, width: 100) == "short")
    let cut = TextMetrics.shortened("a name that is too long", size: 12, width: 60)
    #expect(cut.hasSuffix("…") && TextMetrics.width(cut, size: 12) <= 60)
  }
}

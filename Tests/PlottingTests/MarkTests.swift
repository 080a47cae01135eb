import Foundation
import Plotting
import TestSupport
import Testing

/// Every mark alone, byte for byte.
@Suite struct MarkTests {
  private static let x = [0.0, 1, 2, 3, 4]

  /// A mark's elements in a frame of 200 × 100 pixels with x from 0 to 4 and y from 0 to 10.
  private func drawn(_ mark: any Mark) -> String {
    let frame = Frame(
      x: LinearScale(domain: 0...4), y: LinearScale(domain: 0...10), left: 50, top: 20, width: 200,
      height: 100)
    var svg = SVG()
    mark.draw(in: frame, into: &svg)
    for label in mark.labels(in: frame) {
      let place = "\(SVG.number(label.anchor.x)) \(SVG.number(label.anchor.y))"
      svg.element("text", ["placement": label.placement.rawValue, "at": place], text: label.text)
    }
    if let key = mark.key {
      svg.element(
        "key", ["sample": key.sample.rawValue, "dash": key.dash.rawValue], text: key.text)
    }
    return svg.text
  }

  @Test(arguments: [
    ("line", LineMark(x: x, y: [0, 5, 2.5, 10, 7], name: "loss") as any Mark),
    ("line-dashed", LineMark(x: x, y: [0, 5, 2.5, 10, 7], ink: .series(1), dash: .dashed)),
    ("line-faint", LineMark(x: x, y: [0, 5, 2.5, 10, 7], ink: .series(2), weight: .faint)),
    ("line-broken", LineMark(x: x, y: [1, 2, .nan, 4, .infinity], name: "diverged")),
    ("line-resumed", LineMark(x: x, y: [0, 5, 2.5, 10, 7], name: "resumed", breaks: [2.5, 9])),
    ("line-ninth", LineMark(x: [0, 4], y: [0, 10], ink: .series(8), name: "ninth")),
    ("band", BandMark(x: x, lower: [0, 1, 2, 3, 4], upper: [1, 3, 5, 7, 9], name: "min–max")),
    ("band-broken", BandMark(x: x, lower: [0, 1, .nan, 3, 4], upper: [1, 3, 5, 7, 9])),
    ("intervals", IntervalMark(x: [1, 2, 3], lower: [1, .nan, 3], upper: [2, 5, 9])),
    ("region", RegionMark(1...3, ink: .series(2), label: "base–max")),
    ("rule-vertical", RuleMark.vertical(at: 2, label: "stopped")),
    ("rule-horizontal", RuleMark.horizontal(at: 9, ink: .series(1), dash: .solid, label: "target")),
    ("point", PointMark(x: [1, 2, 9], y: [5, 6, 5], labels: ["a", "b", "out"], name: "points")),
    ("point-square", PointMark(x: 2, y: 5, label: "A & B", symbol: .square)),
    ("point-diamond", PointMark(x: 2, y: 5, ink: .text, symbol: .diamond)),
    ("point-triangle", PointMark(x: 2, y: 5, ink: .muted, symbol: .triangle)),
    ("text", TextMark("warm-up <30 %>", x: 2, y: 5)),
  ])
  func snapshot(name: String, mark: any Mark) {
    #expect(Snapshot.difference(drawn(mark), from: "mark-\(name).svg") == nil)
  }

  @Test func everyMarkHasASnapshot() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let sources = tests.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/Plotting/Marks")
    let files = try FileManager.default.contentsOfDirectory(atPath: sources.path)
    let marks = files.filter { $0.hasSuffix("Mark.swift") }.map {
      $0.dropLast("Mark.swift".count).lowercased()
    }
    let snapshots = try FileManager.default.contentsOfDirectory(
      atPath: tests.appendingPathComponent("Snapshots").path)
    #expect(marks.count > 6)
    for mark in marks {
      #expect(snapshots.contains { $0.hasPrefix("mark-\(mark)") }, "\(mark)")
    }
  }

  @Test func nothingToDraw() {
    #expect(drawn(LineMark(x: [], y: [], name: "empty")).hasPrefix("<key"))
    #expect(drawn(LineMark(x: [0, 1], y: [.nan, .infinity])) == "")
    #expect(drawn(BandMark(x: [0, 1], lower: [.nan, 0], upper: [1, .nan])) == "")
    #expect(drawn(RuleMark.vertical(at: .nan, label: "never")) == "")
    #expect(drawn(TextMark("outside", x: 9, y: 5)) == "")
  }

  @Test func mismatchedDataIsTheCallersMistake() async {
    await #expect(processExitsWith: .failure) { _ = LineMark(x: [1, 2], y: [1]) }
    await #expect(processExitsWith: .failure) { _ = BandMark(x: [1], lower: [1], upper: []) }
    await #expect(processExitsWith: .failure) { _ = PointMark(x: [1], y: [1, 2]) }
    await #expect(processExitsWith: .failure) {
      _ = PointMark(x: [1], y: [1], labels: ["a", "b"])
    }
  }
}

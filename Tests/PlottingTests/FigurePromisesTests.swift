import Foundation
import Plotting
import Testing

/// What the documentation promises of a static figure, one promise a test.
@Suite struct FigurePromisesTests {
  private func lines(_ count: Int) -> [any Mark] {
    (0..<count).map { number in
      LineMark(
        x: [0, 1], y: [0, Double(number + 1)], ink: .series(number), name: "line \(number)")
    }
  }

  private func count(_ pattern: String, in text: String) -> Int {
    text.components(separatedBy: pattern).count - 1
  }

  // MARK: - Names

  @Test(arguments: [
    (1, 720.0, true), (8, 720, true), (9, 720, false), (2, 360, true), (3, 360, false),
  ])
  func namesStandAtTheirLinesUntilThereAreTooMany(lineCount: Int, width: Double, isDirect: Bool) {
    let text = SampleFigures.figure(lines(lineCount)).svg(id: "a", width: width)
    #expect(text.contains("class=\"legend\"") == !isDirect)
    for number in 0..<lineCount { #expect(count(">line \(number)<", in: text) == 1) }
  }

  @Test func noTwoSeriesLookAlike() {
    let looks = (0..<Dash.allCases.count * 7).map { number in
      let line = LineMark(x: [0, 1], y: [0, 1], ink: .series(number), name: "a")
      return "\(line.key?.dash.rawValue ?? "") \(number % 7)"
    }
    #expect(Set(looks).count == looks.count)
    // Lines that may cover each other differ from the first on.
    #expect(Set((0..<4).map { Dash.pattern($0) }).count == 4)
  }

  // MARK: - Nothing vanishes, nothing leaves its frame

  @Test func smoothingComesBeforeThinning() throws {
    // One spike whose mean shows for a few steps only, between pixels that hold 200 steps each.
    var losses = [Double](repeating: 1, count: 100_000)
    losses[61_803] = 9
    let whole = LineMark(x: losses.indices.map(Double.init), y: losses, name: "loss")
    let smoothed = try #require(whole.smoothed(weight: 0.5).last)
    #expect(smoothed.y.max() == smoothed.y[61_803] && smoothed.y[61_803] > 4.9)
    let text = SampleFigures.figure([smoothed]).svg(id: "spike")
    let dot = SampleFigures.figure([
      LineMark(x: [0, 99_999], y: [1, 1], name: "loss"),
      LineMark(x: [61_803], y: [smoothed.y[61_803]]),
    ]).svg(id: "spike").split(separator: "\"").first { $0.contains("a1 1") }
    let height = dot?.split(separator: "a").first?.split(separator: " ").last
    #expect(height.map { text.contains(" \($0)L") } == true, "the smoothed spike is drawn")
    #expect(text.utf8.count < 60_000)
  }

  @Test func whatIsOutsideIsCutOff() {
    let figure = Figure(
      title: "t", description: "d", x: Axis("x", domain: 0...10),
      plots: [
        Plot(
          y: Axis("y", domain: 0...1),
          marks: [
            LineMark(x: [0, 5, 10], y: [0, 50, 0]), RegionMark(-5...20),
            PointMark(x: [5, 20], y: [0.5, 0.5], labels: ["in", "out"]),
          ])
      ])
    let text = figure.svg(id: "a")
    let group = text.components(separatedBy: "<g clip-path=\"url(#a-clip-1)\">")
    #expect(group.count == 2)
    let clipped = group[1].components(separatedBy: "</g>")[0]
    #expect(
      clipped.contains("class=\"line line-0\"") && clipped.contains("<rect class=\"fill-muted\""))
    #expect(
      count("class=\"ring", in: text) == 1 && text.contains(">in<") && !text.contains(">out<"))
  }

  // MARK: - Axes

  @Test func decadesAreLabelledAndDividedBetween() {
    let figure = Figure(
      title: "t", description: "d", x: Axis("learning rate", kind: .logarithmic),
      plots: [Plot(y: Axis("loss"), marks: [LineMark(x: [1e-4, 1], y: [2, 1])])])
    let text = figure.svg(id: "a")
    for label in ["1e-4", "0.001", "0.01", "0.1", "1"] { #expect(text.contains(">\(label)<")) }
    // Eight short marks in each of four decades, beside the long ones.
    #expect(count("v2M", in: text) == 32)
  }

  @Test func stackedPlotsShareTheirAxis() {
    let figure = Figure(
      title: "t", description: "d", x: Axis("step", kind: .whole),
      plots: [
        Plot(y: Axis("loss"), marks: [LineMark(x: [0, 50], y: [12_000, 1])]),
        Plot(y: Axis("rate"), marks: [LineMark(x: [0, 100], y: [0, 1])]),
        Plot(y: Axis("momentum"), marks: [LineMark(x: [20, 90], y: [0, 1])]),
      ])
    let text = figure.svg(id: "a")
    let places = text.components(separatedBy: "<clipPath").dropFirst().map { part in
      part.components(separatedBy: "<rect x=\"")[1].split(separator: "\"")[0]
        + part.components(separatedBy: " width=\"")[1].split(separator: "\"")[0]
    }
    #expect(places.count == 3 && Set(places).count == 1)
    #expect(count(">step<", in: text) == 1 && count(">100<", in: text) == 1)
  }

  // MARK: - For those who do not see it

  @Test func titleAndDescriptionAreRead() {
    let text = Figure(title: "A & B", description: "What <it> shows.", x: Axis("x"), plots: [])
      .svg(id: "a")
    #expect(text.contains("role=\"img\" aria-labelledby=\"a-title a-desc\""))
    #expect(text.contains("<title id=\"a-title\">A &amp; B</title>"))
    #expect(text.contains("<desc id=\"a-desc\">What &lt;it&gt; shows.</desc>"))
  }
}

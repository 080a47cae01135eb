import Plotting
import TestSupport
import Testing

/// Whole figures, byte for byte.
@Suite struct FigureTests {
  @Test(arguments: SampleFigures.all.map(\.name))
  func snapshot(name: String) throws {
    let sample = try #require(SampleFigures.all.first { $0.name == name })
    let text = sample.figure.svg(id: name, width: sample.width)
    #expect(Snapshot.difference(text, from: "figure-\(name).svg") == nil)
    #expect(text == sample.figure.svg(id: name, width: sample.width), "twice is not the same")
  }

  /// The example of `Figure`'s documentation.
  @Test func documentedExample() {
    let figure = Figure(
      title: "1cycle", description: "The learning rate rises and falls once.",
      x: Axis("step", kind: .whole),
      plots: [
        Plot(y: Axis("learning rate"), marks: [LineMark(x: [0, 30, 100], y: [0.1, 1, 0])])
      ])
    let text = figure.svg(id: "one-cycle")
    #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"one-cycle\""))
    #expect(text.contains("<desc id=\"one-cycle-desc\">The learning rate rises and falls once."))
  }

  @Test func identifiersArePassedIn() {
    let figure = SampleFigures.figure([LineMark(x: [0, 1], y: [0, 1])])
    let text = figure.svg(id: "left")
    #expect(text.contains("aria-labelledby=\"left-title left-desc\""))
    #expect(text.contains("clip-path=\"url(#left-clip-1)\""))
    #expect(!figure.svg(id: "right").contains("left-"))
  }

  @Test func unusableIdsAndWidthsAreTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = SampleFigures.figure([]).svg(id: "1st")
    }
    await #expect(processExitsWith: .failure) {
      _ = SampleFigures.figure([]).svg(id: "a b")
    }
    await #expect(processExitsWith: .failure) {
      _ = SampleFigures.figure([]).svg(id: "a", width: 100)
    }
  }

  /// Figures of data that leave nothing or little to draw still are well-formed pictures.
  @Test(
    arguments: [
      [], [5], [.nan, .nan], [.infinity, -.infinity], [0, 0, 0], [-1, -2],
      [.leastNonzeroMagnitude, .leastNormalMagnitude], [-1.7e308, 1.7e308],
      [1, 1.0000000000000002], [3e15, 3e15 + 1],
      [.leastNonzeroMagnitude, .greatestFiniteMagnitude],
    ] as [[Double]])
  func anyData(values: [Double]) {
    let kinds: [Axis.Kind] = [
      .linear, .logarithmic, .whole, .percent, .epochs(stepsPerEpoch: 7.5),
    ]
    for x in kinds {
      for y in kinds {
        let marks: [any Mark] = [
          LineMark(x: values, y: values, name: "line"),
          BandMark(x: values, lower: values, upper: values, name: "band"),
          PointMark(x: values, y: values, labels: values.map { "\($0)" }),
        ]
        for width in [240.0, 720] {
          let text = Figure(
            title: "t", description: "d", x: Axis("x", kind: x),
            plots: [Plot(y: Axis("y", kind: y), marks: marks)]
          ).svg(id: "any", width: width)
          #expect(text.hasSuffix("</svg>\n"))
          #expect(!text.contains("nan") && !text.contains("inf"))
        }
      }
    }
  }

  @Test func whatCannotBeDrawnIsNamed() {
    let figure = Figure(
      title: "t", description: "d", x: Axis("x"),
      plots: [
        Plot(
          y: Axis("loss", kind: .logarithmic),
          marks: [
            LineMark(x: [0, 1], y: [1, 2], name: "seen"),
            LineMark(x: [0, 1], y: [-1, -2], name: "lost"),
          ])
      ])
    #expect(figure.svg(id: "a").contains("not drawn, for want of positive values: lost<"))
  }

  @Test func aSpikeOfOneStepStaysVisible() {
    var y = [Double](repeating: 1, count: 100_000)
    y[61_803] = 9
    let figure = SampleFigures.figure([LineMark(x: y.indices.map(Double.init), y: y)])
    let text = figure.svg(id: "spike")
    #expect(text.utf8.count < 60_000)
    let flat = SampleFigures.figure([
      LineMark(x: [0, 99_999], y: [1, 1]), LineMark(x: [61_803], y: [9]),
    ])
    // The dot that the second figure has at the spike is a vertex of the first figure's line.
    let dot = flat.svg(id: "spike").split(separator: "\"").first { $0.contains("a1 1") }
    let height = dot?.split(separator: "a").first?.split(separator: " ").last
    #expect(height.map { text.contains(" \($0)L") } == true)
  }
}

import Plotting
import Schedules
import Studies
import TestSupport
import Testing

@Suite struct RangeTestFigureTests {
  static func sample() throws -> RangeTestFigure {
    let (rates, losses) = SyntheticRuns.rangeTest(count: 100)
    let curve = try RangeTestCurve(learningRates: rates, losses: losses, plannedCount: 120)
    return RangeTestFigure(curve, subtitle: "ResNet-8, batches of 128, momentum 0.9")
  }

  @Test func snapshot() throws {
    let text = try Self.sample().figure.svg(id: "range-test")
    #expect(Snapshot.difference(text, from: "range-test.svg") == nil)
  }

  @Test func everySuggestionIsNamed() throws {
    let sample = try Self.sample()
    let text = sample.figure.svg(id: "range-test")
    #expect(sample.markers.count == 5)
    for marker in sample.markers { #expect(text.contains(marker.name), "\(marker.name)") }
    #expect(text.contains("Smith: "))
    #expect(text.contains("stopped at "))
  }

  @Test func rulesThatAgreeShareATextAndRatesBeyondTheCurveAreLines() {
    let figure = RangeTestFigure(
      learningRates: [0.01, 0.1, 1], losses: [2, 1, 3], smoothedLosses: [2, 1, 3],
      markers: [
        .init(name: "steep", learningRate: 0.1), .init(name: "valley", learningRate: 0.1),
        .init(name: "minimum", learningRate: 0.001), .init(name: "none", learningRate: .nan),
      ])
    let text = figure.figure.svg(id: "a")
    #expect(text.contains(">steep, valley 0.1<"))
    #expect(text.contains(">minimum 0.001<"))
    #expect(!text.contains(">none"))
  }

  @Test(arguments: [[], [2.3], [.nan, .nan], [1, 2, 3], [2, 2, 2], [3, .infinity, 1]])
  func anyLosses(losses: [Double]) {
    let rates = losses.indices.map { Double($0 + 1) / 100 }
    let figure = RangeTestFigure(
      learningRates: rates, losses: losses, smoothedLosses: losses,
      markers: [.init(name: "valley", learningRate: 0.015)])
    #expect(figure.figure.svg(id: "a").hasSuffix("</svg>\n"))
  }

  /// The end of a divergence does not press the rest of the curve flat.
  @Test func divergenceIsCutOff() throws {
    let (rates, losses) = SyntheticRuns.rangeTest(count: 100)
    var spoilt = losses
    spoilt[99] = 1e9
    let figure = RangeTestFigure(learningRates: rates, losses: spoilt, smoothedLosses: losses)
    let domain = try #require(figure.figure.plots.first?.y.domain)
    #expect(domain.upperBound < 4 && domain.lowerBound >= 0)
  }
}

import Plotting
import Schedules
import Studies
import TestSupport
import Testing

@Suite struct RangeTestFigureTests {
  static func sample() throws -> RangeTestFigure {
    let (rates, losses) = SyntheticRuns.rangeTest(count: 100)
    let curve = try RangeTestCurve(values: rates, losses: losses, plannedCount: 120)
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
      values: [0.01, 0.1, 1], readings: [2, 1, 3], smoothed: [2, 1, 3],
      markers: [
        .init(name: "steep", value: 0.1), .init(name: "valley", value: 0.1),
        .init(name: "minimum", value: 0.001), .init(name: "none", value: .nan),
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
      values: rates, readings: losses, smoothed: losses,
      markers: [.init(name: "valley", value: 0.015)])
    #expect(figure.figure.svg(id: "a").hasSuffix("</svg>\n"))
  }

  /// The end of a divergence does not press the rest of the curve flat.
  @Test func divergenceIsCutOff() throws {
    let (rates, losses) = SyntheticRuns.rangeTest(count: 100)
    var spoilt = losses
    spoilt[99] = 1e9
    let figure = RangeTestFigure(values: rates, readings: spoilt, smoothed: losses)
    let domain = try #require(figure.figure.plots.first?.y.domain)
    #expect(domain.upperBound < 4 && domain.lowerBound >= 0)
  }

  // MARK: - Several tests

  static func seeds() throws -> [RangeTestCurve] {
    try (0..<5).map { seed in
      let (rates, losses) = SyntheticRuns.rangeTest(count: 100)
      var noise = SyntheticRuns.Noise(seed: UInt64(seed))
      // Every one diverges a little later than the one before.
      let kept = 84 + 4 * seed
      return try RangeTestCurve(
        values: Array(rates.prefix(kept)),
        losses: losses.prefix(kept).map { $0 + 0.4 * noise.next() }, plannedCount: 120)
    }
  }

  @Test func snapshotOfSeveral() throws {
    let figure = try RangeTestFigure(Self.seeds(), subtitle: "ResNet-8, 5 seeds")
    let text = figure.figure.svg(id: "range-tests")
    #expect(Snapshot.difference(text, from: "range-tests.svg") == nil)
  }

  @Test func theBandHoldsEveryCurveAndTheMedianLiesInIt() throws {
    let curves = try Self.seeds()
    let figure = try RangeTestFigure(curves)
    let band = try #require(figure.band)
    // Three of five are left up to there.
    #expect(figure.values.count == 92 && band.curveCount == 5)
    #expect(figure.readings.isEmpty && figure.stop == nil)
    let smoothed = curves.map { RangeTestFigure.smoothing.smoothed($0.losses) }
    for index in figure.values.indices {
      let all = smoothed.compactMap { index < $0.count ? $0[index] : nil }
      #expect(band.lower[index] == all.min() && band.upper[index] == all.max())
      #expect(band.lower[index] <= figure.smoothed[index])
      #expect(figure.smoothed[index] <= band.upper[index])
    }
    let agreement = try RangeTestAgreement(curves)
    #expect(
      figure.markers.map(\.value)
        == agreement.rules.prefix(5).compactMap(\.suggestion.value))
    #expect(figure.figure.svg(id: "a").contains("of 5 tests over the learning rate"))
  }

  /// Curves from elsewhere need not have the same values.
  @Test func otherValuesAreInterpolated() throws {
    let flat = RangeTestSmoothing(weight: 0.9, isDebiased: true)
    let first = try RangeTestCurve(values: [1, 3], losses: [2, 4])
    let second = try RangeTestCurve(values: [2, 4], losses: [6, 6])
    let figure = try RangeTestFigure([first, second])
    #expect(figure.values == [2, 3])
    let end = flat.smoothed([2, 4])[1]
    let middle = 0.5 * 2 + 0.5 * end
    #expect(abs(try #require(figure.band?.lower[0]) - middle) < 1e-12)
    #expect(figure.band?.upper == [6, 6])
    #expect(figure.smoothed == [0.5 * middle + 3, 0.5 * end + 3])
  }

  @Test func oneAloneIsDrawnAsSuch() throws {
    let curve = try #require(try Self.seeds().first)
    #expect(try RangeTestFigure([curve]) == RangeTestFigure(curve))
  }

  // MARK: - Other hyper-parameters and measures

  @Test func axesFollowWhatWasSweptAndMeasured() throws {
    let test = try RangeTest(.momentum, count: 40)
    let updates = Array(stride(from: 1, to: 40, by: 2))
    let curve = try test.curve(
      losses: (0..<40).map { 2 - 0.01 * Double($0) },
      column: .init(
        .validationAccuracy, updates: updates, readings: updates.map { 0.02 * Double($0) }))
    let figure = RangeTestFigure(curve)
    #expect(figure.title == "Momentum range test")
    #expect(figure.values == curve.measuredValues && figure.readings == curve.readings)
    let picture = figure.figure
    #expect(picture.x == Axis("momentum", kind: .linear))
    #expect(picture.plots[0].y == Axis("validation accuracy", kind: .percent))
    #expect(picture.svg(id: "a").contains("The momentum rises from 0.7"))
    let decay = try RangeTest(.weightDecay, count: 3).curve(losses: [3, 2, 1])
    let other = RangeTestFigure(decay)
    #expect(other.title == "Weight-decay range test")
    #expect(other.figure.x == Axis("weight decay", kind: .logarithmic))
    #expect(other.figure.plots[0].y.title == "training loss")
  }
}

import Foundation
import Plotting
import Schedules
import Studies
import TestSupport
import Testing

@Suite struct RangeTestFigureTests {
  static func sample() throws -> RangeTestFigure {
    let (rates, losses) = SyntheticRuns.rangeTest(count: 120)
    let count = try #require(RangeTestStop.fastai.stopIndex(in: losses)) + 1
    let curve = try RangeTestCurve(
      values: Array(rates.prefix(count)), losses: Array(losses.prefix(count)),
      accuracies: losses.prefix(count).map { max(0.1, 1 - 0.4 * $0) }, plannedCount: 120)
    return RangeTestFigure(curve, subtitle: "ResNet-8, batches of 128, momentum 0.9")
  }

  private static func trace(_ values: [Double], _ readings: [Double]) -> RangeTestFigure.Trace {
    RangeTestFigure.Trace(values: values, readings: readings, smoothed: readings)
  }

  @Test func snapshot() throws {
    let figure = try Self.sample().figure
    let text = figure.svg(id: "range-test")
    #expect(Snapshot.difference(text, from: "range-test.svg") == nil)
    let narrow = figure.svg(id: "range-test", width: 360)
    #expect(Snapshot.difference(narrow, from: "range-test-narrow.svg") == nil)
  }

  /// What is marked in the plot is explained under it.
  @Test func everySuggestionIsNamedWithItsReason() throws {
    let sample = try Self.sample()
    let text = sample.figure.svg(id: "range-test", width: 900)
    let cycle = try #require(sample.cycle)
    #expect(sample.markers.count == 5)
    for marker in sample.markers + [cycle.base, cycle.max] {
      #expect(text.contains(">\(SVG.escaped(marker.name)) "), "\(marker.name)")
      #expect(text.contains(">\(SVG.escaped(marker.reason))<"), "\(marker.reason)")
    }
    #expect(text.contains(">Smith: "))
    #expect(text.components(separatedBy: ">stopped at ").count == 3, "in the plot and below")
    #expect(text.contains(">the smoothed loss, "))
  }

  @Test func aRuleWithoutAnAnswerSaysWhy() {
    let figure = RangeTestFigure(
      traces: [Self.trace([1, 2], [2, 1])],
      markers: [
        .init(name: "slide", value: nil, reason: "needs 16 points after trimming, found 2"),
        .init(name: "steep", value: 1.5, reason: "falls fastest here"),
      ],
      cycle: .init(
        base: .init(name: "Smith's base", value: 1.25, reason: "clearly lower"),
        max: .init(name: "Smith's max", value: nil, reason: "sweep further")))
    #expect(
      figure.figure.notes.map { "\($0.name) (\($0.text))" } == [
        "steep 1.5 (falls fastest here)", "Smith's base 1.3 (clearly lower)",
        "slide: none (needs 16 points after trimming, found 2)",
        "Smith's max: none (sweep further)",
      ])
    // A bound alone is a point and no range.
    #expect(figure.cycle?.range == nil)
    #expect(figure.figure.svg(id: "a").components(separatedBy: ">Smith&#39;s base 1.3<").count == 3)
  }

  @Test func rulesThatAgreeShareATextAndRatesBeyondTheCurveAreLines() {
    let figure = RangeTestFigure(
      traces: [Self.trace([0.01, 0.1, 1], [2, 1, 3])],
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
      traces: [Self.trace(rates, losses)], markers: [.init(name: "valley", value: 0.015)])
    #expect(figure.figure.svg(id: "a").hasSuffix("</svg>\n"))
  }

  /// Losses first, accuracy below, and the suggestions on the one that the rules read.
  @Test func accuracyHasAPanelOfItsOwn() throws {
    #expect(try Self.sample().traces.map(\.measure) == [.trainingLoss, .trainingAccuracy])
    let test = try RangeTest(count: 40)
    let losses = (0..<40).map { 2 - 0.01 * Double($0) }
    let updates = Array(stride(from: 1, to: 40, by: 2))
    let readings = updates.map { 0.02 * Double($0) }
    let accuracies = losses.map { 1 - $0 / 3 }
    let figures = try [RangeTestMeasure.validationAccuracy, .validationLoss].map { measure in
      RangeTestFigure(
        try test.curve(
          losses: losses, column: .init(measure, updates: updates, readings: readings),
          accuracies: accuracies))
    }
    #expect(figures[0].traces.map(\.measure) == [.trainingLoss, .validationAccuracy])
    #expect(
      figures[1].traces.map(\.measure) == [.trainingLoss, .validationLoss, .trainingAccuracy])
    let panels = figures[0].figure.plots
    #expect(panels.map(\.y.kind) == [.linear, .percent])
    #expect(!panels[0].marks.contains { $0 is PointMark })
    #expect(panels[1].marks.contains { $0 is PointMark })
    for figure in figures {
      let text = figure.figure.svg(id: "a")
      #expect(text.components(separatedBy: "clip-path=").count == figure.traces.count + 1)
    }
  }

  /// The end of a divergence does not press the rest of the curve flat.
  @Test func divergenceIsCutOff() throws {
    let (rates, losses) = SyntheticRuns.rangeTest(count: 100)
    var spoilt = losses
    spoilt[99] = 1e9
    let figure = RangeTestFigure(
      traces: [.init(values: rates, readings: spoilt, smoothed: losses)])
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
        losses: losses.prefix(kept).map { $0 + 0.4 * noise.next() },
        accuracies: losses.prefix(kept).map { max(0.1, 1 - 0.4 * $0) + 0.1 * noise.next() },
        plannedCount: 120)
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
    #expect(figure.traces.map(\.measure) == [.trainingLoss, .trainingAccuracy])
    let trace = try #require(figure.traces.first)
    let band = try #require(trace.band)
    // Three of five are left up to there.
    #expect(trace.values.count == 92 && band.curveCount == 5 && trace.readings.isEmpty)
    let smoothed = curves.map { RangeTestFigure.smoothing.smoothed($0.losses) }
    for index in trace.values.indices {
      let all = smoothed.compactMap { index < $0.count ? $0[index] : nil }
      #expect(band.lower[index] == all.min() && band.upper[index] == all.max())
      #expect(band.lower[index] <= trace.smoothed[index])
      #expect(trace.smoothed[index] <= band.upper[index])
    }
    let agreement = try RangeTestAgreement(curves)
    #expect(
      figure.markers.map(\.value) == agreement.rules.prefix(5).map(\.suggestion.value))
    #expect(figure.markers.map(\.reason) == agreement.rules.prefix(5).map(\.verdict))
    let text = figure.figure.svg(id: "a")
    #expect(text.contains("of 5 tests over the learning rate"))
    #expect(text.contains(">first of 5 stopped at "))
    #expect(figure.stop?.value == curves[0].values.last)
    #expect(figure.stop?.reason.contains("; 5 stopped, the last at 4.3") == true)
  }

  /// Curves from elsewhere need not have the same values.
  @Test func otherValuesAreInterpolated() throws {
    let flat = RangeTestSmoothing(weight: 0.9, isDebiased: true)
    let first = try RangeTestCurve(values: [1, 3], losses: [2, 4])
    let second = try RangeTestCurve(values: [2, 4], losses: [6, 6])
    let figure = try RangeTestFigure([first, second])
    let trace = figure.traces[0]
    #expect(trace.values == [2, 3] && figure.stop == nil)
    let end = flat.smoothed([2, 4])[1]
    let middle = 0.5 * 2 + 0.5 * end
    #expect(abs(try #require(trace.band?.lower[0]) - middle) < 1e-12)
    #expect(trace.band?.upper == [6, 6])
    #expect(trace.smoothed == [0.5 * middle + 3, 0.5 * end + 3])
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
    #expect(figure.traces[1].values == curve.measuredValues)
    #expect(figure.traces[1].readings == curve.readings)
    let picture = figure.figure
    #expect(picture.x == Axis("momentum", kind: .linear))
    #expect(picture.plots[1].y == Axis("validation accuracy", kind: .percent))
    #expect(picture.svg(id: "a").contains("The momentum rises from 0.7"))
    let decay = try RangeTest(.weightDecay, count: 3).curve(losses: [3, 2, 1])
    let other = RangeTestFigure(decay)
    #expect(other.title == "Weight-decay range test")
    #expect(other.figure.x == Axis("weight decay", kind: .logarithmic))
    #expect(other.figure.plots[0].y.title == "training loss")
  }
}

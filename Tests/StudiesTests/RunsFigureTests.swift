import Plotting
import TestSupport
import Testing

@testable import Studies

@Suite struct RunsFigureTests {
  static let runs = [
    SyntheticRuns.run("1cycle", epochs: 10, best: 0.9, pace: 4, seeds: 3),
    SyntheticRuns.run("step decay", epochs: 10, best: 0.88, pace: 12, seeds: 3),
    SyntheticRuns.run("step decay, longer", epochs: 26, best: 0.902, pace: 30, seeds: 3),
  ]

  static let sample = RunsFigure(
    title: "Loss and accuracy", subtitle: "mean and range of three seeds", runs: runs, target: 0.88)

  @Test func snapshot() {
    let text = Self.sample.figure.svg(id: "runs")
    #expect(Snapshot.difference(text, from: "runs.svg") == nil)
    let narrow = Self.sample.figure.svg(id: "runs", width: 380)
    #expect(Snapshot.difference(narrow, from: "runs-narrow.svg") == nil)
  }

  @Test func seedsAreSummarisedWhereAllMeasured() {
    let summary = SeedSummary(
      [
        .init(epochs: [1, 2, 3], values: [0.1, 0.5, 0.9]),
        .init(epochs: [1, 2], values: [0.3, 0.7]),
      ], spread: .range)
    #expect(summary.epochs == [1, 2])
    #expect(summary.mean == [0.2, 0.6])
    #expect(summary.lower == [0.1, 0.5])
    #expect(summary.upper == [0.3, 0.7])
  }

  @Test func intervalsAreOfTheMean() throws {
    let seeds = [1.0, 2, 3].map { RunsFigure.Curve(epochs: [1], values: [$0]) }
    let summary = SeedSummary(seeds, spread: .interval)
    let half = try #require(Sample([1, 2, 3]).halfWidth)
    #expect(summary.lower == [2 - half])
    #expect(summary.upper == [2 + half])
    #expect(SeedSummary([seeds[0]], spread: .interval).lower == [1])
  }

  @Test(arguments: [RunsFigure.Spread.range, .interval], [Double.nan, .infinity, -.infinity])
  func aDivergedSeedInterruptsTheMean(spread: RunsFigure.Spread, value: Double) {
    let summary = SeedSummary(
      [.init(epochs: [1, 2], values: [1, 2]), .init(epochs: [1, 2], values: [3, value])],
      spread: spread)
    #expect(summary.mean[0] == 2)
    #expect(summary.mean[1].isNaN && summary.lower[1].isNaN && summary.upper[1].isNaN)
  }

  /// A second sign beside the colour, the same in every panel.
  @Test func runsDifferInPattern() {
    for plot in Self.sample.figure.plots {
      let dashes = plot.marks.compactMap { ($0 as? LineMark)?.dash }
      #expect(dashes == [.solid, .dashed, .dotted])
    }
  }

  @Test func onlyWhatWasMeasuredHasAPanel() {
    let curve = RunsFigure.Curve(epochs: [1, 2], values: [0.5, 0.6])
    let accuracy = RunsFigure(title: "a", runs: [.init(name: "r", accuracies: [curve])])
    #expect(accuracy.figure.plots.map(\.y.title) == ["test accuracy"])
    let loss = RunsFigure(
      title: "a", lossTitle: "test loss", runs: [.init(name: "r", losses: [curve])])
    #expect(loss.figure.plots.map(\.y.title) == ["test loss"])
    #expect(RunsFigure(title: "a", runs: []).figure.svg(id: "a").hasSuffix("</svg>\n"))
  }
}

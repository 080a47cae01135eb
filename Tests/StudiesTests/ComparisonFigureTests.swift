import Plotting
import Studies
import TestSupport
import Testing

@Suite struct ComparisonFigureTests {
  static let sample = ComparisonFigure(
    title: "Epochs to equal accuracy", subtitle: "mean and 95 % interval of three seeds",
    regimes: [
      .init(
        name: "1cycle",
        budgets: [
          .init(epochs: 5, accuracies: [0.861, 0.858, 0.866]),
          .init(epochs: 10, accuracies: [0.883, 0.886, 0.881]),
        ]),
      .init(
        name: "step decay",
        budgets: [
          .init(epochs: 5, accuracies: [0.813, 0.826, 0.821]),
          .init(epochs: 10, accuracies: [0.853, 0.848, 0.857]),
          .init(epochs: 20, accuracies: [0.873, 0.871, 0.878]),
          .init(epochs: 30, accuracies: [0.882, 0.886, 0.884]),
        ]),
    ], target: 0.88)

  @Test func snapshot() {
    let text = Self.sample.figure.svg(id: "comparison")
    #expect(Snapshot.difference(text, from: "comparison.svg") == nil)
  }

  @Test func theFirstBudgetAtTheTargetIsNamed() {
    let text = Self.sample.figure.svg(id: "a")
    #expect(text.contains(">10 epochs<"))
    #expect(text.contains(">30 epochs<"))
    #expect(!text.contains(">20 epochs<"))
    #expect(Self.sample.figure.description.contains("reaches the target of 88.0 % with 30 epochs"))
  }

  @Test(arguments: [(0.75, true), (0.7500001, false)])
  func aMeanEqualToTheTargetReachesIt(target: Double, reaches: Bool) {
    let figure = ComparisonFigure(
      title: "a",
      regimes: [.init(name: "r", budgets: [.init(epochs: 7, accuracies: [0.5, 1])])],
      target: target)
    #expect(figure.figure.svg(id: "a").contains(">7 epochs<") == reaches)
  }

  @Test func aTargetNobodyReachesIsSaid() {
    let figure = ComparisonFigure(
      title: "a",
      regimes: [
        .init(name: "low", budgets: [.init(epochs: 5, accuracies: [0.5])]),
        .init(name: "lost", budgets: [.init(epochs: 5, accuracies: [.nan])]),
        .init(name: "none", budgets: []),
      ], target: 0.9)
    let text = figure.figure.svg(id: "a")
    #expect(!text.contains("epochs<"))
    #expect(text.contains("not drawn, for want of finite values: lost, none<"))
    #expect(figure.figure.description.contains("low: 50.0 % after 5 epochs. It does not reach"))
    #expect(figure.figure.description.contains("lost: no finite accuracy after 5 epochs."))
  }
}

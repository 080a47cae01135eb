public import Plotting

/// The final accuracy of regimes over their budget of epochs, and the budget that reaches a target.
///
/// A point is a whole training of that many epochs, not a moment within a longer one: most
/// schedules depend on the length of the run.
public struct ComparisonFigure: Hashable, Sendable {
  /// The accuracies of one budget.
  public struct Budget: Hashable, Sendable {
    /// The length of the training.
    public let epochs: Double
    /// The final accuracy of every seed, as shares of 1.
    public let accuracies: [Double]

    /// Makes a budget.
    public init(epochs: Double, accuracies: [Double]) {
      self.epochs = epochs
      self.accuracies = accuracies
    }

    /// The accuracies' mean and interval; nil when there are none, or not all are finite.
    var sample: Sample? {
      accuracies.isEmpty || !accuracies.allSatisfy(\.isFinite) ? nil : Sample(accuracies)
    }
  }

  /// A way to train, with its budgets.
  public struct Regime: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The budgets, rising.
    public let budgets: [Budget]

    /// Makes a regime.
    public init(name: String, budgets: [Budget]) {
      self.name = name
      self.budgets = budgets
    }

    /// The smallest budget whose mean accuracy is not below a target.
    func firstBudget(reaching target: Double) -> Budget? {
      budgets.first { $0.sample.map { $0.mean >= target } ?? false }
    }
  }

  /// The heading.
  public let title: String
  /// A quieter line under the heading; nil for none.
  public let subtitle: String?
  /// The regimes.
  public let regimes: [Regime]
  /// The accuracy to reach, as a share of 1; nil for none.
  public let target: Double?

  /// Makes a figure.
  ///
  /// - Parameters:
  ///   - title: The heading.
  ///   - subtitle: A quieter line under the heading.
  ///   - regimes: The regimes.
  ///   - target: The accuracy to reach.
  public init(title: String, subtitle: String? = nil, regimes: [Regime], target: Double? = nil) {
    self.title = title
    self.subtitle = subtitle
    self.regimes = regimes
    self.target = target
  }

  /// The picture.
  public var figure: Figure {
    var marks: [any Mark] = []
    if let target {
      marks.append(
        RuleMark.horizontal(at: target, label: "target \(NumberText.percent(target))"))
    }
    for (number, regime) in regimes.enumerated() { marks += self.marks(of: regime, number) }
    return Figure(
      title: title, subtitle: subtitle, description: description,
      x: Axis("epochs of training", kind: .whole, domain: epochDomain),
      plots: [Plot(y: Axis("final test accuracy", kind: .percent), marks: marks)])
  }

  // MARK: - Parts

  private func marks(of regime: Regime, _ number: Int) -> [any Mark] {
    let ink = Ink.series(number)
    let shapes = PointMark.Symbol.allCases
    let symbol = shapes[number % shapes.count]
    let epochs = regime.budgets.map(\.epochs)
    let means = regime.budgets.map { $0.sample?.mean ?? .nan }
    let halves = regime.budgets.map { $0.sample?.halfWidth ?? 0 }
    let first = target.flatMap { regime.firstBudget(reaching: $0) }
    let labels = epochs.map { epoch in
      first?.epochs == epoch ? "\(NumberText.significant(epoch, digits: 3)) epochs" : ""
    }
    var marks: [any Mark] = []
    if halves.contains(where: { $0 > 0 }) {
      marks.append(
        IntervalMark(
          x: epochs, lower: zip(means, halves).map { $0 - $1 },
          upper: zip(means, halves).map { $0 + $1 }, ink: ink))
    }
    marks.append(LineMark(x: epochs, y: means, ink: ink, name: regime.name))
    marks.append(PointMark(x: epochs, y: means, labels: labels, ink: ink, symbol: symbol))
    return marks
  }

  /// From zero to a little beyond the longest budget, so that lengths compare by eye.
  private var epochDomain: ClosedRange<Double>? {
    let longest = regimes.flatMap(\.budgets).map(\.epochs).filter(\.isFinite).max()
    return longest.map { 0...(max($0, 1) * 1.04) }
  }

  private var description: String {
    let sentences = regimes.map { regime in
      let list = regime.budgets.map { budget in
        let accuracy = budget.sample.map { NumberText.percent($0.mean) } ?? "no finite accuracy"
        return "\(accuracy) after \(NumberText.significant(budget.epochs, digits: 3)) epochs"
      }
      var text = "\(regime.name): \(list.isEmpty ? "no runs" : list.joined(separator: ", "))."
      if let target {
        let goal = "the target of \(NumberText.percent(target))"
        text +=
          regime.firstBudget(reaching: target).map { budget in
            " It reaches \(goal) with \(NumberText.significant(budget.epochs, digits: 3)) epochs."
          } ?? " It does not reach \(goal)."
      }
      return text
    }
    return sentences.joined(separator: " ")
  }
}

public import Plotting

/// Loss and accuracy of several runs over epochs, the seeds of a run as their mean and spread, and the
/// learning rate and momentum that led to them.
public struct RunsFigure: Hashable, Sendable {
  /// Measurements over epochs.
  public struct Curve: Hashable, Sendable {
    /// Epochs at which something was measured, rising; not necessarily whole.
    public let epochs: [Double]
    /// What was measured.
    public let values: [Double]
    /// Epochs at which the training was resumed.
    public let breaks: [Double]

    /// Makes a curve.
    ///
    /// - Precondition: There is a value for every epoch.
    public init(epochs: [Double], values: [Double], breaks: [Double] = []) {
      precondition(epochs.count == values.count, "a curve has a value for every epoch")
      self.epochs = epochs
      self.values = values
      self.breaks = breaks
    }
  }

  /// A run with one curve of each kind for every seed.
  public struct Run: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The losses of every seed; empty for none.
    public let losses: [Curve]
    /// The accuracies of every seed, as shares of 1; empty for none.
    public let accuracies: [Curve]
    /// The loss of every single step for every seed, drawn pale behind the others; empty for none.
    public let stepLosses: [Curve]
    /// The learning rate of every step; nil for none.
    public let learningRate: Curve?
    /// The momentum of every step; nil for none.
    public let momentum: Curve?
    /// Other measures for the horizontal axis of an interactive figure, over epochs.
    public let progress: [Progress]

    /// Makes a run.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - losses: The losses of every seed.
    ///   - accuracies: The accuracies of every seed, as shares of 1.
    ///   - stepLosses: The loss of every single step for every seed.
    ///   - learningRate: The learning rate of every step.
    ///   - momentum: The momentum of every step.
    ///   - progress: Other measures for the horizontal axis of an interactive figure.
    public init(
      name: String, losses: [Curve] = [], accuracies: [Curve] = [], stepLosses: [Curve] = [],
      learningRate: Curve? = nil, momentum: Curve? = nil, progress: [Progress] = []
    ) {
      self.name = name
      self.losses = losses
      self.accuracies = accuracies
      self.stepLosses = stepLosses
      self.learningRate = learningRate
      self.momentum = momentum
      self.progress = progress
    }
  }

  /// What the shaded area around a mean shows.
  public enum Spread: String, Hashable, Sendable, Codable {
    /// From the lowest to the highest seed.
    case range
    /// The 95 % confidence interval of the mean.
    case interval
  }

  /// The heading.
  public let title: String
  /// A quieter line under the heading; nil for none.
  public let subtitle: String?
  /// What the losses are, for example "test loss".
  public let lossTitle: String
  /// The runs.
  public let runs: [Run]
  /// What the shaded area around a mean shows.
  public let spread: Spread
  /// An accuracy to mark, as a share of 1; nil for none.
  public let target: Double?

  /// Makes a figure.
  ///
  /// - Parameters:
  ///   - title: The heading.
  ///   - subtitle: A quieter line under the heading.
  ///   - lossTitle: What the losses are.
  ///   - runs: The runs.
  ///   - spread: What the shaded area around a mean shows.
  ///   - target: An accuracy to mark.
  public init(
    title: String, subtitle: String? = nil, lossTitle: String = "training loss", runs: [Run],
    spread: Spread = .range, target: Double? = nil
  ) {
    self.title = title
    self.subtitle = subtitle
    self.lossTitle = lossTitle
    self.runs = runs
    self.spread = spread
    self.target = target
  }

  /// The picture: a panel each of losses, accuracies, learning rates and momenta, as far as there
  /// are any.
  public var figure: Figure {
    var plots: [Plot] = []
    if runs.contains(where: { !$0.losses.isEmpty || !$0.stepLosses.isEmpty }) {
      let marks = stepMarks + marks(of: \.losses)
      plots.append(Plot(y: Axis(lossTitle, domain: lossDomain), marks: marks))
    }
    if runs.contains(where: { !$0.accuracies.isEmpty }) {
      var marks = marks(of: \.accuracies)
      if let target {
        marks.insert(RuleMark.horizontal(at: target, label: NumberText.percent(target)), at: 0)
      }
      plots.append(
        Plot(
          y: Axis("test accuracy", kind: .percent), marks: marks,
          allowsSmoothing: runs.contains { $0.accuracies.contains { $0.values.count > 100 } }))
    }
    plots += settings("learning rate", of: \.learningRate) + settings("momentum", of: \.momentum)
    return Figure(
      title: title, subtitle: subtitle, description: description,
      x: Axis("epoch", kind: .whole, includesZero: true), plots: plots,
      progress: runs.flatMap(\.progress))
  }

  // MARK: - Parts

  private func marks(of kind: KeyPath<Run, [Curve]>) -> [any Mark] {
    var bands: [any Mark] = []
    var lines: [any Mark] = []
    for (number, run) in runs.enumerated() where !run[keyPath: kind].isEmpty {
      let seeds = run[keyPath: kind]
      let summary = SeedSummary(seeds, spread: spread)
      let ink = Ink.series(number)
      if seeds.count > 1 {
        bands.append(
          BandMark(
            x: summary.epochs, lower: summary.lower, upper: summary.upper, ink: ink, run: run.name))
      }
      // Where seeds ran for different lengths a mean over the rest would jump; they stand alone.
      if seeds.contains(where: { $0.epochs != summary.epochs }) {
        bands += seeds.map {
          LineMark(
            x: $0.epochs, y: $0.values, ink: ink, weight: .faint, run: run.name, breaks: $0.breaks)
        }
      }
      // A mean goes on where one of its seeds did not.
      let breaks = seeds.count == 1 ? seeds[0].breaks : []
      lines.append(
        LineMark(
          x: summary.epochs, y: summary.mean, ink: ink, dash: .pattern(number), name: run.name,
          breaks: breaks))
    }
    return bands + lines
  }

  private var stepMarks: [any Mark] {
    runs.enumerated().flatMap { number, run in
      run.stepLosses.map {
        LineMark(
          x: $0.epochs, y: $0.values, ink: .series(number), weight: .faint, run: run.name,
          breaks: $0.breaks)
      }
    }
  }

  /// A low panel of what every run's plan set; none where no run says.
  private func settings(_ title: String, of kind: KeyPath<Run, Curve?>) -> [Plot] {
    let marks = runs.enumerated().compactMap { number, run in
      run[keyPath: kind].map { curve in
        // Plans often follow each other for a while: a pattern shows both.
        LineMark(
          x: curve.epochs, y: curve.values, ink: .series(number), dash: .pattern(number),
          name: runs.count > 1 ? run.name : nil, run: run.name, breaks: curve.breaks)
      }
    }
    guard !marks.isEmpty else { return [] }
    return [Plot(y: Axis(title), marks: marks, heightShare: 0.6, allowsSmoothing: false)]
  }

  /// Half as high again as the losses without their single steps; nil when steps stay below that.
  ///
  /// A run that diverges ends in losses of any size, which would press everything else flat.
  private var lossDomain: ClosedRange<Double>? {
    let steps = runs.flatMap(\.stepLosses)
    let all = steps.flatMap(\.values).filter(\.isFinite)
    let calm =
      runs.flatMap(\.losses).flatMap(\.values) + steps.compactMap { $0.values.first }
    guard let highest = all.max(), let lowest = all.min(),
      let limit = calm.filter(\.isFinite).max().map({ $0 + abs($0) / 2 }), highest > limit
    else { return nil }
    return min(lowest, 0)...max(limit, min(lowest, 0))
  }

  private var description: String {
    let sentences = runs.map { run in
      let seeds = max(run.losses.count, run.accuracies.count)
      let last = run.accuracies.compactMap(\.values.last)
      let epochs = (run.losses + run.accuracies).compactMap(\.epochs.last).max() ?? 0
      let length = NumberText.significant(epochs, digits: 3)
      let end =
        last.isEmpty
        ? "" : ", ends at \(NumberText.percent(last.reduce(0, +) / Double(last.count))) accuracy"
      return "\(run.name): \(length) epochs, \(seeds) \(seeds == 1 ? "seed" : "seeds")\(end)."
    }
    let area =
      spread == .range ? "from the lowest to the highest seed" : "the 95 % interval of the mean"
    let hasSeeds = runs.contains { max($0.losses.count, $0.accuracies.count) > 1 }
    return (sentences + (hasSeeds ? ["Shaded: \(area)."] : [])).joined(separator: " ")
  }
}

/// The mean and the spread of several seeds at the epochs that all of them measured.
struct SeedSummary: Hashable {
  let epochs: [Double]
  let mean: [Double]
  let lower: [Double]
  let upper: [Double]

  /// Summarises seeds; a value that is not finite makes the summary there not finite either, so
  /// that a diverged seed interrupts the line instead of vanishing from its mean.
  init(_ seeds: [RunsFigure.Curve], spread: RunsFigure.Spread) {
    let common = seeds.dropFirst().reduce(Set(seeds.first?.epochs ?? [])) {
      $0.intersection($1.epochs)
    }
    epochs = common.sorted()
    // An epoch that a seed lists twice counts with its last value.
    let values = seeds.map { seed in
      Dictionary(zip(seed.epochs, seed.values), uniquingKeysWith: { $1 })
    }
    var (means, lowers, uppers) = ([Double](), [Double](), [Double]())
    for epoch in epochs {
      let row = values.compactMap { $0[epoch] }
      let isFinite = row.allSatisfy(\.isFinite) && !row.isEmpty
      let sample = isFinite ? Sample(row) : nil
      let mean = sample?.mean ?? .nan
      means.append(mean)
      switch spread {
      case .range:
        lowers.append(isFinite ? row.min() ?? .nan : .nan)
        uppers.append(isFinite ? row.max() ?? .nan : .nan)
      case .interval:
        lowers.append(mean - (sample?.halfWidth ?? 0))
        uppers.append(mean + (sample?.halfWidth ?? 0))
      }
    }
    (mean, lower, upper) = (means, lowers, uppers)
  }
}

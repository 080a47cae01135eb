// PyTorch's scheduler that watches a metric.

extension ImportLibrary {
  private enum Mode: String, CaseIterable {
    case min, max
  }

  private enum ThresholdMode: String, CaseIterable {
    case rel, abs
  }

  /// The rate as it came down in a run whose metrics are known.
  ///
  /// The parameter `metrics` is ours: the metric after update 0, 1, …, each of which can change the
  /// rate of the next update at the earliest. Without it nothing was reported, and the rate stays.
  static let reduceLROnPlateau = ImportClass(
    "ReduceLROnPlateau",
    [
      "mode", "factor", "patience", "threshold", "threshold_mode", "cooldown", "min_lr", "eps",
      "metrics", "base_lr",
    ] + withoutEffect
  ) { (parameters) throws(ScheduleError) in
    let watch = try PlateauWatch(
      isBetter: improvement(parameters),
      patience: parameters.steps("patience", default: 10),
      cooldown: parameters.steps("cooldown", default: 0))
    let factor = try parameters.number("factor", default: 0.1, .fraction)
    let epsilon = try parameters.number("eps", default: 1e-8, .notNegative)
    let groups = try parameters.groups([
      ("base_lr", try parameters.numbers("base_lr", .notNegative)),
      ("min_lr", try parameters.numbers("min_lr", default: [0], .notNegative)),
    ])
    let metrics = parameters.has("metrics") ? try parameters.numbers("metrics") : []
    let reductions = watch.reductions(for: metrics)
    let plan = Plan.groups(groups) { group in
      var rates = [group[0]]
      var boundaries: [Span] = []
      for update in reductions {
        let rate = rates[rates.count - 1]
        let reduced = max(rate * factor, group[1])
        guard rate - reduced > epsilon else { continue }
        rates.append(reduced)
        boundaries.append(.steps(Double(update + 1)))
      }
      return [Scheduled(.learningRate, .piecewise(rates, at: boundaries))]
    }
    return ImportedPlan(plan, stepCount: metrics.isEmpty ? nil : metrics.count, continues: true)
  }

  private static func improvement(
    _ parameters: ImportParameters
  ) throws(ScheduleError) -> @Sendable (Double, Double) -> Bool {
    let threshold = try parameters.number("threshold", default: 1e-4, .notNegative)
    let mode = try parameters.word("mode", default: Mode.min)
    return switch (mode, try parameters.word("threshold_mode", default: ThresholdMode.rel)) {
    case (.min, .rel): { $0 < $1 * (1 - threshold) }
    case (.min, .abs): { $0 < $1 - threshold }
    case (.max, .rel): { $0 > $1 * (1 + threshold) }
    case (.max, .abs): { $0 > $1 + threshold }
    }
  }
}

/// Counts the metrics that are not better than the best.
private struct PlateauWatch {
  let isBetter: (_ metric: Double, _ best: Double) -> Bool
  let patience: Double
  let cooldown: Double

  /// The updates after which the rate comes down.
  func reductions(for metrics: [Double]) -> [Int] {
    var (best, bad, rest): (Double?, Double, Double) = (nil, 0, 0)
    var reductions: [Int] = []
    for (update, metric) in metrics.enumerated() {
      if best.map({ isBetter(metric, $0) }) ?? true {
        best = metric
        bad = 0
      } else {
        bad += 1
      }
      if rest > 0 {
        rest -= 1
        bad = 0
      }
      if bad > patience {
        reductions.append(update)
        rest = cooldown
        bad = 0
      }
    }
    return reductions
  }
}

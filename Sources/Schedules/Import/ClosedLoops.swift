// What the libraries' schedulers that watch a metric have in common.

extension ImportParameters {
  private enum Mode: String, CaseIterable {
    case min, max
  }

  private enum ThresholdMode: String, CaseIterable {
    case rel, abs
  }

  /// The parameters of every closed loop.
  ///
  /// `metrics` is ours: the metric after update 0, 1, …, each of which can change the rate of the next
  /// update at the earliest. Without it nothing was reported, and the rate stays.
  static let ofClosedLoops = [
    "mode", "factor", "patience", "threshold", "threshold_mode", "cooldown", "min_lr", "eps",
    "metrics", "base_lr",
  ]

  /// Which metrics are better.
  func goal() throws(ScheduleError) -> Controller.Goal {
    switch try word("mode", default: Mode.min) {
    case .min: .smaller
    case .max: .larger
    }
  }

  /// How much better they have to be.
  func threshold(
    default fallback: Double, isRelative: Bool
  ) throws(ScheduleError) -> Controller.Threshold {
    let value = try number("threshold", default: fallback, .notNegative)
    let mode = isRelative ? ThresholdMode.rel : .abs
    switch try word("threshold_mode", default: mode) {
    case .rel: return .relative(share: value)
    case .abs: return .absolute(difference: value)
    }
  }

  /// A number of metrics, from 0.
  func metricCount(_ name: String, default fallback: Int) throws(ScheduleError) -> Int {
    Int(try number(name, default: Double(fallback), .wholeLength))
  }

  /// The rates as they were in a run whose metrics are known, group by group.
  ///
  /// A controller multiplies a rate; the libraries' limits, which are rates themselves, are turned into
  /// scales.
  ///
  /// - Parameters:
  ///   - limits: Names and values of the limits of the rate, as `min_lr`.
  ///   - epsilon: The smallest change of a rate, `eps`.
  ///   - controller: The controller for the limits and the smallest change of one group, as scales.
  /// - Returns: The plan; the groups' rates change at the same updates, but not by as much.
  /// - Throws: `ScheduleError` where groups start over, but not together.
  func replayed(
    limits: [(name: String, values: [Double])], epsilon: Double,
    by controller: ([Double], _ smallestChange: Double) -> Controller
  ) throws(ScheduleError) -> ImportedPlan {
    let bases = try numbers("base_lr", .notNegative)
    let groups = try self.groups([("base_lr", bases)] + limits)
    let metrics = has("metrics") ? try numbers("metrics") : []
    var restarts: Set<[Int]> = []
    let plan = Plan.groups(groups) { group in
      // No factor changes a rate of 0, whatever the limits are.
      let unit = group[0] > 0 ? group[0] : 1
      let scales = group.dropFirst().map { min($0 / unit, .greatestFiniteMagnitude) }
      let own = controller(scales, epsilon / unit)
      let replay = own.replay(of: group[0], observing: metrics)
      restarts.insert(replay.restarts)
      return [Scheduled(.learningRate, replay.schedule)]
    }
    // A library starts over when all groups have come down; a controller knows of its own.
    guard restarts.count == 1 else {
      throw error(
        "reset_start", expected: "more reductions, as not all groups are at min_lr after as many,")
    }
    return ImportedPlan(plan, stepCount: metrics.isEmpty ? nil : metrics.count, continues: true)
  }
}

extension Controller {
  /// What becomes of a constant rate, and the updates after which everything began anew.
  fileprivate func replay(
    of base: Double, observing metrics: [Double]
  ) -> (schedule: Schedule, restarts: [Int]) {
    var controller = self
    var (rates, boundaries): ([Double], [Span]) = ([base], [])
    var restarts: [Int] = []
    for (update, metric) in metrics.enumerated() {
      let before = controller
      controller.observe(metric)
      if controller.scale != before.scale {
        rates.append(base * controller.scale)
        boundaries.append(.steps(Double(update + 1)))
      }
      if controller.restartCount != before.restartCount { restarts.append(update) }
    }
    return (.piecewise(rates, at: boundaries), restarts)
  }
}

// PyTorch's scheduler that watches a metric.

extension ImportLibrary {
  /// The rate as it came down in a run whose metrics are known.
  static let reduceLROnPlateau = plateau(named: "ReduceLROnPlateau")

  /// PyTorch's class, by its own name or by another library's.
  static func plateau(named name: String) -> ImportClass {
    ImportClass(name, ImportParameters.ofClosedLoops + withoutEffect) {
      (parameters) throws(ScheduleError) in
      let factor = try parameters.number("factor", default: 0.1, .momentum)
      let patience = try parameters.metricCount("patience", default: 10)
      let cooldown = try parameters.metricCount("cooldown", default: 0)
      let goal = try parameters.goal()
      let threshold = try parameters.threshold(default: 1e-4, isRelative: true)
      let floors = try parameters.numbers("min_lr", default: [0], .notNegative)
      return try parameters.replayed(
        limits: [("min_lr", floors)],
        epsilon: try parameters.number("eps", default: 1e-8, .notNegative)
      ) { limits, smallestChange in
        .plateau(
          factor: factor, patience: patience, cooldown: cooldown, goal: goal,
          threshold: threshold, floor: limits[0], smallestChange: smallestChange)
      }
    }
  }
}

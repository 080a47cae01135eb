// transformers' schedules that watch a metric.

extension ImportLibrary {
  static let transformersClosedLoops = [
    plateau(named: "get_reduce_on_plateau_schedule"), greedy(named: "GreedyLR"),
    greedy(named: "get_greedy_schedule"),
  ]

  /// The rate as it came down and up in a run whose metrics are known.
  private static func greedy(named name: String) -> ImportClass {
    ImportClass(
      name,
      ImportParameters.ofClosedLoops + [
        "warmup", "max_lr", "smooth", "window_size", "reset_start",
      ] + withoutEffect
    ) { (parameters) throws(ScheduleError) in
      let factor = try parameters.number("factor", default: 0.95, .openFraction)
      let patience = try parameters.metricCount("patience", default: 10)
      let cooldown = try parameters.metricCount("cooldown", default: 0)
      let warmup = try parameters.metricCount("warmup", default: 0)
      let goal = try parameters.goal()
      let threshold = try parameters.threshold(default: 1e-6, isRelative: false)
      let window = try parameters.count("window_size", default: 50)
      let isSmooth = try parameters.boolean("smooth", default: false)
      let restart = try parameters.count("reset_start", default: 500)
      let floors = try parameters.numbers("min_lr", default: [1e-3], .notNegative)
      let ceilings = try parameters.numbers("max_lr", default: [1], .notNegative)
      return try parameters.replayed(
        limits: [("min_lr", floors), ("max_lr", ceilings)],
        epsilon: try parameters.number("eps", default: 1e-8, .notNegative)
      ) { limits, smallestChange in
        .greedy(
          factor: factor, patience: patience, cooldown: cooldown, warmup: warmup, goal: goal,
          threshold: threshold, within: limits[0]...max(limits[0], limits[1]),
          averaging: isSmooth ? window : 1, restartingAfter: restart,
          smallestChange: smallestChange)
      }
    }
  }
}

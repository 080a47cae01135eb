// PyTorch-Ignite's schedulers (`ignite.handlers.param_scheduler`, 0.5).

extension ImportLibrary {
  /// Ignite, by the names of its classes; values as `simulate_values` lists them.
  static let ignite = ImportLibrary(
    name: "ignite",
    classes: [
      cyclical("LinearCyclicalScheduler") { start, end, length in
        Schedule {
          Ramp(from: start, to: end, over: .steps(length / 2))
          Ramp(from: end, to: start, over: .steps(length / 2))
        }
      },
      cyclical("CosineAnnealingScheduler") { start, end, length in
        .cosine(from: start, to: end, over: .steps(length))
      },
      piecewiseLinear, concatScheduler,
    ])

  private static let withoutValues = [
    "optimizer", "param_name", "save_history", "param_group_index",
  ]

  /// Cycles whose two values are multiplied by factors of their own.
  private static func cyclical(
    _ name: String,
    _ cycle: @escaping @Sendable (_ start: Double, _ end: Double, _ length: Double) -> Schedule
  ) -> ImportClass {
    ImportClass(
      name,
      [
        "start_value", "end_value", "cycle_size", "cycle_mult", "start_value_mult",
        "end_value_mult",
      ] + withoutValues
    ) { (parameters) throws(ScheduleError) in
      let start = try parameters.number("start_value")
      let end = try parameters.number("end_value")
      let length = Double(try parameters.count("cycle_size"))
      let stretch = try parameters.number("cycle_mult", default: 1, .positive)
      let startFactor = try parameters.number("start_value_mult", default: 1, .notNegative)
      let endFactor = try parameters.number("end_value_mult", default: 1, .notNegative)
      func cycles(_ start: Double, _ end: Double, _ factor: Double) -> Schedule {
        cycle(start, end, length)
          .repeated(stretchingBy: stretch, decayingBy: factor, of: .values)
      }
      let rate: Schedule
      if startFactor == endFactor || end == 0 {
        rate = cycles(start, end, startFactor)
      } else if start == 0 {
        rate = cycles(start, end, endFactor)
      } else {
        // The two values' shares, each decaying for itself.
        rate = cycles(start, 0, startFactor) + cycles(0, end, endFactor)
      }
      return ImportedPlan(.learningRate(rate))
    }
  }

  /// Straight lines between milestones; of two at the same event the later one has it.
  private static let piecewiseLinear = ImportClass(
    "PiecewiseLinear", ["milestones_values"] + withoutValues
  ) { (parameters) throws(ScheduleError) in
    let expected = "a list of pairs of an ascending event and a value, [[0, 0.1], …],"
    guard case .array(let elements)? = parameters["milestones_values"], !elements.isEmpty else {
      throw parameters.error("milestones_values", expected: expected)
    }
    var phases: [Schedule] = []
    var (time, value) = (0.0, 0.0)
    for element in elements {
      guard case .array(let pair) = element, pair.count == 2, case .number(let next) = pair[0],
        case .number(let target) = pair[1], next >= time, next <= 1e12
      else { throw parameters.error("milestones_values", expected: expected) }
      phases.append(
        phases.isEmpty
          ? Hold(target, for: .steps(next)).schedule
          : .linear(from: value, to: target, over: .steps(next - time)))
      (time, value) = (next, target)
    }
    return ImportedPlan(.learningRate(.sequence(phases + [Hold(value).schedule])))
  }

  /// Schedulers one after the other, each but the last for its duration.
  private static let concatScheduler = ImportClass(
    "ConcatScheduler", ["schedulers", "durations"] + withoutValues
  ) { (parameters) throws(ScheduleError) in
    var parts: [ImportedPlan] = []
    for part in try parameters.parts("schedulers") { parts.append(try part.imported()) }
    var starts: [Double] = []
    if parts.count > 1 {
      for duration in try parameters.numbers("durations", .length) {
        starts.append((starts.last ?? 0) + duration)
      }
    }
    guard let joined = ImportedPlan.joined(parts, at: starts) else {
      throw parameters.error(
        "durations",
        expected: "a number for each of the \(parts.count) schedulers but the last")
    }
    return joined
  }
}

// Hugging Face transformers' schedules (`transformers.optimization`, 5.23).

extension ImportLibrary {
  /// transformers, by the names of its functions; the optimiser's rate is the parameter `base_lr`.
  static let transformers = ImportLibrary(
    name: "transformers",
    classes: [
      rateClass("get_constant_schedule", []) { (_, base) in .constant(base) },
      rateClass("get_constant_schedule_with_warmup", ["num_warmup_steps"]) {
        (parameters, base) throws(ScheduleError) in
        .sequence([try warmup(parameters, to: base), Hold(base).schedule])
      },
      rateClass(
        "get_linear_schedule_with_warmup", ["num_warmup_steps", "num_training_steps"]
      ) { (parameters, base) throws(ScheduleError) in
        let total = Double(try parameters.count("num_training_steps"))
        let length = max(0, total - (try parameters.steps("num_warmup_steps")))
        return .sequence([
          try warmup(parameters, to: base), .linear(from: base, to: 0, over: .steps(length)),
          Hold(0).schedule,
        ])
      },
      rateClass(
        "get_cosine_schedule_with_warmup",
        ["num_warmup_steps", "num_training_steps", "num_cycles"]
      ) { (parameters, base) throws(ScheduleError) in
        .sequence([try warmup(parameters, to: base), try wave(parameters, from: base, to: 0)])
      },
      rateClass(
        "get_cosine_with_hard_restarts_schedule_with_warmup",
        ["num_warmup_steps", "num_training_steps", "num_cycles"]
      ) { (parameters, base) throws(ScheduleError) in
        let length = try trainingSteps(parameters)
        let cycles = try parameters.number("num_cycles", default: 1, .positive)
        let cosines = Schedule.cosine(from: base, over: .steps(length / cycles)).repeated()
        return .sequence([
          try warmup(parameters, to: base), cosines.lasting(length), Hold(0).schedule,
        ])
      },
      rateClass(
        "get_polynomial_decay_schedule_with_warmup",
        ["num_warmup_steps", "num_training_steps", "lr_end", "power"]
      ) { (parameters, base) throws(ScheduleError) in
        let end = try parameters.number("lr_end", default: 1e-7, .notNegative)
        guard base > end else {
          throw parameters.error("lr_end", expected: "less than base_lr")
        }
        let power = try parameters.number("power", default: 1, .positive)
        return .sequence([
          try warmup(parameters, to: base),
          .polynomial(
            from: base, to: end, power: power, over: .steps(try trainingSteps(parameters))),
        ])
      },
      rateClass("get_inverse_sqrt_schedule", ["num_warmup_steps", "timescale"]) {
        (parameters, base) throws(ScheduleError) in
        let length = try parameters.steps("num_warmup_steps")
        let timescale = try parameters.number(
          "timescale", default: length > 0 ? length : 10_000, .positive)
        let decay = Schedule.inverseTime(from: base, power: 0.5, every: .steps(timescale))
        return .sequence([try warmup(parameters, to: base), decay])
      },
      rateClass("get_cosine_with_min_lr_schedule_with_warmup", minimumParameters) {
        (parameters, base) throws(ScheduleError) in
        let minimum = try minimumRate(parameters, base)
        return .sequence([
          try warmup(parameters, to: base), try wave(parameters, from: base, to: minimum),
        ])
      },
      rateClass(
        "get_cosine_with_min_lr_schedule_with_warmup_lr_rate",
        minimumParameters + ["warmup_lr_rate"]
      ) { (parameters, base) throws(ScheduleError) in
        // This one counts from 1: the warm-up and all after it come one update earlier.
        let length = try parameters.steps("num_warmup_steps")
        let first = try parameters.number(
          "warmup_lr_rate", default: 1 / max(1, length), .fraction)
        let ramp = Ramp(from: base * first, to: base, over: .steps(max(0, length - 1)))
        let minimum = try minimumRate(parameters, base)
        return .sequence([ramp.schedule, try wave(parameters, from: base, to: minimum)])
      },
      warmupStableDecaySchedule,
    ] + transformersClosedLoops)

  private static func rateClass(
    _ name: String, _ own: [String],
    _ schedule: @escaping @Sendable (ImportParameters, Double) throws(ScheduleError) -> Schedule
  ) -> ImportClass {
    ImportClass(name, own + ["base_lr", "optimizer", "last_epoch"]) {
      (parameters) throws(ScheduleError) in
      let rate = try schedule(parameters, try parameters.number("base_lr", .notNegative))
      let steps =
        parameters.has("num_training_steps") ? try parameters.count("num_training_steps") : nil
      return ImportedPlan(.learningRate(rate), stepCount: steps, continues: true)
    }
  }

  // MARK: - Parts

  private static func warmup(
    _ parameters: ImportParameters, to base: Double
  ) throws(ScheduleError) -> Schedule {
    .linear(from: 0, to: base, over: .steps(try parameters.steps("num_warmup_steps")))
  }

  /// The updates after the warm-up, at least one.
  private static func trainingSteps(
    _ parameters: ImportParameters
  ) throws(ScheduleError) -> Double {
    let total = Double(try parameters.count("num_training_steps"))
    return max(1, total - (try parameters.steps("num_warmup_steps")))
  }

  /// Cosines down and up again, of which a run sees `num_cycles` whole ones; they go on after it.
  private static func wave(
    _ parameters: ImportParameters, from base: Double, to minimum: Double
  ) throws(ScheduleError) -> Schedule {
    let cycles = try parameters.number("num_cycles", default: 0.5, .positive)
    let half = Span.steps(try trainingSteps(parameters) / (2 * cycles))
    return Schedule {
      Ramp(from: base, to: minimum, over: half, curve: .cosine)
      Ramp(from: minimum, to: base, over: half, curve: .cosine)
    }.repeated()
  }

  private static let minimumParameters = [
    "num_warmup_steps", "num_training_steps", "num_cycles", "min_lr", "min_lr_rate",
  ]

  private static func minimumRate(
    _ parameters: ImportParameters, _ base: Double
  ) throws(ScheduleError) -> Double {
    switch (parameters.has("min_lr"), parameters.has("min_lr_rate")) {
    case (true, false): try parameters.number("min_lr", .notNegative)
    case (false, true): base * (try parameters.number("min_lr_rate", .fraction))
    default: throw parameters.error("min_lr", expected: "a number, or one for min_lr_rate,")
    }
  }

  // MARK: - Warm-up, plateau, decay

  private enum Shape: String, CaseIterable {
    case linear, cosine
    case oneMinusRoot = "1-sqrt"
  }

  private static let warmupStableDecaySchedule = ImportClass(
    "get_wsd_schedule",
    [
      "num_warmup_steps", "num_decay_steps", "num_training_steps", "num_stable_steps",
      "warmup_type", "decay_type", "min_lr_ratio", "num_cycles", "base_lr", "optimizer",
      "last_epoch",
    ]
  ) { (parameters) throws(ScheduleError) in
    let base = try parameters.number("base_lr", .notNegative)
    let warmup = try parameters.steps("num_warmup_steps")
    let decay = try parameters.steps("num_decay_steps")
    let stable: Double
    if parameters.has("num_stable_steps") {
      stable = try parameters.steps("num_stable_steps")
    } else {
      let total = try parameters.steps("num_training_steps")
      stable = total - warmup - decay
      guard stable >= 0 else {
        throw parameters.error(
          "num_training_steps", expected: "at least num_warmup_steps and num_decay_steps")
      }
    }
    let minimum = base * (try parameters.number("min_lr_ratio", default: 0, .fraction))
    let up: Curve =
      switch try parameters.word("warmup_type", default: Shape.linear) {
      case .linear: .linear
      case .cosine: .cosine
      // The cooldown's shape backwards: 1 − √(1 − u).
      case .oneMinusRoot: .polynomial(power: 0.5)
      }
    let plan = Plan.learningRate(
      .sequence([
        Ramp(from: minimum, to: base, over: .steps(warmup), curve: up).schedule,
        Hold(base, for: .steps(stable)).schedule,
        try descent(parameters, from: base, to: minimum, over: decay),
        Hold(minimum).schedule,
      ]))
    return ImportedPlan(
      plan, stepCount: max(1, Int(min(warmup + stable + decay, 1e12))), continues: true)
  }

  private static func descent(
    _ parameters: ImportParameters, from base: Double, to minimum: Double, over length: Double
  ) throws(ScheduleError) -> Schedule {
    switch try parameters.word("decay_type", default: Shape.linear) {
    case .linear: return .linear(from: base, to: minimum, over: .steps(length))
    case .oneMinusRoot:
      return Ramp(from: base, to: minimum, over: .steps(length), curve: .oneMinusRoot).schedule
    case .cosine:
      let cycles = try parameters.number("num_cycles", default: 0.5, .positive)
      let half = Span.steps(length / (2 * cycles))
      if cycles == 0.5 { return .cosine(from: base, to: minimum, over: half) }
      let wave = Schedule {
        Ramp(from: base, to: minimum, over: half, curve: .cosine)
        Ramp(from: minimum, to: base, over: half, curve: .cosine)
      }
      return wave.repeated().limited(to: .steps(length))
    }
  }
}

// MosaicML Composer's schedulers (`composer.optim.scheduler`, 0.32): multipliers of the rate.

extension ImportLibrary {
  /// Composer, by the names of its classes.
  ///
  /// `max_duration`, `batches_per_epoch` and `scale_schedule_ratio` are the trainer's. The values
  /// are multipliers, as Composer's are, unless `base_lr` says of what.
  static let composer = ImportLibrary(
    name: "composer",
    classes: [
      rateClass("ConstantScheduler", ["alpha", "t_max"]) { (run) throws(ScheduleError) in
        .constant(try run.parameters.number("alpha", default: 1, .notNegative))
      },
      rateClass("StepScheduler", ["step_size", "gamma"]) { (run) throws(ScheduleError) in
        let gamma = try run.parameters.number("gamma", default: 0.1, .notNegative)
        let every = Span.steps(try run.time("step_size"))
        return .step(from: 1, every: every, decayingBy: gamma)
      },
      rateClass("MultiStepScheduler", ["milestones", "gamma"]) { (run) throws(ScheduleError) in
        .multiStep(
          from: 1, at: try run.times("milestones").map(Span.steps),
          decayingBy: try run.parameters.number("gamma", default: 0.1, .notNegative))
      },
      rateClass("LinearScheduler", ["alpha_i", "alpha_f", "t_max"]) {
        (run) throws(ScheduleError) in
        try run.annealed(.linear)
      },
      rateClass("CosineAnnealingScheduler", ["t_max", "alpha_f"]) { (run) throws(ScheduleError) in
        try run.annealed(.cosine)
      },
      rateClass("PolynomialScheduler", ["power", "t_max", "alpha_f"]) {
        (run) throws(ScheduleError) in
        try run.annealed(.polynomial(power: try run.parameters.number("power", .positive)))
      },
      warmedUpClass("ConstantWithWarmupScheduler", ["alpha", "t_max"]) {
        (run) throws(ScheduleError) in
        .constant(try run.parameters.number("alpha", default: 1, .notNegative))
      },
      warmedUpClass("LinearWithWarmupScheduler", ["alpha_i", "alpha_f", "t_max"]) {
        (run) throws(ScheduleError) in
        try run.annealed(.linear)
      },
      warmedUpClass("CosineAnnealingWithWarmupScheduler", ["t_max", "alpha_f"]) {
        (run) throws(ScheduleError) in
        try run.annealed(.cosine)
      },
      warmedUpClass("PolynomialWithWarmupScheduler", ["power", "t_max", "alpha_f"]) {
        (run) throws(ScheduleError) in
        let power = try run.parameters.number("power", default: 2, .positive)
        return try run.annealed(.polynomial(power: power))
      },
    ])

  private static func rateClass(
    _ name: String, _ own: [String],
    _ schedule: @escaping @Sendable (ComposerRun) throws(ScheduleError) -> Schedule
  ) -> ImportClass {
    let trainer = ["max_duration", "batches_per_epoch", "scale_schedule_ratio", "base_lr"]
    return ImportClass(name, own + trainer) { (parameters) throws(ScheduleError) in
      let run = try ComposerRun(parameters)
      let base = try parameters.number("base_lr", default: 1, .notNegative)
      let rate = try schedule(run).scaled(by: base)
      return ImportedPlan(
        .learningRate(rate), stepCount: run.duration.map { max(1, Int($0)) }, continues: true,
        stepsPerEpoch: run.perEpoch)
    }
  }

  private static func warmedUpClass(
    _ name: String, _ own: [String],
    _ schedule: @escaping @Sendable (ComposerRun) throws(ScheduleError) -> Schedule
  ) -> ImportClass {
    rateClass(name, own + ["t_warmup", "scale_warmup"]) { (run) throws(ScheduleError) in
      var run = run
      let isScaled = try run.parameters.boolean("scale_warmup", default: false)
      run.warmup = try run.time("t_warmup", isScaled: isScaled)
      let main = try schedule(run)
      return .sequence([.linear(from: 0, to: main.firstValue, over: .steps(run.warmup)), main])
    }
  }
}

/// The run that a Composer schedule is meant for; its times are text, such as `10ep`, `200ba`, `0.5dur`.
private struct ComposerRun {
  let parameters: ImportParameters
  let perEpoch: Double?
  /// Shrinks or stretches all times.
  let ratio: Double
  /// The length of the run in updates, before it is shrunk or stretched.
  private(set) var duration: Double?
  /// The updates before the schedule proper.
  var warmup = 0.0

  init(_ parameters: ImportParameters) throws(ScheduleError) {
    self.parameters = parameters
    perEpoch =
      parameters.has("batches_per_epoch")
      ? Double(try parameters.count("batches_per_epoch")) : nil
    ratio = try parameters.number("scale_schedule_ratio", default: 1, .positive)
    if parameters.has("max_duration") {
      duration = try steps(parameters["max_duration"], "max_duration")
    }
  }

  func time(
    _ name: String, default fallback: String? = nil, isScaled: Bool = true
  ) throws(ScheduleError) -> Double {
    let value = parameters[name] ?? fallback.map { .string($0) }
    return (try steps(value, name) * (isScaled ? ratio : 1)).rounded(.towardZero)
  }

  func times(_ name: String) throws(ScheduleError) -> [Double] {
    guard case .array(let values)? = parameters[name] else { return [try time(name)] }
    var times: [Double] = []
    for value in values {
      times.append((try steps(value, name) * ratio).rounded(.towardZero))
    }
    return times.sorted()
  }

  /// A curve between the two multipliers over what the warm-up leaves of `t_max`.
  func annealed(_ curve: Curve) throws(ScheduleError) -> Schedule {
    let start = try parameters.number("alpha_i", default: 1, .notNegative)
    let end = try parameters.number("alpha_f", default: 0, .notNegative)
    let length = try time("t_max", default: "1dur") - warmup
    guard length > 0 else {
      throw parameters.error("t_max", expected: "a time after the warm-up")
    }
    return Ramp(from: start, to: end, over: .steps(length), curve: curve).schedule
  }

  private func steps(_ value: JSONValue?, _ name: String) throws(ScheduleError) -> Double {
    let expected = "a time such as \"10ep\", \"200ba\" or \"0.5dur\""
    switch value {
    case .number(let steps)? where steps >= 0 && steps <= 1e12: return steps
    case .string(let text)?:
      let unit = text.drop { $0.isNumber || $0 == "." }
      guard let amount = Double(text.dropLast(unit.count)), amount >= 0, amount <= 1e12 else {
        break
      }
      switch unit {
      case "ba": return amount
      case "ep":
        if let perEpoch { return amount * perEpoch }
        throw parameters.error("batches_per_epoch", expected: "a whole number of at least 1")
      case "dur":
        if let duration { return amount * duration }
        throw parameters.error("max_duration", expected: expected)
      default: break
      }
    default: break
    }
    throw parameters.error(name, expected: expected)
  }
}

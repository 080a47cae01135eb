// optax's schedules (`optax.schedules`, 0.2.8).

extension ImportLibrary {
  /// optax, by the names of its functions.
  static let optax = ImportLibrary(
    name: "optax",
    classes: [
      rateClass("constant_schedule", ["value"]) { (parameters) throws(ScheduleError) in
        .constant(try parameters.number("value"))
      },
      rateClass(
        "polynomial_schedule",
        ["init_value", "end_value", "power", "transition_steps", "transition_begin"]
      ) { (parameters) throws(ScheduleError) in
        try polynomial(parameters, power: try parameters.number("power", .positive))
      },
      rateClass(
        "linear_schedule", ["init_value", "end_value", "transition_steps", "transition_begin"]
      ) { (parameters) throws(ScheduleError) in try polynomial(parameters, power: 1) },
      rateClass("piecewise_constant_schedule", ["init_value", "boundaries_and_scales"]) {
        (parameters) throws(ScheduleError) in
        var values = [try parameters.number("init_value")]
        let boundaries = try parameters.numbersByStep("boundaries_and_scales")
        for boundary in boundaries { values.append(values[values.count - 1] * boundary.value) }
        return .piecewise(values, at: boundaries.map { .steps($0.step) })
      },
      rateClass(
        "exponential_decay",
        [
          "init_value", "transition_steps", "decay_rate", "transition_begin", "staircase",
          "end_value",
        ]
      ) { (parameters) throws(ScheduleError) in
        try exponentialDecay(parameters, from: try parameters.number("init_value"))
      },
      rateClass("cosine_decay_schedule", ["init_value", "decay_steps", "alpha", "exponent"]) {
        (parameters) throws(ScheduleError) in
        let start = try parameters.number("init_value")
        let end = start * (try parameters.number("alpha", default: 0))
        return try cosine(
          parameters, from: start, to: end, over: try parameters.number("decay_steps", .positive))
      },
      rateClass(
        "piecewise_interpolate_schedule",
        ["interpolate_type", "init_value", "boundaries_and_scales"]
      ) { (parameters) throws(ScheduleError) in
        let boundaries = try parameters.numbersByStep("boundaries_and_scales")
        let curve = try parameters.word("interpolate_type", default: Interpolation.linear).curve
        return interpolated(try parameters.number("init_value"), boundaries, curve)
      },
      rateClass(
        "linear_onecycle_schedule",
        [
          "transition_steps", "peak_value", "pct_start", "pct_final", "div_factor",
          "final_div_factor",
        ]
      ) { (parameters) throws(ScheduleError) in
        let (divisor, last) = try divisors(parameters)
        return try oneCycle(
          parameters, divisor,
          scales: [
            (try parameters.number("pct_start", default: 0.3, .fraction), divisor),
            (try parameters.number("pct_final", default: 0.85, .fraction), 1 / divisor),
            (1, 1 / last),
          ], curve: .linear)
      },
      rateClass(
        "cosine_onecycle_schedule",
        ["transition_steps", "peak_value", "pct_start", "div_factor", "final_div_factor"]
      ) { (parameters) throws(ScheduleError) in
        let (divisor, last) = try divisors(parameters)
        return try oneCycle(
          parameters, divisor,
          scales: [
            (try parameters.number("pct_start", default: 0.3, .fraction), divisor),
            (1, 1 / (divisor * last)),
          ], curve: .cosine)
      },
      rateClass("warmup_constant_schedule", ["init_value", "peak_value", "warmup_steps"]) {
        (parameters) throws(ScheduleError) in
        try warmup(parameters)
      },
      rateClass("warmup_cosine_decay_schedule", warmupCosineParameters) {
        (parameters) throws(ScheduleError) in try warmupCosine(parameters)
      },
      rateClass(
        "warmup_exponential_decay_schedule",
        [
          "init_value", "peak_value", "warmup_steps", "transition_steps", "decay_rate",
          "transition_begin", "staircase", "end_value",
        ]
      ) { (parameters) throws(ScheduleError) in
        let decay = try exponentialDecay(parameters, from: try parameters.number("peak_value"))
        return .sequence([try warmup(parameters), decay])
      },
      joinSchedules, sgdrSchedule,
    ])

  private static func rateClass(
    _ name: String, _ parameters: [String],
    _ schedule: @escaping @Sendable (ImportParameters) throws(ScheduleError) -> Schedule
  ) -> ImportClass {
    ImportClass(name, parameters) { (parameters) throws(ScheduleError) in
      ImportedPlan(.learningRate(try schedule(parameters)))
    }
  }

  // MARK: - Shapes

  private static func polynomial(
    _ parameters: ImportParameters, power: Double
  ) throws(ScheduleError) -> Schedule {
    let (start, end) = (
      try parameters.number("init_value"), try parameters.number("end_value")
    )
    let length = try parameters.number("transition_steps")
    // optax has a constant for what is no transition.
    guard length > 0 else { return .constant(start) }
    let begin = try parameters.steps("transition_begin", default: 0)
    let ramp = Schedule.polynomial(from: start, to: end, power: power, over: .steps(length))
    return begin > 0 ? ramp.delayed(by: .steps(begin)) : ramp
  }

  private static func exponentialDecay(
    _ parameters: ImportParameters, from start: Double
  ) throws(ScheduleError) -> Schedule {
    let every = try parameters.number("transition_steps")
    let rate = try parameters.number("decay_rate", .notNegative)
    guard every > 0, rate > 0, start != 0 else { return .constant(start) }
    let isStaircase = try parameters.boolean("staircase", default: false)
    var decay =
      isStaircase
      ? Schedule.step(from: start, every: .steps(every), decayingBy: rate)
      : .exponential(from: start, decayingBy: rate, every: .steps(every))
    let begin = try parameters.steps("transition_begin", default: 0)
    if begin > 0 { decay = decay.delayed(by: .steps(begin)) }
    guard parameters.has("end_value") else { return decay }
    let end = try parameters.number("end_value")
    return decay.clamped(to: rate < 1 ? end...max(start, end) : min(start, end)...end)
  }

  private static func cosine(
    _ parameters: ImportParameters, from start: Double, to end: Double, over length: Double
  ) throws(ScheduleError) -> Schedule {
    let exponent = try parameters.number("exponent", default: 1, .positive)
    return Ramp(from: start, to: end, over: .steps(length), curve: .cosine(exponent: exponent))
      .schedule
  }

  private enum Interpolation: String, CaseIterable {
    case linear, cosine

    var curve: Curve { self == .linear ? .linear : .cosine }
  }

  /// Ramps between values, each the one before times a scale.
  private static func interpolated(
    _ start: Double, _ boundaries: [(step: Double, value: Double)], _ curve: Curve
  ) -> Schedule {
    var (value, previous) = (start, 0.0)
    var ramps: [Schedule] = []
    for (step, scale) in boundaries {
      let next = value * scale
      let ramp = Ramp(from: value, to: next, over: .steps(step - previous), curve: curve)
      ramps.append(ramp.schedule)
      (value, previous) = (next, step)
    }
    return ramps.isEmpty ? .constant(start) : .sequence(ramps)
  }

  // MARK: - 1cycle

  private static func divisors(
    _ parameters: ImportParameters
  ) throws(ScheduleError) -> (first: Double, last: Double) {
    (
      try parameters.number("div_factor", default: 25, .positive),
      try parameters.number("final_div_factor", default: 1e4, .positive)
    )
  }

  /// optax cuts its phases to whole steps and keeps them by these: of two that begin at the same
  /// step only the later one is left, and its scale applies to the value before both.
  private static func oneCycle(
    _ parameters: ImportParameters, _ divisor: Double, scales: [(share: Double, scale: Double)],
    curve: Curve
  ) throws(ScheduleError) -> Schedule {
    let total = Double(try parameters.count("transition_steps"))
    let peak = try parameters.number("peak_value")
    let byStep = Dictionary(scales.map { (($0.share * total).rounded(.towardZero), $0.scale) }) {
      $1
    }
    let boundaries = byStep.sorted { $0.key < $1.key }.map { (step: $0.key, value: $0.value) }
    return interpolated(peak / divisor, boundaries, curve)
  }

  // MARK: - Warm-up, and schedules of schedules

  private static let warmupCosineParameters = [
    "init_value", "peak_value", "warmup_steps", "decay_steps", "end_value", "exponent",
  ]

  private static func warmup(_ parameters: ImportParameters) throws(ScheduleError) -> Schedule {
    .linear(
      from: try parameters.number("init_value"), to: try parameters.number("peak_value"),
      over: .steps(try parameters.steps("warmup_steps")))
  }

  /// `decay_steps` counts the warm-up in.
  private static func warmupCosine(
    _ parameters: ImportParameters
  ) throws(ScheduleError) -> Schedule {
    let peak = try parameters.number("peak_value")
    let steps = try parameters.steps("warmup_steps")
    let total = try parameters.number("decay_steps", .positive)
    guard total > steps else {
      throw parameters.error("decay_steps", expected: "more steps than warmup_steps")
    }
    // optax states the end as a share of the peak, and there is none of nothing.
    let end = peak == 0 ? 0 : try parameters.number("end_value", default: 0)
    let decay = try cosine(parameters, from: peak, to: end, over: total - steps)
    return .sequence([try warmup(parameters), decay])
  }

  /// Schedules one after the other, each from its own beginning.
  private static let joinSchedules = ImportClass(
    "join_schedules", ["schedules", "boundaries"]
  ) { (parameters) throws(ScheduleError) in
    var parts: [ImportedPlan] = []
    for part in try parameters.parts("schedules") { parts.append(try part.imported()) }
    let boundaries = parts.count == 1 ? [] : try parameters.numbers("boundaries", .length)
    guard let joined = ImportedPlan.joined(parts, at: boundaries) else {
      throw parameters.error(
        "boundaries",
        expected: "an ascending number for each of the \(parts.count) schedules but the first")
    }
    return joined
  }

  /// Cosines with warm-ups one after the other, by the parameters of each.
  private static let sgdrSchedule = ImportClass("sgdr_schedule", ["cosine_kwargs"]) {
    (parameters) throws(ScheduleError) in
    guard case .array(let elements)? = parameters["cosine_kwargs"], !elements.isEmpty else {
      throw parameters.error(
        "cosine_kwargs", expected: "a list of parameters of warmup_cosine_decay_schedule")
    }
    var (parts, starts, time): ([ImportedPlan], [Double], Double) = ([], [], 0)
    let known = ImportClass("sgdr_schedule", warmupCosineParameters) {
      (parameters) throws(ScheduleError) in
      ImportedPlan(.learningRate(try warmupCosine(parameters)))
    }
    for element in elements {
      guard case .object(let values) = element else {
        throw parameters.error("cosine_kwargs", expected: "a list of objects")
      }
      let cycle = try ImportParameters(values, of: known, in: parameters.library)
      parts.append(try known.translate(cycle))
      time += try cycle.number("decay_steps", .positive)
      starts.append(time)
    }
    guard let joined = ImportedPlan.joined(parts, at: Array(starts.dropLast())) else {
      throw parameters.error("cosine_kwargs", expected: "cycles of the learning rate")
    }
    return joined
  }
}

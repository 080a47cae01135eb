// Laws from papers and from Caffe, by the papers' names for their parameters.

extension ImportLibrary {
  /// Published laws that are in no library of Python's, or in none in this form.
  static let formula = ImportLibrary(
    name: "formula",
    classes: [
      runClass("REX", []) { (_, peak) in Ramp(from: peak, to: 0, curve: .rex).schedule },
      runClass("LinearToZero", ["warmup"]) { (parameters, peak) throws(ScheduleError) in
        .linearToZero(peak: peak, warmup: .steps(try parameters.steps("warmup", default: 0)))
      },
      runClass("WSD.1-sqrt", ["warmup", "decay_steps"]) {
        (parameters, peak) throws(ScheduleError) in
        .warmupStableDecay(
          peak: peak, warmup: .steps(try parameters.steps("warmup", default: 0)),
          decay: .steps(try parameters.steps("decay_steps")))
      },
      runClass("Knee", ["warmup", "explore"]) { (parameters, peak) throws(ScheduleError) in
        .knee(
          peak: peak, warmup: .steps(try parameters.steps("warmup", default: 0)),
          explore: .steps(try parameters.steps("explore")))
      },
      power, noam, decayingRestarts, smithOneCycle,
      rateClass("Caffe.fixed", ["base_lr"]) { (parameters) throws(ScheduleError) in
        .constant(try parameters.number("base_lr", .notNegative))
      },
      rateClass("Caffe.step", ["base_lr", "gamma", "stepsize"]) {
        (parameters) throws(ScheduleError) in
        .step(
          from: try parameters.number("base_lr", .notNegative),
          every: .steps(try parameters.number("stepsize", .positive)),
          decayingBy: try parameters.number("gamma", .notNegative))
      },
      rateClass("Caffe.multistep", ["base_lr", "gamma", "stepvalue"]) {
        (parameters) throws(ScheduleError) in
        .multiStep(
          from: try parameters.number("base_lr", .notNegative),
          at: try parameters.numbers("stepvalue", .length).sorted().map(Span.steps),
          decayingBy: try parameters.number("gamma", .notNegative))
      },
      rateClass("Caffe.exp", ["base_lr", "gamma"]) { (parameters) throws(ScheduleError) in
        .exponential(
          from: try parameters.number("base_lr", .positive),
          decayingBy: try parameters.number("gamma", .positive), every: 1.step)
      },
      rateClass("Caffe.inv", ["base_lr", "gamma", "power"]) { (parameters) throws(ScheduleError) in
        .inverseTime(
          from: try parameters.number("base_lr", .notNegative),
          power: try parameters.number("power", .positive),
          every: .steps(1 / (try parameters.number("gamma", .positive))))
      },
      rateClass("Caffe.poly", ["base_lr", "power", "max_iter"]) {
        (parameters) throws(ScheduleError) in
        .polynomial(
          from: try parameters.number("base_lr", .notNegative),
          power: try parameters.number("power", .positive),
          over: .steps(Double(try parameters.count("max_iter"))))
      },
      rateClass("Caffe.triangular", ["base_lr", "max_lr", "stepsize"]) {
        (parameters) throws(ScheduleError) in
        .triangular(
          base: try parameters.number("base_lr", .notNegative),
          peak: try parameters.number("max_lr", .notNegative),
          halfCycle: .steps(try parameters.number("stepsize", .positive)))
      },
      rateClass("Caffe.triangular2", ["base_lr", "max_lr", "stepsize"]) {
        (parameters) throws(ScheduleError) in
        .triangular2(
          base: try parameters.number("base_lr", .notNegative),
          peak: try parameters.number("max_lr", .notNegative),
          halfCycle: .steps(try parameters.number("stepsize", .positive)))
      },
    ])

  private static func rateClass(
    _ name: String, _ own: [String],
    _ schedule: @escaping @Sendable (ImportParameters) throws(ScheduleError) -> Schedule
  ) -> ImportClass {
    ImportClass(name, own) { (parameters) throws(ScheduleError) in
      ImportedPlan(.learningRate(try schedule(parameters)))
    }
  }

  /// A law over a whole run of `total_steps` from, or up to, the rate `lr`.
  private static func runClass(
    _ name: String, _ own: [String],
    _ schedule: @escaping @Sendable (ImportParameters, Double) throws(ScheduleError) -> Schedule
  ) -> ImportClass {
    ImportClass(name, ["lr", "total_steps"] + own) { (parameters) throws(ScheduleError) in
      let rate = try schedule(parameters, try parameters.number("lr", .notNegative))
      return ImportedPlan(.learningRate(rate), stepCount: try parameters.count("total_steps"))
    }
  }

  /// The power law in tokens and batch size (Shen and others 2024, arXiv 2408.13359), stable part.
  ///
  /// The first update counts as having seen its own tokens: no power of none is finite.
  private static let power = rateClass(
    "Power", ["a", "b", "batch_size", "lr_max", "tokens_per_step"]
  ) { (parameters) throws(ScheduleError) in
    let peak = try parameters.number("lr_max", .positive)
    let exponent = try parameters.number("b", default: -0.51)
    guard exponent < 0 else { throw parameters.error("b", expected: "a number less than 0") }
    let amplitude =
      try parameters.number("a", default: 4, .positive)
      * parameters.number("batch_size", .positive)
    let tokens = try parameters.number("tokens_per_step", .positive)
    let crossing = Elementary.power(peak / amplitude, 1 / exponent) / tokens
    let start = max(1, crossing)
    let height = crossing >= 1 ? peak : amplitude * Elementary.power(tokens, exponent)
    return Schedule {
      Hold(height, for: .steps(start))
      Schedule.inverseTime(from: height, power: -exponent, every: .steps(start))
    }.limited()
  }

  private static let noam = rateClass("Noam", ["d_model", "warmup", "scale"]) {
    (parameters) throws(ScheduleError) in
    .noam(
      modelSize: try parameters.number("d_model", .positive),
      warmup: try parameters.count("warmup"),
      scale: try parameters.number("scale", default: 1, .notNegative))
  }

  private static let decayingRestarts = rateClass(
    "SGDR.decay", ["T0", "Tmult", "eta_max", "eta_min", "decay"]
  ) { (parameters) throws(ScheduleError) in
    .cosineRestarts(
      peak: try parameters.number("eta_max", .notNegative),
      floor: try parameters.number("eta_min", default: 0, .notNegative),
      first: .steps(try parameters.number("T0", .positive)),
      stretchingBy: try parameters.number("Tmult", default: 1, .positive),
      decayingBy: try parameters.number("decay", default: 1, .notNegative), of: .peak)
  }

  /// Smith's own 1cycle, as his Caffe logs show it.
  private static let smithOneCycle = ImportClass(
    "Smith1cycle.caffe", ["base_lr", "max_lr", "stepsize", "momentum_max", "momentum_min"]
  ) { (parameters) throws(ScheduleError) in
    let half = Span.steps(try parameters.number("stepsize", .positive))
    let rate = Schedule.smithOneCycle(
      base: try parameters.number("base_lr", .notNegative),
      peak: try parameters.number("max_lr", .notNegative), halfCycle: half)
    let momentum = Schedule.smithMomentum(
      high: try parameters.number("momentum_max", default: 0.95, .momentum),
      low: try parameters.number("momentum_min", default: 0.85, .momentum), halfCycle: half)
    return ImportedPlan(
      Plan {
        Scheduled(.learningRate, rate)
        Scheduled(.momentum, momentum)
      })
  }
}

// fastai's shapes, and its policies beside 1cycle.

extension ImportLibrary {
  static let fastaiPolicies =
    [
      shape("SchedLin", curve: .linear), shape("SchedCos", curve: .cosine),
      shape("SchedExp", curve: .exponential),
      shapeClass("SchedNo", []) { (_, start, _) in .constant(start) },
      shapeClass("SchedPoly", ["power"]) { (parameters, start, end) throws(ScheduleError) in
        // A share uᵖᵒʷᵉʳ of the way is behind at u.
        let power = try parameters.number("power", .positive)
        let curve = Curve.polynomial(power: 1, kDecay: power)
        return Ramp(from: start, to: end, curve: curve).schedule
      },
      fitFlatCos, fitSGDR,
    ]

  /// One shape at `n` positions from 0 to 1, both included.
  private static func shapeClass(
    _ name: String, _ own: [String],
    _ schedule:
      @escaping @Sendable (ImportParameters, Double, Double) throws(ScheduleError) -> Schedule
  ) -> ImportClass {
    ImportClass(name, ["start", "end", "n", "positions"] + own) {
      (parameters) throws(ScheduleError) in
      let (start, end) = (try parameters.number("start"), try parameters.number("end"))
      let count = parameters.has("n") ? try parameters.count("n") : nil
      return ImportedPlan(
        .learningRate(try schedule(parameters, start, end)), stepCount: count, end: .closed)
    }
  }

  private static func shape(_ name: String, curve: Curve) -> ImportClass {
    shapeClass(name, []) { (_, start, end) in Ramp(from: start, to: end, curve: curve).schedule }
  }

  /// A plateau, then a cosine.
  private static let fitFlatCos = ImportClass(
    "fit_flat_cos", ["n_epoch", "lr", "div_final", "pct_start", "wd", "n_iter", "reset_opt"]
  ) { (parameters) throws(ScheduleError) in
    let rate = try parameters.number("lr", .notNegative)
    let divisor = try parameters.number("div_final", default: 1e5, .positive)
    let flat = Span.fraction(try parameters.number("pct_start", default: 0.75, .fraction))
    return try fastaiPlan(
      .flatCosine(peak: rate, end: rate / divisor, flat: flat), parameters,
      epochs: try parameters.count("n_epoch"))
  }

  /// Cosines to zero, each `cycle_mult` times as long as the one before.
  ///
  /// fastai keeps the cycles' shares of the run in single precision. Where their sum is a little more
  /// than the place of the restart, that comes one update late, and so it does here: the cycle
  /// ends a ten-millionth of a step after the update. `fastai-f64` has no such steps.
  private static let fitSGDR = ImportClass(
    "fit_sgdr",
    ["n_cycles", "cycle_len", "cycle_mult", "lr_max", "wd", "n_epoch", "n_iter", "reset_opt"]
  ) { (parameters) throws(ScheduleError) in
    let cycles = try parameters.count("n_cycles")
    let first = Double(try parameters.count("cycle_len"))
    let stretch = Double(try parameters.count("cycle_mult", default: 2))
    let peak = try parameters.number("lr_max", .notNegative)
    let lengths = (0..<min(cycles, 60)).map { first * Elementary.power(stretch, Double($0)) }
    let epochs = lengths.reduce(0, +)
    guard cycles <= 60, epochs <= 1e9 else {
      throw parameters.error("n_cycles", expected: "cycles of at most 1000000000 epochs in all")
    }
    guard parameters.library == "fastai", parameters.has("n_iter") else {
      let restarts = Schedule.cosineRestarts(
        peak: peak, first: .epochs(first), stretchingBy: stretch, count: cycles)
      return try fastaiPlan(restarts, parameters, epochs: Int(epochs))
    }
    var (edge, sum, begin) = (0.0, 0.0, 0.0)
    var ramps: [Schedule] = []
    for length in lengths {
      edge += length
      sum += Double(Float(length / epochs))
      let perEpoch = Double(try parameters.count("n_iter"))
      let isLate = edge < epochs && Float(edge / epochs) < Float(sum)
      let end = edge * perEpoch + (isLate ? 1e-7 : 0)
      ramps.append(.cosine(from: peak, over: .steps(end - begin)))
      begin = end
    }
    return try fastaiPlan(.sequence(ramps), parameters, epochs: Int(epochs))
  }

  /// A policy over `epochs` of `n_iter` batches; without these it fits any run.
  private static func fastaiPlan(
    _ rate: Schedule, _ parameters: ImportParameters, epochs: Int
  ) throws(ScheduleError) -> ImportedPlan {
    let decay = parameters.has("wd") ? try parameters.number("wd", .notNegative) : nil
    let plan = Plan {
      Scheduled(.learningRate, rate)
      if let decay { Scheduled(.weightDecay, .constant(decay)) }
    }
    guard parameters.has("n_iter") else { return ImportedPlan(plan) }
    let perEpoch = try parameters.count("n_iter")
    let (steps, overflow) = epochs.multipliedReportingOverflow(by: perEpoch)
    return ImportedPlan(plan, stepCount: overflow ? .max : steps, stepsPerEpoch: Double(perEpoch))
  }
}

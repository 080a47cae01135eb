// PyTorch's schedulers (`torch.optim.lr_scheduler`, 2.13).

extension ImportLibrary {
  /// PyTorch, by the names of `torch.optim.lr_scheduler`.
  static let pytorch = ImportLibrary(
    name: "torch", aliases: ["pytorch"],
    classes: [
      oneCycleLR, cosineAnnealingLR, cosineAnnealingWarmRestarts, fractionalWarmRestarts, cyclicLR,
    ] + pytorchFactors + pytorchCompositions)

  /// What every scheduler accepts and what does not change the values: the optimiser, and switches
  /// for printing.
  static let withoutEffect = ["optimizer", "last_epoch", "verbose"]

  // MARK: - OneCycleLR

  private enum Strategy: String, CaseIterable {
    case cos, linear

    var curve: Curve { self == .cos ? .cosine : .linear }
  }

  /// 1cycle with PyTorch's boundaries: real numbers, one step before the fractions of the run.
  ///
  /// Where the warm-up is exactly one step PyTorch divides by zero; here that phase is empty.
  private static let oneCycleLR = ImportClass(
    "OneCycleLR",
    [
      "max_lr", "total_steps", "epochs", "steps_per_epoch", "pct_start", "anneal_strategy",
      "cycle_momentum", "base_momentum", "max_momentum", "div_factor", "final_div_factor",
      "three_phase", "base_lr",
    ] + withoutEffect
  ) { (parameters) throws(ScheduleError) in
    try checkFresh(parameters)
    let total = try totalSteps(parameters)
    let warmup = Span.fraction(try parameters.number("pct_start", default: 0.3, .fraction))
    let curve = try parameters.word("anneal_strategy", default: Strategy.cos).curve
    let isThreePhase = try parameters.boolean("three_phase", default: false)
    let cyclesMomentum = try parameters.boolean("cycle_momentum", default: true)
    let divisor = try parameters.number("div_factor", default: 25, .positive)
    let finalDivisor = try parameters.number("final_div_factor", default: 1e4, .positive)
    let groups = try parameters.groups([
      ("max_lr", try parameters.numbers("max_lr", .notNegative)),
      ("base_momentum", try parameters.numbers("base_momentum", default: [0.85], .momentum)),
      ("max_momentum", try parameters.numbers("max_momentum", default: [0.95], .momentum)),
    ])
    func oneCycle(peak: Double, start: Double, end: Double) -> Schedule {
      .oneCycle(
        peak: peak, start: start, end: end, warmup: warmup, curve: curve,
        style: isThreePhase ? .threePhase : .twoPhase, aligned: .pytorch)
    }
    let plan = Plan.groups(groups) { group in
      let (rate, low, high) = (group[0], group[1], group[2])
      let start = rate / divisor
      let learningRate = Scheduled(
        .learningRate, oneCycle(peak: rate, start: start, end: start / finalDivisor))
      let momentum = Scheduled(.momentum, oneCycle(peak: low, start: high, end: high))
      return cyclesMomentum ? [learningRate, momentum] : [learningRate]
    }
    return ImportedPlan(plan, stepCount: total.steps, stepsPerEpoch: total.perEpoch, end: .closed)
  }

  private static func totalSteps(
    _ parameters: ImportParameters
  ) throws(ScheduleError) -> (steps: Int, perEpoch: Double?) {
    if parameters.has("total_steps") { return (try parameters.count("total_steps"), nil) }
    guard parameters.has("epochs"), parameters.has("steps_per_epoch") else {
      throw parameters.error(
        "total_steps", expected: "a whole number of at least 1, or epochs and steps_per_epoch")
    }
    let perEpoch = try parameters.count("steps_per_epoch")
    let (steps, overflow) = try parameters.count("epochs").multipliedReportingOverflow(by: perEpoch)
    return (overflow ? .max : steps, Double(perEpoch))
  }

  /// A schedule begins at its beginning; to resume one takes only the step.
  static func checkFresh(_ parameters: ImportParameters) throws(ScheduleError) {
    guard try parameters.number("last_epoch", default: -1) == -1 else {
      throw parameters.error("last_epoch", expected: "-1")
    }
  }

  // MARK: - Cosines

  /// A cosine that comes down in `T_max` calls, and climbs again in as many, for ever.
  ///
  /// PyTorch computes each value from the last one; this is the closed form that it drifts from.
  private static let cosineAnnealingLR = ImportClass(
    "CosineAnnealingLR", ["T_max", "eta_min", "base_lr"] + withoutEffect
  ) { (parameters) throws(ScheduleError) in
    try checkFresh(parameters)
    let half = Span.steps(try parameters.number("T_max", .positive))
    let plan = try cosinePlan(parameters) { peak, floor in
      Schedule {
        Ramp(from: peak, to: floor, over: half, curve: .cosine)
        Ramp(from: floor, to: peak, over: half, curve: .cosine)
      }.repeated()
    }
    return ImportedPlan(plan)
  }

  /// SGDR, its cycles counted in calls of `step()`.
  private static let cosineAnnealingWarmRestarts = ImportClass(
    "CosineAnnealingWarmRestarts", ["T_0", "T_mult", "eta_min", "base_lr"] + withoutEffect
  ) { (parameters) throws(ScheduleError) in
    ImportedPlan(try warmRestarts(parameters, unit: Span.steps))
  }

  /// SGDR called with a fraction of an epoch, `step(epoch + i / steps_per_epoch)`: its cycles are
  /// counted in epochs.
  ///
  /// The call is described by `fractional_step`, as in `step((t+1)/5)`, or by `steps_per_epoch`.
  private static let fractionalWarmRestarts = ImportClass(
    "CosineAnnealingWarmRestarts.fractional",
    ["T_0", "T_mult", "eta_min", "base_lr", "fractional_step", "steps_per_epoch"] + withoutEffect
  ) { (parameters) throws(ScheduleError) in
    ImportedPlan(
      try warmRestarts(parameters, unit: Span.epochs),
      stepsPerEpoch: Double(try stepsPerFractionalEpoch(parameters)))
  }

  private static func stepsPerFractionalEpoch(
    _ parameters: ImportParameters
  ) throws(ScheduleError) -> Int {
    guard let call = try parameters.text("fractional_step") else {
      return try parameters.count("steps_per_epoch")
    }
    let prefix = "step((t+1)/"
    guard call.hasPrefix(prefix), call.hasSuffix(")"),
      let count = Int(call.dropFirst(prefix.count).dropLast()), count >= 1
    else { throw parameters.error("fractional_step", expected: "\"step((t+1)/COUNT)\"") }
    return count
  }

  private static func warmRestarts(
    _ parameters: ImportParameters, unit: (Double) -> Span
  ) throws(ScheduleError) -> Plan {
    try checkFresh(parameters)
    let first = unit(Double(try parameters.count("T_0")))
    let stretch = Double(try parameters.count("T_mult", default: 1))
    return try cosinePlan(parameters) { peak, floor in
      .cosineRestarts(peak: peak, floor: floor, first: first, stretchingBy: stretch)
    }
  }

  private static func cosinePlan(
    _ parameters: ImportParameters, _ schedule: (_ peak: Double, _ floor: Double) -> Schedule
  ) throws(ScheduleError) -> Plan {
    let groups = try parameters.groups([
      ("base_lr", try parameters.numbers("base_lr", .notNegative)),
      ("eta_min", [try parameters.number("eta_min", default: 0, .notNegative)]),
    ])
    return .groups(groups) { [Scheduled(.learningRate, schedule($0[0], $0[1]))] }
  }

  // MARK: - CyclicLR

  private enum Mode: String, CaseIterable {
    case triangular, triangular2
    case exponentialRange = "exp_range"
  }

  /// Triangles, momentum upside down against the rate.
  private static let cyclicLR = ImportClass(
    "CyclicLR",
    [
      "base_lr", "max_lr", "step_size_up", "step_size_down", "mode", "gamma", "scale_fn",
      "scale_mode", "cycle_momentum", "base_momentum", "max_momentum",
    ] + withoutEffect
  ) { (parameters) throws(ScheduleError) in
    try checkFresh(parameters)
    guard !parameters.has("scale_fn") else {
      throw parameters.error("scale_fn", expected: "null, as functions cannot be imported,")
    }
    let up = try parameters.number("step_size_up", default: 2000, .positive)
    let down = try parameters.number("step_size_down", default: up, .positive)
    let mode = try parameters.word("mode", default: Mode.triangular)
    let gamma = try parameters.number("gamma", default: 1, .positive)
    let cyclesMomentum = try parameters.boolean("cycle_momentum", default: true)
    let groups = try parameters.groups([
      ("base_lr", try parameters.numbers("base_lr", .notNegative)),
      ("max_lr", try parameters.numbers("max_lr", .notNegative)),
      ("base_momentum", try parameters.numbers("base_momentum", default: [0.8], .momentum)),
      ("max_momentum", try parameters.numbers("max_momentum", default: [0.9], .momentum)),
    ])
    func cycles(base: Double, peak: Double) -> Schedule {
      let (ascent, descent) = (Span.steps(up), up == down ? nil : Span.steps(down))
      return switch mode {
      case .triangular:
        .triangular(base: base, peak: peak, halfCycle: ascent, descent: descent)
      case .triangular2:
        .triangular2(base: base, peak: peak, halfCycle: ascent, descent: descent)
      case .exponentialRange:
        .exponentialRange(
          base: base, peak: peak, halfCycle: ascent, descent: descent, decayingBy: gamma)
      }
    }
    let plan = Plan.groups(groups) { group in
      let learningRate = Scheduled(.learningRate, cycles(base: group[0], peak: group[1]))
      let momentum = Scheduled(.momentum, cycles(base: group[3], peak: group[2]))
      return cyclesMomentum ? [learningRate, momentum] : [learningRate]
    }
    return ImportedPlan(plan)
  }
}

// timm's schedulers (`timm.scheduler`, 1.0.31), their time counted in updates.

extension ImportLibrary {
  /// timm, by the names of its classes; the optimiser's rate is the parameter `base_lr`.
  static let timm = ImportLibrary(
    name: "timm",
    classes: [
      cyclic("CosineLRScheduler", ["k_decay"]) { (parameters) throws(ScheduleError) in
        .cosine(kDecay: try parameters.number("k_decay", default: 1, .positive))
      },
      cyclic("TanhLRScheduler", ["lb", "ub"], warmsUpToSchedule: true) {
        (parameters) throws(ScheduleError) in
        .tanh(
          from: try parameters.number("lb", default: -7),
          to: try parameters.number("ub", default: 3))
      },
      cyclic("PolyLRScheduler", ["k_decay", "power"]) { (parameters) throws(ScheduleError) in
        .polynomial(
          power: try parameters.number("power", default: 0.5, .positive),
          kDecay: try parameters.number("k_decay", default: 1, .positive))
      },
      rateClass("StepLRScheduler", ["decay_t", "decay_rate", "warmup_prefix"]) {
        (parameters, base) throws(ScheduleError) in
        let main = Schedule.step(
          from: base, every: .steps(try parameters.number("decay_t", .positive)),
          decayingBy: try parameters.number("decay_rate", default: 1, .notNegative))
        return try warmedUp(main, parameters, to: base, isPrefix: true)
      },
      rateClass("MultiStepLRScheduler", ["decay_t", "decay_rate", "warmup_prefix"]) {
        (parameters, base) throws(ScheduleError) in
        // timm looks one update ahead: the value is already there one before the milestone.
        let milestones = try parameters.numbers("decay_t", .length).sorted()
        let main = Schedule.multiStep(
          from: base, at: milestones.map { .steps(max(0, $0 - 1)) },
          decayingBy: try parameters.number("decay_rate", default: 1, .notNegative))
        return try warmedUp(main, parameters, to: base, isPrefix: true)
      },
      warmupStableDecay,
    ])

  private static func rateClass(
    _ name: String, _ own: [String],
    _ schedule: @escaping @Sendable (ImportParameters, Double) throws(ScheduleError) -> Schedule
  ) -> ImportClass {
    let withoutEffect = [
      "optimizer", "t_in_epochs", "noise_range_t", "noise_pct", "noise_std", "noise_seed",
      "initialize",
    ]
    return ImportClass(name, own + ["warmup_t", "warmup_lr_init", "base_lr"] + withoutEffect) {
      (parameters) throws(ScheduleError) in
      guard !parameters.has("noise_range_t") else {
        throw parameters.error(
          "noise_range_t", expected: "null, as the noise depends on PyTorch's generator,")
      }
      let bases = try parameters.numbers("base_lr", .notNegative)
      var rates: [[Schedule]] = []
      for base in bases { rates.append([try schedule(parameters, base)]) }
      return ImportedPlan(
        .groups(bases.indices.map { [Double($0)] }) {
          [Scheduled(.learningRate, rates[Int($0[0])][0])]
        })
    }
  }

  /// A curve down to `lr_min` in cycles, and `lr_min` after the last.
  private static func cyclic(
    _ name: String, _ own: [String], warmsUpToSchedule: Bool = false,
    _ curve: @escaping @Sendable (ImportParameters) throws(ScheduleError) -> Curve
  ) -> ImportClass {
    rateClass(
      name,
      own + [
        "t_initial", "lr_min", "cycle_mul", "cycle_decay", "cycle_limit", "warmup_prefix",
      ]
    ) { (parameters, base) throws(ScheduleError) in
      let length = Span.steps(try parameters.number("t_initial", .positive))
      let floor = try parameters.number("lr_min", default: 0, .notNegative)
      let cycle = Ramp(from: base, to: floor, over: length, curve: try curve(parameters)).schedule
      let cycles = cycle.repeated(
        try parameters.count("cycle_limit", default: 1),
        stretchingBy: try parameters.number("cycle_mul", default: 1, .positive),
        decayingBy: try parameters.number("cycle_decay", default: 1, .notNegative), of: .peak)
      let main = Schedule.sequence([cycles, Hold(floor).schedule])
      var target = base
      let isPrefix = try parameters.boolean("warmup_prefix", default: false)
      let warmup = try parameters.steps("warmup_t", default: 0)
      if warmsUpToSchedule, !isPrefix, warmup > 0 {
        let imported = ImportedPlan(.learningRate(main))
        target = try main.resolved(over: imported.horizon(steps: Int(warmup) + 1)).value(at: warmup)
      }
      return try warmedUp(main, parameters, to: target, isPrefix: false)
    }
  }

  /// A linear warm-up, before the schedule (`warmup_prefix`) or in the place of its beginning.
  private static func warmedUp(
    _ main: Schedule, _ parameters: ImportParameters, to target: Double, isPrefix: Bool
  ) throws(ScheduleError) -> Schedule {
    let length = try parameters.steps("warmup_t", default: 0)
    let start = try parameters.number("warmup_lr_init", default: 0, .notNegative)
    guard length > 0 else { return main }
    let ramp = Schedule.linear(from: start, to: target, over: .steps(length))
    return try parameters.boolean("warmup_prefix", default: isPrefix)
      ? .sequence([ramp, main]) : main.covered(until: length, by: ramp)
  }

  // MARK: - Warm-up, plateau, decay

  private enum Plateau: String, CaseIterable {
    case constant, rsqrt, power
  }

  private enum Decay: String, CaseIterable {
    case linear, cosine, power, exp
    case oneMinusRoot = "1-sqrt"
  }

  /// The value of the plateau, which may sink, and its distance from `lr_min` times a decay.
  private static let warmupStableDecay = rateClass(
    "WSDLRScheduler",
    [
      "t_initial", "decay_t", "lr_min", "stable_fn", "stable_timescale", "stable_power", "decay_fn",
      "decay_power", "decay_ratio",
    ]
  ) { (parameters, base) throws(ScheduleError) in
    let total = try parameters.number("t_initial", .positive)
    let length = try parameters.number("decay_t", .positive)
    guard length <= total else {
      throw parameters.error("decay_t", expected: "no more than t_initial")
    }
    let floor = try parameters.number("lr_min", default: 0, .notNegative)
    let warmup = try parameters.steps("warmup_t", default: 0)
    let plateau = try parameters.word("stable_fn", default: Plateau.constant)
    let decay = try parameters.word("decay_fn", default: Decay.oneMinusRoot)
    let stable = Span.steps(total - length)
    let start = try parameters.number("warmup_lr_init", default: 0, .notNegative)
    let ramp = warmup > 0 ? [Schedule.linear(from: start, to: base, over: .steps(warmup))] : []
    if plateau == .constant, let curve = try curve(of: decay, parameters) {
      return .sequence(
        ramp + [
          Hold(max(base, floor), for: stable).schedule,
          Ramp(from: max(base, floor), to: floor, over: .steps(length), curve: curve).schedule,
        ])
    }
    var height = Schedule.constant(max(base, floor))
    if plateau != .constant {
      let timescale = try parameters.number("stable_timescale", default: warmup, .positive)
      let power =
        plateau == .rsqrt ? 0.5 : try parameters.number("stable_power", default: 0.5, .positive)
      height = .inverseTime(from: base, power: power, every: .steps(timescale))
      if floor > 0 { height = height.clamped(to: floor...max(base, floor)) }
    }
    let remaining = Schedule.sequence([
      Hold(1, for: stable).schedule, try factor(decay, over: .steps(length), parameters),
    ])
    let main =
      floor == 0
      ? height * remaining : (height + .constant(-floor)) * remaining + .constant(floor)
    return .sequence(ramp + [main])
  }

  private static func curve(
    of decay: Decay, _ parameters: ImportParameters
  ) throws(ScheduleError) -> Curve? {
    switch decay {
    case .linear: .linear
    case .cosine: .cosine
    case .oneMinusRoot: .oneMinusRoot
    case .power:
      .polynomial(
        power: 1, kDecay: try parameters.number("decay_power", default: 0.5, .positive))
    case .exp: nil
    }
  }

  /// The decay's share of the plateau, from 1 to 0.
  private static func factor(
    _ decay: Decay, over span: Span, _ parameters: ImportParameters
  ) throws(ScheduleError) -> Schedule {
    if let curve = try curve(of: decay, parameters) {
      return Ramp(from: 1, to: 0, over: span, curve: curve).schedule
    }
    // An exponential that is moved down until it ends at zero: (rᵘ − r) / (1 − r).
    let ratio = try parameters.number("decay_ratio", default: 0.1, .fraction)
    guard ratio > 0, ratio < 1 else {
      throw parameters.error("decay_ratio", expected: "a number between 0 and 1")
    }
    let exponential = Schedule.exponential(from: 1, to: ratio, over: span)
    return (exponential + .constant(-ratio)).scaled(by: 1 / (1 - ratio))
  }
}

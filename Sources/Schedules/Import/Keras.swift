// Keras' schedules (`keras.optimizers.schedules`, 3.15).

extension ImportLibrary {
  /// Keras, by the names of its classes.
  static let keras = ImportLibrary(
    name: "keras",
    classes: [
      rateClass(
        "ExponentialDecay",
        ["initial_learning_rate", "decay_steps", "decay_rate", "staircase"]
      ) { (parameters) throws(ScheduleError) in
        let start = try parameters.number("initial_learning_rate", .notNegative)
        let every = Span.steps(try parameters.number("decay_steps", .positive))
        let rate = try parameters.number("decay_rate", .notNegative)
        let isStaircase = try parameters.boolean("staircase", default: false)
        return isStaircase || start == 0 || rate == 0
          ? .step(from: start, every: every, decayingBy: rate)
          : .exponential(from: start, decayingBy: rate, every: every)
      },
      rateClass(
        "InverseTimeDecay",
        ["initial_learning_rate", "decay_steps", "decay_rate", "staircase"]
      ) { (parameters) throws(ScheduleError) in
        guard try !parameters.boolean("staircase", default: false) else {
          throw parameters.error("staircase", expected: "false")
        }
        let start = try parameters.number("initial_learning_rate", .notNegative)
        let steps = try parameters.number("decay_steps", .positive)
        let rate = try parameters.number("decay_rate", .positive)
        return .inverseTime(from: start, every: .steps(steps / rate))
      },
      rateClass(
        "CosineDecay",
        ["initial_learning_rate", "decay_steps", "alpha", "warmup_target", "warmup_steps"]
      ) { (parameters) throws(ScheduleError) in
        let start = try parameters.number("initial_learning_rate", .notNegative)
        let length = Span.steps(try parameters.number("decay_steps", .positive))
        let alpha = try parameters.number("alpha", default: 0, .notNegative)
        guard parameters.has("warmup_target") else {
          return .cosine(from: start, to: start * alpha, over: length)
        }
        let peak = try parameters.number("warmup_target", .notNegative)
        let warmup = Span.steps(try parameters.steps("warmup_steps", default: 0))
        return Schedule {
          Ramp(from: start, to: peak, over: warmup)
          Ramp(from: peak, to: peak * alpha, over: length, curve: .cosine)
        }
      },
      rateClass(
        "CosineDecayRestarts",
        ["initial_learning_rate", "first_decay_steps", "t_mul", "m_mul", "alpha"]
      ) { (parameters) throws(ScheduleError) in
        let start = try parameters.number("initial_learning_rate", .notNegative)
        let floor = start * (try parameters.number("alpha", default: 0, .notNegative))
        return .cosineRestarts(
          peak: start, floor: floor,
          first: .steps(try parameters.number("first_decay_steps", .positive)),
          stretchingBy: try parameters.number("t_mul", default: 2, .positive),
          decayingBy: try parameters.number("m_mul", default: 1, .notNegative), of: .amplitude)
      },
      rateClass("PiecewiseConstantDecay", ["boundaries", "values"]) {
        (parameters) throws(ScheduleError) in
        let boundaries = try parameters.numbers("boundaries", .length)
        let values = try parameters.numbers("values", .notNegative)
        guard values.count == boundaries.count + 1 else {
          throw parameters.error("values", expected: "one number more than there are boundaries")
        }
        // A boundary still has the value before it.
        return .piecewise(values, at: boundaries.map { .steps($0 + 1) })
      },
      rateClass(
        "PolynomialDecay",
        ["initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle"]
      ) { (parameters) throws(ScheduleError) in
        let start = try parameters.number("initial_learning_rate", .notNegative)
        let end = try parameters.number("end_learning_rate", default: 1e-4, .notNegative)
        let power = try parameters.number("power", default: 1, .positive)
        let length = try parameters.number("decay_steps", .positive)
        let first = Schedule.polynomial(from: start, to: end, power: power, over: .steps(length))
        guard try parameters.boolean("cycle", default: false) else { return first }
        return .sequence(
          [first] + (try laterCycles(parameters, from: start, to: end, power, length)))
      },
    ])

  private static func rateClass(
    _ name: String, _ own: [String],
    _ schedule: @escaping @Sendable (ImportParameters) throws(ScheduleError) -> Schedule
  ) -> ImportClass {
    // Every class has a name of its own in the model's configuration.
    ImportClass(name, own + ["name"]) { (parameters) throws(ScheduleError) in
      ImportedPlan(.learningRate(try schedule(parameters)))
    }
  }

  /// The cycles after the first, written out until the run is over.
  ///
  /// Keras stretches the decay over `n` lengths in the `n`-th cycle, which then begins at
  /// `n⁻ᵖᵒʷᵉʳ` of the first one's height. The update at a boundary still belongs to the cycle before;
  /// the new one is entered half a step later.
  private static func laterCycles(
    _ parameters: ImportParameters, from start: Double, to end: Double, _ power: Double,
    _ length: Double
  ) throws(ScheduleError) -> [Schedule] {
    guard let steps = parameters.steps else {
      throw parameters.error("cycle", expected: "false where the run's length is not known")
    }
    let count = (Double(steps) / length).rounded(.up)
    guard count <= 10_000 else {
      throw parameters.error("decay_steps", expected: "at most 10000 cycles in \(steps) steps")
    }
    let wait = min(0.5, length / 2)
    return stride(from: 2.0, through: count, by: 1).flatMap { cycle -> [Schedule] in
      let height = Elementary.power((length - wait) / (cycle * length), power)
      let top = start * height + end * (1 - height)
      return [
        Hold(end, for: .steps(wait)).schedule,
        .polynomial(from: top, to: end, power: power, over: .steps(length - wait)),
      ]
    }
  }
}

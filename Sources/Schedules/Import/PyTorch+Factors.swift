// PyTorch's schedulers that multiply the optimiser's rate, step by step or at milestones.

extension ImportLibrary {
  static let pytorchFactors = [
    rateClass("StepLR", ["step_size", "gamma"]) { (parameters) throws(ScheduleError) in
      let every = Span.steps(Double(try parameters.count("step_size")))
      let gamma = try parameters.number("gamma", default: 0.1, .notNegative)
      return { .step(from: $0, every: every, decayingBy: gamma) }
    },
    rateClass("MultiStepLR", ["milestones", "gamma"]) { (parameters) throws(ScheduleError) in
      // A milestone that stands there twice counts twice.
      let milestones = try parameters.numbers("milestones", .length).sorted().map(Span.steps)
      let gamma = try parameters.number("gamma", default: 0.1, .notNegative)
      return { .multiStep(from: $0, at: milestones, decayingBy: gamma) }
    },
    rateClass("ConstantLR", ["factor", "total_iters"]) { (parameters) throws(ScheduleError) in
      let factor = try parameters.number("factor", default: 1.0 / 3, .notNegative)
      let total = try parameters.steps("total_iters", default: 5)
      return { base in
        // Over no updates the factor is never taken back.
        guard total > 0 else { return .constant(base * factor) }
        return .piecewise([base * factor, base], at: [.steps(total)])
      }
    },
    rateClass("LinearLR", ["start_factor", "end_factor", "total_iters"]) {
      (parameters) throws(ScheduleError) in
      let start = try parameters.number("start_factor", default: 1.0 / 3, .notNegative)
      let end = try parameters.number("end_factor", default: 1, .notNegative)
      let total = try parameters.steps("total_iters", default: 5)
      return { base in
        guard total > 0 else { return .constant(base * start) }
        return .linear(from: base * start, to: base * end, over: .steps(total))
      }
    },
    rateClass("ExponentialLR", ["gamma"]) { (parameters) throws(ScheduleError) in
      let gamma = try parameters.number("gamma", .notNegative)
      return { base in
        // No exponential reaches zero; stairs do.
        base > 0 && gamma > 0
          ? .exponential(from: base, decayingBy: gamma, every: 1.step)
          : .step(from: base, every: 1.step, decayingBy: gamma)
      }
    },
    rateClass("PolynomialLR", ["total_iters", "power"]) { (parameters) throws(ScheduleError) in
      let total = try parameters.steps("total_iters", default: 5)
      let power = try parameters.number("power", default: 1, .positive)
      return { base in
        guard total > 0 else { return .constant(base) }
        return .polynomial(from: base, power: power, over: .steps(total))
      }
    },
  ]

  /// A class whose values are a function of the optimiser's rate, `base_lr`, group by group.
  private static func rateClass(
    _ name: String, _ parameters: [String],
    _ schedule:
      @escaping @Sendable (ImportParameters) throws(ScheduleError) -> (
        _ base: Double
      ) -> Schedule
  ) -> ImportClass {
    ImportClass(name, parameters + ["base_lr"] + withoutEffect) {
      (parameters) throws(ScheduleError) in
      try checkFresh(parameters)
      let rate = try schedule(parameters)
      let bases = try parameters.numbers("base_lr", .notNegative)
      return ImportedPlan(.groups(bases.map { [$0] }) { [Scheduled(.learningRate, rate($0[0]))] })
    }
  }
}

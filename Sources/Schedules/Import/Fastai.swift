// fastai's training policies: `fit_one_cycle` of version 2 (2.8) and `OneCycleScheduler` of
// version 1 (1.0).

extension ImportLibrary {
  /// fastai, by the names of its functions and callbacks.
  ///
  /// The golden cases call the same policies in double precision `fastai-f64` and `fastai-v1-f64`.
  static let fastai = ImportLibrary(
    name: "fastai", aliases: ["fastai-f64", "fastai-v1", "fastai-v1-f64"],
    classes: [fitOneCycle, oneCycleScheduler] + fastaiPolicies)

  /// 1cycle in two cosines with boundaries where the fractions say, and no update at its end.
  ///
  /// `n_epoch` epochs of `n_iter` batches; without `n_iter` the plan fits any run. fastai computes
  /// positions in single precision, these are exact.
  private static let fitOneCycle = ImportClass(
    "fit_one_cycle",
    ["n_epoch", "lr_max", "div", "div_final", "pct_start", "wd", "moms", "n_iter", "reset_opt"]
  ) { (parameters) throws(ScheduleError) in
    let warmup = Span.fraction(try parameters.number("pct_start", default: 0.25, .fraction))
    let peak = try parameters.number("lr_max", .notNegative)
    let divisor = try parameters.number("div", default: 25, .positive)
    let finalDivisor = try parameters.number("div_final", default: 1e5, .positive)
    let momenta = try parameters.numbers("moms", default: [0.95, 0.85, 0.95], .momentum)
    guard momenta.count == 3 else {
      throw parameters.error("moms", expected: "three numbers of at least 0 and less than 1")
    }
    let decay = parameters.has("wd") ? try parameters.number("wd", .notNegative) : nil
    let plan = Plan {
      Scheduled(
        .learningRate,
        .fastaiOneCycle(
          peak: peak, start: peak / divisor, end: peak / finalDivisor, warmup: warmup))
      Scheduled(
        .momentum,
        .fastaiOneCycle(peak: momenta[1], start: momenta[0], end: momenta[2], warmup: warmup))
      if let decay { Scheduled(.weightDecay, .constant(decay)) }
    }
    guard parameters.has("n_iter") else { return ImportedPlan(plan) }
    let perEpoch = try parameters.count("n_iter")
    let (steps, overflow) = try parameters.count("n_epoch").multipliedReportingOverflow(
      by: perEpoch)
    return ImportedPlan(
      plan, stepCount: overflow ? .max : steps, stepsPerEpoch: Double(perEpoch))
  }

  /// Version 1's 1cycle: a warm-up of whole steps, rounded down.
  ///
  /// A warm-up that is rounded down to nothing still has one update, and the annealing after it
  /// loses its last one: the callback steps through both.
  private static let oneCycleScheduler = ImportClass(
    "OneCycleScheduler",
    ["lr_max", "moms", "div_factor", "pct_start", "final_div", "total_iterations"]
  ) { (parameters) throws(ScheduleError) in
    let total = try parameters.count("total_iterations")
    let share = try parameters.number("pct_start", default: 0.3, .fraction)
    let peak = try parameters.number("lr_max", .notNegative)
    let divisor = try parameters.number("div_factor", default: 25, .positive)
    let finalDivisor = try parameters.number("final_div", default: divisor * 1e4, .positive)
    let momenta = try parameters.numbers("moms", default: [0.95, 0.85], .momentum)
    guard momenta.count == 2 else {
      throw parameters.error("moms", expected: "two numbers of at least 0 and less than 1")
    }
    let warmup = (Double(total) * share).rounded(.down)
    func twoPhases(_ start: Double, _ middle: Double, _ end: Double) -> Schedule {
      Schedule {
        Ramp(from: start, to: middle, over: .steps(max(1, warmup)), curve: .cosine)
        if warmup == 0 {
          Schedule.cosine(from: middle, to: end, over: .steps(Double(total))).limited()
        } else {
          Ramp(from: middle, to: end, curve: .cosine)
        }
      }
    }
    let plan = Plan {
      Scheduled(.learningRate, twoPhases(peak / divisor, peak, peak / finalDivisor))
      Scheduled(.momentum, twoPhases(momenta[0], momenta[1], momenta[0]))
    }
    return ImportedPlan(plan, stepCount: total)
  }
}

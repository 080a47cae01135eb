extension Schedule {
  /// Checks values, factors, counts and the ends of exponentials; with a run, also that it has the
  /// ratios of all units and that no phase is shorter than nothing.
  func validate(for horizon: Horizon? = nil) throws(ScheduleError) {
    var phaseCount = 0
    try validate(&phaseCount, horizon)
  }

  private func validate(
    _ phaseCount: inout Int, _ horizon: Horizon?
  ) throws(ScheduleError) {
    switch node {
    case .hold(let value, let span):
      phaseCount += 1
      try check("value", value, "a finite number", value.isFinite, phaseCount)
      try check(span, phaseCount, horizon)
    case .ramp(let from, let to, let span, let curve):
      phaseCount += 1
      try check("from", from, "a finite number", from.isFinite, phaseCount)
      try check("to", to, "a finite number", to.isFinite, phaseCount)
      try check(span, phaseCount, horizon)
      try check(curve, from: from, to: to, phaseCount)
    case .table(let values, let span):
      phaseCount += 1
      try check("values", 0, "at least one value", !values.isEmpty, phaseCount)
      for value in values {
        try check("values", value, "finite numbers", value.isFinite, phaseCount)
      }
      try check(span, phaseCount, horizon)
    case .sequence(let parts):
      guard !parts.isEmpty else { throw .noPhases }
      for part in parts { try part.validate(&phaseCount, horizon) }
    case .repeated(let inner, let repetition):
      let phase = phaseCount + 1
      if let count = repetition.count {
        try check("count", Double(count), "a whole number of at least 1", count >= 1, phase)
      }
      let (stretch, decay) = (repetition.stretch, repetition.decay)
      try check("stretch", stretch, "a positive number", stretch > 0 && stretch.isFinite, phase)
      try check("decay", decay, "a number of at least 0", decay >= 0 && decay.isFinite, phase)
      try inner.validate(&phaseCount, horizon)
    case .scaled(let inner, let factor):
      try check("factor", factor, "a finite number", factor.isFinite, phaseCount + 1)
      try inner.validate(&phaseCount, horizon)
    case .combined(_, let parts):
      for part in parts { try part.validate(&phaseCount, horizon) }
    case .clamped(let inner, let lower, let upper):
      try check("min", lower, "a finite number", lower.isFinite, phaseCount + 1)
      try check(
        "max", upper, "a finite number of at least \(formatted(lower))",
        upper.isFinite && upper >= lower, phaseCount + 1)
      try inner.validate(&phaseCount, horizon)
    case .limited(let inner, let span, let run):
      try check(span, phaseCount + 1, horizon)
      var own = horizon
      if let run {
        let isRun = (1...Horizon.maximumStepCount).contains(run)
        try check("run", Double(run), "a run of at least 1 step", isRun, phaseCount + 1)
        own?.stepCount = run
      }
      try inner.validate(&phaseCount, own)
    case .reversed(let inner):
      try inner.validate(&phaseCount, horizon)
    case .rounded(let inner, let multiple):
      let isMultiple = multiple >= 1 && Double(multiple) <= HyperparameterKey.largestInteger
      try check(
        "multiple", Double(multiple), "a whole number of at least 1", isMultiple, phaseCount + 1)
      try inner.validate(&phaseCount, horizon)
    }
  }

  private func check(
    _ name: String, _ value: Double, _ expected: String, _ isValid: Bool, _ number: Int
  ) throws(ScheduleError) {
    guard !isValid else { return }
    throw .parameter(
      phase: Resolution.name(self, number: number), name: name, value: value, expected: expected)
  }

  private func check(
    _ span: Span, _ number: Int, _ horizon: Horizon?
  ) throws(ScheduleError) {
    if !span.isFinite {
      let amounts = Span.Unit.allCases.map { span[keyPath: $0.keyPath] }
      try check(
        "span", amounts.first { !$0.isFinite } ?? .nan, "a finite length", false, number)
    }
    try check(
      "span", span.remainders, "a positive share of the remainder", span.remainders >= 0, number)
    guard let horizon else { return }
    let steps = try horizon.steps(
      of: span, from: 0, phase: Resolution.name(self, number: number))
    // Up to one step less than nothing is PyTorch's boundary on a short run; see `Schedule`.
    guard span.remainders > 0 || steps >= -1 - horizon.tolerance else {
      throw .negativeSpan(phase: Resolution.name(self, number: number), steps: steps)
    }
  }

  private func check(
    _ curve: Curve, from: Double, to: Double, _ number: Int
  ) throws(ScheduleError) {
    switch curve.form {
    case .exponential:
      // The product of two small numbers may be zero; their signs are what matters.
      guard from != 0, to != 0, (from < 0) == (to < 0) else {
        throw .exponentialThroughZero(phase: Resolution.name(self, number: number))
      }
    case .polynomial(let power, let k):
      try check(positive: power, "power", number)
      try check(positive: k, "k", number)
    case .cosine(let exponent, let k):
      try check(positive: exponent, "exponent", number)
      try check(positive: k, "k", number)
    case .tanh(let lower, let upper):
      try check("lower", lower, "a finite number", lower.isFinite, number)
      try check("upper", upper, "a finite number", upper.isFinite, number)
    case .law(let law):
      if case .inverse(let power, _) = law { try check(positive: power, "power", number) }
      _ = try law.mapped { (span) throws(ScheduleError) in
        try check(
          "curve", span.remainders, "no shares of the remainder", span.remainders == 0, number)
        try check("curve", .infinity, "finite lengths", span.isFinite, number)
        return span
      }
    case .linear, .oneMinusRoot, .rex, .named:
      break
    }
  }

  private func check(
    positive value: Double, _ name: String, _ number: Int
  ) throws(ScheduleError) {
    try check(name, value, "a positive number", value > 0 && value.isFinite, number)
  }
}

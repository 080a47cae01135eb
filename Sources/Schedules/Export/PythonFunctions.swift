/// What a Python program calls its mathematics.
enum PythonDialect: Sendable {
  /// Numbers one at a time, by the standard library.
  case math
  /// Arrays that are traced, by `jax.numpy`.
  case jax
}

/// Writes the schedules of a run as Python functions of the step.
///
/// The functions are formulas, phase by phase; a schedule with a part that has no formula in Python
/// becomes the table of its values.
struct PythonFunctions {
  let dialect: PythonDialect
  /// The definitions so far; what one calls stands before it.
  private(set) var definitions: [String] = []
  /// The shared functions that the definitions call.
  private(set) var formulas: Set<PythonFormula> = []

  /// What stands before all of them.
  private(set) var preamble: [String] = []

  init(_ dialect: PythonDialect) { self.dialect = dialect }

  /// Puts a line before all definitions.
  mutating func prepend(_ line: String) { preamble.append(line) }

  /// Adds a function for a schedule.
  ///
  /// - Parameters:
  ///   - name: The function's name, which no other has.
  ///   - schedule: Its values.
  ///   - documentation: What it computes, in one line.
  ///   - multiple: What whole numbers are rounded to a multiple of.
  mutating func add(
    _ name: String, _ schedule: ResolvedSchedule, documentation: String, multiple: Int? = nil
  ) {
    var attempt = self
    let inner = multiple == nil ? name : name + "_exact"
    if attempt.define(inner, schedule.timeline, documentation) {
      self = attempt
    } else {
      let values = schedule.map(literal).joined(separator: ", ")
      formulas.insert(.pick)
      definitions.append(
        """
        def \(inner)(t):
            \(docstring(documentation))
            return pick([\(values)], t, \(schedule.count))
        """)
    }
    guard let multiple else { return }
    definitions.append(
      """
      def \(name)(t):
          return \(multiple) * maximum(1, floor(\(inner)(t) / \(multiple) + 0.5))
      """)
  }

  // MARK: - Time

  /// Adds a function of the time on a timeline; false where some part has no formula.
  private mutating func define(
    _ name: String, _ timeline: Timeline, _ documentation: String?, isReversed: Bool = false
  ) -> Bool {
    guard timeline.segments.count <= 500 else { return false }
    var phases: [String] = []
    for (start, segment) in zip(timeline.starts, timeline.segments) {
      let time = start == 0 ? "t" : "(t - \(number(start)))"
      guard let phase = expression(segment, time, name: name, isReversed: isReversed) else {
        return false
      }
      phases.append(phase)
    }
    // Time that runs backwards leaves a phase where it would be entered.
    let sign = isReversed ? "+" : "-"
    var lines = ["def \(name)(t):"]
    if let documentation { lines.append("    \(docstring(documentation))") }
    let starts = timeline.starts.dropFirst().map { number($0) }
    switch dialect {
    case .math:
      for (phase, start) in zip(phases, starts) {
        lines += ["    if t < \(start) \(sign) TINY:", "        return \(phase)"]
      }
      lines.append("    return \(phases[phases.count - 1])")
    case .jax:
      lines.append("    value = \(phases[phases.count - 1])")
      for (phase, start) in zip(phases, starts).reversed() {
        lines.append("    value = where(t < \(start) \(sign) TINY, \(phase), value)")
      }
      lines.append("    return value")
    }
    definitions.append(lines.joined(separator: "\n"))
    return true
  }

  /// A call of a timeline's values at a time, or the only phase's own formula.
  private mutating func call(
    _ timeline: Timeline, _ time: String, name: String, isReversed: Bool
  ) -> String? {
    if timeline.starts == [0] {
      return expression(timeline.segments[0], time, name: name, isReversed: isReversed)
    }
    let part = "\(name)_\(definitions.count + 1)"
    guard define(part, timeline, nil, isReversed: isReversed) else { return nil }
    return "\(part)(\(time))"
  }

  // MARK: - Phases

  private mutating func expression(
    _ segment: Segment, _ time: String, name: String, isReversed: Bool
  ) -> String? {
    guard segment.length > 0 else { return literal(segment.value(at: 0, tolerance: 0)) }
    var time = time
    if segment.lead != 0 { time = "(\(time) + \(number(segment.lead)))" }
    if segment.limit != segment.length {
      time = "minimum(\(time), \(number(segment.limit)))"
    }
    guard
      var text = content(
        segment.content, time, number(segment.length), name: name, isReversed: isReversed)
    else { return nil }
    for transform in segment.transforms {
      switch transform {
      case .scale(let factor): text = "(\(text)) * \(literal(factor))"
      case .clamp(let lower, let upper):
        text = "minimum(maximum(\(text), \(literal(lower))), \(literal(upper)))"
      case .round: return nil
      }
    }
    return text
  }

  private mutating func content(
    _ content: Segment.Content, _ time: String, _ length: String, name: String, isReversed: Bool
  ) -> String? {
    switch content {
    case .hold(let value): return literal(value)
    case .ramp(let from, let to, let form):
      guard let (formula, more) = form.python else { return nil }
      formulas.formUnion([.share, formula])
      let parameters = ([literal(from), literal(to), "share(\(time), \(length))"] + more)
      return "\(formula.rawValue)(\(parameters.joined(separator: ", ")))"
    case .law(let from, let to, let law):
      guard let (formula, more) = law.python else { return nil }
      formulas.insert(formula)
      let parameters = [literal(from), literal(to), time] + more
      return "\(formula.rawValue)(\(parameters.joined(separator: ", ")))"
    case .table(let values):
      guard !isReversed else { return nil }
      formulas.insert(.pick)
      let list = values.map(literal).joined(separator: ", ")
      return "pick([\(list)], \(time), \(length))"
    case .cycles(let cycles):
      // The logarithm of a shrinking cycle has no end; its values are listed.
      guard !isReversed, cycles.repetition.stretch >= 1, cycles.length > 0 else { return nil }
      return self.cycles(cycles, time, name: name)
    case .combined(let operation, let parts):
      var calls: [String] = []
      for part in parts {
        guard let text = call(part, time, name: name, isReversed: isReversed) else { return nil }
        calls.append(text)
      }
      return calls.dropFirst().reduce(calls[0]) { left, right in
        switch operation {
        case .product: "(\(left)) * (\(right))"
        case .sum: "(\(left)) + (\(right))"
        case .minimum: "minimum(\(left), \(right))"
        case .maximum: "maximum(\(left), \(right))"
        }
      }
    case .reversed(let timeline, let length):
      return call(
        timeline, "maximum(\(number(length)) - \(time), 0)", name: name, isReversed: !isReversed)
    }
  }

  private mutating func cycles(_ cycles: Cycles, _ time: String, name: String) -> String? {
    let part = "\(name)_cycle_\(definitions.count + 1)"
    guard define(part, cycles.cycle, nil) else { return nil }
    formulas.insert(.cycles)
    let repetition = cycles.repetition
    var parameters = [
      part, time, "length=\(number(cycles.length))", "total=\(number(cycles.total))",
      "count=\(repetition.count.map(String.init) ?? "inf")",
    ]
    if repetition.stretch != 1 { parameters.append("stretch=\(literal(repetition.stretch))") }
    if repetition.decay != 1 {
      parameters += [
        "decay=\(literal(repetition.decay))", "of=\"\(repetition.target.rawValue)\"",
        "rest=\(literal(cycles.rest))", "peak=\(literal(cycles.peak))",
      ]
    }
    return "cycles(\(parameters.joined(separator: ", ")))"
  }

  // MARK: - Literals

  /// A time; one that is next to a whole number is on it, as it is in this package.
  private func number(_ time: Double) -> String {
    let whole = time.rounded()
    return formatted(abs(time - whole) <= 1e-9 ? whole : time)
  }

  private func literal(_ value: Double) -> String { "\(value)" }

  private func docstring(_ text: String) -> String {
    // A backslash cannot stand in a schedule's text; quotation marks neither.
    "\"\"\"\(text)\"\"\""
  }
}

// MARK: - Formulas

extension Curve.Form {
  /// The function with the formula, and its parameters after both ends and the share.
  fileprivate var python: (PythonFormula, [String])? {
    switch self {
    case .linear: (.linear, [])
    case .cosine(1, 1): (.cosine, [])
    case .cosine(let exponent, let k): (.cosine, ["\(exponent)", "\(k)"])
    case .exponential: (.exponential, [])
    case .polynomial(let power, let k): (.polynomial, ["\(power)"] + (k == 1 ? [] : ["\(k)"]))
    case .oneMinusRoot: (.oneMinusRoot, [])
    case .rex: (.rex, [])
    case .tanh(let lower, let upper): (.tanh, ["\(lower)", "\(upper)"])
    case .law, .named: nil
    }
  }
}

extension TimeLaw<Double> {
  /// The function with the formula, and its parameters after both ends and the time.
  fileprivate var python: (PythonFormula, [String])? {
    switch self {
    case .inverse(let power, let every): (.inverse, ["\(power)", "\(every)"])
    case .sigmoid(let midpoint, let width): (.sigmoid, ["\(midpoint)", "\(width)"])
    case .noise: nil
    }
  }
}

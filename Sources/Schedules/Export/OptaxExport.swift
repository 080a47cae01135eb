/// A plan as a Python module for optax.
struct OptaxExport {
  private let plan: Plan
  private let resolved: ResolvedPlan
  private let horizon: Horizon

  init(_ plan: Plan, _ resolved: ResolvedPlan, _ horizon: Horizon) {
    self.plan = plan
    self.resolved = resolved
    self.horizon = horizon
  }

  /// The module: a schedule for each hyper-parameter.
  var text: String {
    let entries = Array(zip(plan.entries, resolved.entries))
    let joined = entries.map { Self.joined($0.1) }
    var functions = PythonFunctions(.jax)
    var schedules: [String] = []
    for ((entry, resolved), native) in zip(entries, joined) {
      let name = PythonModule.name(of: entry)
      if let native {
        schedules.append("# \(entry.schedule)\n\(name) = \(native)")
      } else {
        functions.add(entry, resolved, named: name)
      }
    }
    var imports = ["import optax"]
    if !functions.definitions.isEmpty {
      imports = [
        "import jax.numpy as jnp",
        "from jax.numpy import cos, exp, floor, inf, log, maximum, minimum, pi, sin, where",
      ]
      if !schedules.isEmpty { imports.append("import optax") }
      functions.prepend("TINY = 1e-9  # steps; two instants that close are the same")
    }
    let first = plan.entries.first.map(PythonModule.name) ?? "learning_rate"
    return PythonModule.text(
      plan, horizon,
      usage: "    optimizer = optax.inject_hyperparams(optax.sgd)(\(first)=\(first), …)",
      imports: imports, definitions: functions.texts + schedules)
  }

  // MARK: - Joined schedules

  /// optax's own schedules one after the other; nothing where some phase is none of them.
  private static func joined(_ entry: ResolvedPlan.Entry) -> String? {
    let timeline = entry.values.timeline
    guard !entry.key.isInteger, timeline.segments.count <= 100, timeline.starts.first == 0 else {
      return nil
    }
    let schedules = timeline.segments.compactMap(schedule)
    guard schedules.count == timeline.segments.count else { return nil }
    if schedules.count == 1 { return schedules[0] }
    let boundaries = timeline.starts.dropFirst().map { start in
      formatted(abs(start - start.rounded()) <= 1e-9 ? start.rounded() : start)
    }
    return """
      optax.join_schedules(
          [
      \(schedules.map { "        \($0)," }.joined(separator: "\n"))
          ],
          [\(boundaries.joined(separator: ", "))],
      )
      """
  }

  private static func schedule(_ segment: Segment) -> String? {
    guard segment.transforms.isEmpty, segment.lead == 0, segment.limit == segment.length,
      segment.length > 0
    else { return nil }
    let length = formatted(segment.length)
    switch segment.content {
    case .hold(let value):
      return "optax.constant_schedule(\(value))"
    case .ramp(let from, let to, .linear):
      return "optax.linear_schedule(\(from), \(to), \(length))"
    case .ramp(let from, let to, .polynomial(let power, 1)):
      return "optax.polynomial_schedule(\(from), \(to), \(power), \(length))"
    case .ramp(let from, let to, .cosine(let exponent, 1)) where from != 0:
      let more = exponent == 1 ? "" : ", exponent=\(exponent)"
      return "optax.cosine_decay_schedule(\(from), \(length), alpha=\(to / from)\(more))"
    case .ramp(let from, let to, .exponential):
      return "optax.exponential_decay(\(from), \(length), \(to / from), end_value=\(to))"
    default:
      return nil
    }
  }
}

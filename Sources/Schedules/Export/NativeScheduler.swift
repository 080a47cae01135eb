/// The scheduler of PyTorch that a plan is, where it is one.
struct NativeScheduler {
  let className: String
  private let arguments: [String]
  /// The rate that the optimiser has to have; nothing where the scheduler sets it itself.
  private let base: Double?

  init?(_ plan: Plan, _ horizon: Horizon) {
    guard let rate = plan[.learningRate], plan.entries.allSatisfy({ $0.group == nil }),
      plan.entries.allSatisfy({ $0.proportion == nil })
    else { return nil }
    let momentum = plan[.momentum]
    guard plan.entries.count == (momentum == nil ? 1 : 2) else { return nil }
    if let found = Self.oneCycle(rate, momentum, horizon) {
      self = found
    } else if momentum == nil, let found = Self.decay(rate, horizon) {
      self = found
    } else {
      return nil
    }
  }

  private init(_ className: String, base: Double? = nil, _ arguments: [String]) {
    self.className = className
    self.base = base
    self.arguments = arguments
  }

  /// The function that makes the scheduler.
  var definition: String {
    let call = "return \(className)(optimizer, \(arguments.joined(separator: ", ")))"
    guard let base else { return "def make_scheduler(optimizer):\n    \(call)" }
    return """
      def make_scheduler(optimizer):
          for group in optimizer.param_groups:
              group["lr"] = \(base)
              group.pop("initial_lr", None)
          \(call)
      """
  }

  // MARK: - 1cycle

  /// 1cycle with PyTorch's boundaries over a run that reaches its end, the momentum against it.
  private static func oneCycle(
    _ rate: Schedule, _ momentum: Schedule?, _ horizon: Horizon
  ) -> NativeScheduler? {
    guard horizon.end == .closed, case .sequence(let parts) = rate.node,
      case .ramp(let start, let peak, let span, let curve) = parts[0].node,
      case .ramp(_, let end, _, _) = parts[parts.count - 1].node,
      start > 0, peak > 0, end > 0, let strategy = strategy(curve)
    else { return nil }
    let warmup = span + 1.step
    // PyTorch divides by zero where the warm-up is one step.
    let ascent = warmup.percent * Double(horizon.stepCount) / 100 - 1
    guard span == .percent(warmup.percent) - 1.step, ascent > 1e-6 else { return nil }
    let style: Schedule.OneCycleStyle = parts.count == 3 ? .threePhase : .twoPhase
    func oneCycle(_ peak: Double, _ start: Double, _ end: Double) -> Schedule {
      .oneCycle(
        peak: peak, start: start, end: end, warmup: warmup, curve: curve, style: style,
        aligned: .pytorch)
    }
    guard rate == oneCycle(peak, start, end) else { return nil }
    var arguments = [
      "max_lr=\(peak)", "total_steps=\(horizon.stepCount)", "pct_start=\(warmup.percent / 100)",
      "anneal_strategy=\"\(strategy)\"", "div_factor=\(peak / start)",
      "final_div_factor=\(start / end)", "three_phase=\(style == .threePhase ? "True" : "False")",
    ]
    if let momentum {
      guard case .sequence(let parts) = momentum.node,
        case .ramp(let high, let low, _, _) = parts[0].node, momentum == oneCycle(low, high, high)
      else { return nil }
      arguments += ["base_momentum=\(low)", "max_momentum=\(high)"]
    } else {
      arguments.append("cycle_momentum=False")
    }
    return NativeScheduler("OneCycleLR", arguments)
  }

  private static func strategy(_ curve: Curve) -> String? {
    switch curve {
    case .cosine: "cos"
    case .linear: "linear"
    default: nil
    }
  }

  // MARK: - Decays

  private static func decay(_ rate: Schedule, _ horizon: Horizon) -> NativeScheduler? {
    switch rate.node {
    case .ramp(let from, let to, .remainder, .cosine) where horizon.length >= 1:
      return NativeScheduler(
        "CosineAnnealingLR", base: from,
        ["T_max=\(formatted(horizon.length))", "eta_min=\(to)"])
    case .ramp(let from, let to, .remainder, .linear) where horizon.length >= 1 && from > 0:
      return NativeScheduler(
        "LinearLR", base: from,
        [
          "start_factor=1.0", "end_factor=\(to / from)",
          "total_iters=\(formatted(horizon.length))",
        ]
      ).accepted(where: to <= from)
    case .repeated(let cycle, let repetition) where repetition.count == nil:
      return cycles(cycle, repetition)
    default:
      return nil
    }
  }

  private static func cycles(
    _ cycle: Schedule, _ repetition: Schedule.Repetition
  ) -> NativeScheduler? {
    switch cycle.node {
    case .ramp(let from, let to, let span, .cosine)
    where repetition.decay == 1 && repetition.stretch >= 1
      && repetition.stretch == repetition.stretch.rounded():
      return steps(span).map { count in
        NativeScheduler(
          "CosineAnnealingWarmRestarts", base: from,
          ["T_0=\(count)", "T_mult=\(formatted(repetition.stretch))", "eta_min=\(to)"])
      }
    case .hold(let value, let span)
    where repetition.target == .values && repetition.stretch == 1:
      return steps(span).map { count in
        NativeScheduler(
          "StepLR", base: value, ["step_size=\(count)", "gamma=\(repetition.decay)"])
      }
    default:
      return nil
    }
  }

  /// A whole number of steps.
  private static func steps(_ span: Span) -> String? {
    guard span == .steps(span.steps), span.steps >= 1, span.steps == span.steps.rounded() else {
      return nil
    }
    return formatted(span.steps)
  }

  private func accepted(where isAccepted: Bool) -> NativeScheduler? { isAccepted ? self : nil }
}

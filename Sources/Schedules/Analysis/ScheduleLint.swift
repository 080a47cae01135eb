extension Schedule {
  /// Looks for what may not be meant, without training: jumps, missed peaks, empty phases, a warm-up
  /// that fills the run, an end that is not reached, values above a range test's largest.
  ///
  /// Stairs from one hold to another and the restarts of cycles are not jumps. What cannot be resolved
  /// at all is a finding too.
  ///
  /// - Parameters:
  ///   - horizon: The run.
  ///   - maximum: The largest value that a range test found safe, if there was one.
  /// - Returns: The findings, in the order of ``ScheduleFinding``'s cases and then of time.
  public func lint(
    over horizon: Horizon, rangeTestMaximum maximum: Double? = nil
  )
    -> [ScheduleFinding]
  {
    do {
      return try resolved(over: horizon).findings(of: self, rangeTestMaximum: maximum)
    } catch {
      return [.error(error)]
    }
  }
}

extension ResolvedSchedule {
  fileprivate func findings(
    of schedule: Schedule, rangeTestMaximum maximum: Double?
  ) -> [ScheduleFinding] {
    // Before the first phase of a repetition or product there is no boundary to speak of.
    var findings = jumps
    if let peak = missedPeak { findings.append(peak) }
    findings += timeline.emptyPhases.map { .emptyPhase(phase: $0) }
    if let warmup = warmup(of: schedule) { findings.append(warmup) }
    if let end = missedEnd { findings.append(end) }
    if let maximum, let step = firstStep(where: { $0 > maximum }) {
      findings.append(.aboveRangeTest(step: step, value: self[step], maximum: maximum))
    }
    return findings
  }

  /// The distance between the smallest and the largest value, which distances are held against.
  private var range: Double {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in self { (low, high) = (Swift.min(low, value), Swift.max(high, value)) }
    return Swift.max(high - low, 1e-12 * abs(high))
  }

  /// Boundaries at which one phase does not end where the next begins.
  private var jumps: [ScheduleFinding] {
    let allowed = 0.01 * range
    var jumps: [ScheduleFinding] = []
    for index in timeline.starts.indices.dropFirst() {
      let (left, right) = (timeline.segments[index - 1], timeline.segments[index])
      if left.isFlat && right.isFlat { continue }
      let instant = timeline.starts[index]
      let before = timeline.value(at: instant, tolerance: -tolerance)
      let after = timeline.value(at: instant, tolerance: tolerance)
      let step = Int((instant - tolerance).rounded(.up))
      guard abs(after - before) > allowed, step < count else { continue }
      jumps.append(.jump(step: step, before: before, after: after))
    }
    return jumps
  }

  /// The largest value at a boundary, if no update comes within a thousandth of it.
  private var missedPeak: ScheduleFinding? {
    var peak = (value: -Double.infinity, instant: 0.0)
    for instant in timeline.starts where instant <= Double(count - 1) {
      for side in [-tolerance, tolerance] {
        let value = timeline.value(at: instant, tolerance: side)
        if value > peak.value { peak = (value, instant) }
      }
    }
    guard let reached = self.max(), reached < peak.value - 1e-3 * abs(peak.value) else {
      return nil
    }
    return .missedPeak(peak: peak.value, instant: peak.instant, reached: reached)
  }

  /// The end of the last phase, if the last update is far from it.
  ///
  /// A half-open run is always a step short of it: on a straight line that is far in fewer than 20
  /// steps. Cycles go on, and have no end.
  private var missedEnd: ScheduleFinding? {
    if let last = timeline.segments.last, case .cycles = last.content { return nil }
    let (final, end) = (self[count - 1], timeline.restValue)
    return abs(final - end) > 0.05 * range ? .endNotReached(last: final, end: end) : nil
  }

  /// A first phase that goes up and leaves nothing of the run to the others.
  private func warmup(of schedule: Schedule) -> ScheduleFinding? {
    guard case .sequence(let parts) = schedule.node, parts.count > 1, let first = parts.first,
      case .ramp(let from, let to, _, _) = first.node, to > from
    else { return nil }
    // An empty first phase is not there, and another one is the first on the time axis.
    guard case .ramp(from, to, _) = timeline.segments[0].content else { return nil }
    let end = timeline.starts.count > 1 ? timeline.starts[1] : timeline.segments[0].length
    guard end > Double(count - 1) - tolerance else { return nil }
    return .warmupFillsRun(phase: Resolution.name(first, number: 1), end: end, steps: count)
  }
}

extension Segment {
  /// Whether the segment is made of stairs, between which a jump is meant.
  fileprivate var isFlat: Bool {
    switch content {
    case .hold, .table: true
    case .ramp(let from, let to, _): from == to
    case .law, .cycles, .combined, .reversed: false
    }
  }
}

// MARK: - Plans

extension Plan {
  /// A finding with the hyper-parameter, and its group, that it is about.
  public struct Finding: Hashable, Sendable {
    /// The hyper-parameter's name, after its group's if it has one: `stem:learningRate`.
    public let key: String
    /// What was found.
    public let finding: ScheduleFinding
  }

  /// Looks for what may not be meant in every schedule, and between them.
  ///
  /// In a plan that schedules Adam's β₂, momentum is Adam's β₁ and is held against its root.
  ///
  /// - Parameters:
  ///   - horizon: The run.
  ///   - maximum: The largest learning rate that a range test found safe, if there was one.
  /// - Returns: The findings, schedule by schedule.
  public func lint(over horizon: Horizon, rangeTestMaximum maximum: Double? = nil) -> [Finding] {
    let whole: ResolvedPlan
    do {
      whole = try resolved(over: horizon)
    } catch {
      return errors(error, over: horizon, maximum)
    }
    var findings: [Finding] = []
    for (entry, resolved) in zip(entries, whole.entries) {
      let limit = entry.key == .learningRate ? maximum : nil
      findings += resolved.values.findings(of: entry.schedule, rangeTestMaximum: limit)
        .map { Finding(key: entry.qualifiedName, finding: $0) }
    }
    if let finding = whole.momentumFinding { findings.append(finding) }
    return findings
  }

  /// The findings of the schedules by themselves, where the plan as a whole has an error.
  private func errors(
    _ error: ScheduleError, over horizon: Horizon, _ maximum: Double?
  ) -> [Finding] {
    var findings: [Finding] = []
    for entry in entries {
      let limit = entry.key == .learningRate ? maximum : nil
      findings += entry.schedule.lint(over: horizon, rangeTestMaximum: limit)
        .map { Finding(key: entry.qualifiedName, finding: $0) }
    }
    if findings.contains(where: { $0.finding == .error(error) }) { return findings }
    return [Finding(key: error.key ?? "plan", finding: .error(error))] + findings
  }
}

extension ResolvedPlan {
  fileprivate var momentumFinding: Plan.Finding? {
    guard let momentum = self[.momentum], let beta2 = self[.beta2] else { return nil }
    let step = momentum.indices.first { momentum[$0] >= beta2[$0].squareRoot() }
    guard let step else { return nil }
    return Plan.Finding(
      key: "momentum",
      finding: .momentumAboveBeta2(
        step: step, momentum: momentum[step], limit: beta2[step].squareRoot()))
  }
}

extension ScheduleError {
  /// The hyper-parameter that an error of a plan names.
  fileprivate var key: String? {
    switch self {
    case .outOfRange(let key, _, _, _), .duplicateKey(let key), .proportion(let key, _, _): key
    default: nil
    }
  }
}

extension Schedule {
  /// A place where phases meet, begin or end, which a reader of a figure may pull about.
  public struct Knot: Hashable, Sendable {
    /// Its number among the schedule's knots: two for each phase, its beginning and its end.
    public let index: Int
    /// Where it is, in steps of the run.
    public let step: Double
    /// The value there.
    public let value: Double
    /// What it is, for example "end of phase 1".
    public let label: String
  }

  /// The knots of a schedule that is a list of holds and ramps over a run.
  ///
  /// Where a phase begins with the value that the one before it ends with, the two share a knot.
  /// Schedules of other parts (cycles, products, tables) have none: their values are not where
  /// somebody wrote them.
  ///
  /// - Throws: A ``ScheduleError`` where the schedule does not fit the run.
  public func knots(over horizon: Horizon) throws(ScheduleError) -> [Knot] {
    _ = try resolved(over: horizon)
    guard let phases = try phases(over: horizon) else { return [] }
    var knots: [Knot] = []
    for (number, phase) in phases.enumerated() {
      let isShared = number > 0 && phases[number - 1].to == phase.from
      if !isShared {
        knots.append(
          Knot(
            index: 2 * number, step: phase.start, value: phase.from,
            label: "beginning of phase \(number + 1)"))
      }
      knots.append(
        Knot(
          index: 2 * number + 1, step: phase.end, value: phase.to,
          label: "end of phase \(number + 1)"))
    }
    return knots
  }

  /// The schedule with a knot in another place.
  ///
  /// All values that are one with the knot's go with it: both ends of a hold, and the phases that it
  /// joins. The two phases beside it change their lengths, the others keep theirs. Lengths stay in
  /// the units they were written in, to a tenth of a per cent, a hundredth of an epoch, or a step.
  ///
  /// - Parameters:
  ///   - index: The knot's number, one of those of `knots(over:)`.
  ///   - step: Where to, in steps; kept between the knots beside it.
  ///   - value: The value there, taken to three significant digits.
  ///   - horizon: The run.
  /// - Returns: The schedule; itself where it has no such knot.
  /// - Throws: A ``ScheduleError`` where the schedule does not fit the run.
  public func movingKnot(
    _ index: Int, to step: Double, value: Double, over horizon: Horizon
  ) throws(ScheduleError) -> Schedule {
    guard step.isFinite, value.isFinite, var phases = try phases(over: horizon),
      phases.indices.contains(index / 2), index >= 0
    else { return self }
    phases.setValue(Self.rounded(value), at: index)
    // The boundary that moves is the end of a phase, or the one before the phase that begins there.
    let first = index % 2 == 1 ? index / 2 : index / 2 - 1
    if first >= 0 { phases.moveEnd(of: first, to: step, over: horizon) }
    return .sequence(phases.map(\.schedule))
  }

  /// The phases of a list of holds and ramps; nothing where there are others.
  private func phases(over horizon: Horizon) throws(ScheduleError) -> [DraggedPhase]? {
    let parts: [Schedule] = if case .sequence(let parts) = node { parts } else { [self] }
    var phases: [DraggedPhase] = []
    for part in parts {
      switch part.node {
      case .hold(let value, let span):
        phases.append(DraggedPhase(from: value, to: value, span: span, curve: nil))
      case .ramp(let from, let to, let span, let curve):
        phases.append(DraggedPhase(from: from, to: to, span: span, curve: curve))
      default: return nil
      }
    }
    let shares = phases.reduce(0) { $0 + $1.span.remainders }
    var stated = 0.0
    for phase in phases { stated += try horizon.steps(of: phase.span, from: nil, phase: "a phase") }
    let share = shares > 0 ? max(0, horizon.length - stated) / shares : 0
    var cursor = 0.0
    for index in phases.indices {
      let span = phases[index].span
      phases[index].start = cursor
      cursor += try horizon.steps(of: span, from: nil, phase: "a phase") + share * span.remainders
      phases[index].end = cursor
    }
    return phases
  }

  /// To three significant digits, in decimals.
  private static func rounded(_ value: Double) -> Double {
    guard value != 0 else { return 0 }
    var scale = 1.0
    while abs(value) * scale < 100, scale < 1e12 { scale *= 10 }
    return abs(value) >= 1000 ? value.rounded() : (value * scale).rounded() / scale
  }
}

/// A hold or a ramp, and where it lies in a run.
private struct DraggedPhase {
  var from: Double
  var to: Double
  var span: Span
  /// Nothing for a hold.
  var curve: Curve?
  var start = 0.0
  var end = 0.0

  var schedule: Schedule {
    if let curve {
      return Schedule(node: .ramp(from: from, to: to, span: span, curve: curve))
    }
    return Schedule(node: .hold(value: from, span: span))
  }

  /// Gives the phase a length in steps, in the unit that it has; one without gets per cent.
  mutating func setLength(_ length: Double, over horizon: Horizon) {
    let change = length - (end - start)
    func nearest(_ amount: Double, _ places: Double) -> Double {
      max(0, (amount * places).rounded() / places)
    }
    if let ratio = horizon.stepsPerEpoch, span.epochs != 0 {
      span.epochs = nearest(span.epochs + change / ratio, 100)
    } else if let ratio = horizon.samplesPerStep, span.samples != 0 {
      span.samples = nearest(span.samples + change * ratio, 1)
    } else if span.percent != 0 || span.steps == 0 {
      span.percent = nearest(
        span.percent + 100 * (span.remainders == 0 ? change : length) / Double(horizon.stepCount),
        10)
    } else {
      span.steps = nearest(span.steps + change, 1)
    }
    span.remainders = 0
  }
}

extension [DraggedPhase] {
  /// Sets the value of a phase's beginning (2n) or end (2n + 1), and those that are one with it.
  fileprivate mutating func setValue(_ value: Double, at index: Int) {
    var (low, high) = (index, index)
    while low > 0, isOne(low - 1) { low -= 1 }
    while high < 2 * count - 1, isOne(high) { high += 1 }
    for place in low...high {
      if place % 2 == 0 { self[place / 2].from = value } else { self[place / 2].to = value }
    }
  }

  /// Whether a place has its value from the same source as the next one.
  private func isOne(_ place: Int) -> Bool {
    place % 2 == 0
      ? self[place / 2].curve == nil : self[place / 2].to == self[place / 2 + 1].from
  }

  /// Moves the boundary after a phase.
  fileprivate mutating func moveEnd(of first: Int, to step: Double, over horizon: Horizon) {
    let isLast = first == count - 1
    // A last phase that takes what is left ends where the run does.
    if isLast, self[first].span.remainders > 0 { return }
    let limit = isLast ? horizon.length : self[first + 1].end
    let place = Swift.min(Swift.max(step, self[first].start), limit)
    guard place != self[first].end else { return }
    let rest = limit - place
    let takesRest = self[first].span.remainders > 0
    let nextTakesRest = !isLast && self[first + 1].span.remainders > 0
    if !takesRest || nextTakesRest {
      self[first].setLength(place - self[first].start, over: horizon)
    }
    if !isLast, !nextTakesRest { self[first + 1].setLength(rest, over: horizon) }
  }
}

extension Plan {
  /// The plan with a knot of one of its schedules in another place.
  ///
  /// - Parameters:
  ///   - index: The knot's number.
  ///   - entry: The number of the schedule in the plan.
  ///   - step: Where to, in steps.
  ///   - value: The value there.
  ///   - horizon: The run.
  /// - Returns: The plan; itself where it has no such schedule or knot.
  /// - Throws: A ``ScheduleError`` where the schedule does not fit the run.
  public func movingKnot(
    _ index: Int, ofEntry entry: Int, to step: Double, value: Double, over horizon: Horizon
  ) throws(ScheduleError) -> Plan {
    guard entries.indices.contains(entry) else { return self }
    var entries = entries
    entries[entry].schedule = try entries[entry].schedule.movingKnot(
      index, to: step, value: value, over: horizon)
    return Plan(entries: entries)
  }
}

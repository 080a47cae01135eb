// What the libraries' schedules of schedules have in common.

extension ImportParameters {
  /// The schedules that this one is made of: pairs of a class and its parameters, as in
  /// `[["LinearLR", {"total_iters": 5}], ["CosineAnnealingLR", {"T_max": 20}]]`.
  ///
  /// - Parameters:
  ///   - name: The parameter that lists them.
  ///   - handedDown: Parameters of this class that hold for a part that has none of its own.
  /// - Returns: Each part with its class's name, ready for `ImportedPlan`.
  /// - Throws: `ScheduleError` for what is no such list.
  func parts(
    _ name: String, handingDown handedDown: [String] = []
  ) throws(ScheduleError) -> [ImportPart] {
    let expected = "a list of pairs of a class and its parameters, [[\"NAME\", {…}], …],"
    guard case .array(let elements)? = self[name], !elements.isEmpty else {
      throw error(name, expected: expected)
    }
    let library = try ImportLibrary.named(self.library)
    var parts: [ImportPart] = []
    for element in elements {
      guard case .array(let pair) = element, (1...2).contains(pair.count),
        case .string(let className) = pair[0],
        case .object(var values) = pair.count == 2 ? pair[1] : .object([:])
      else { throw error(name, expected: expected) }
      let known = try library.importClass(named: className)
      for key in handedDown where known.parameters.contains(key) && values[key] == nil {
        values[key] = self[key]
      }
      parts.append(ImportPart(known: known, values: values, library: self.library, steps: steps))
    }
    return parts
  }
}

/// One schedule of a schedule of schedules.
struct ImportPart {
  let known: ImportClass
  var values: [String: JSONValue]
  let library: String
  let steps: Int?

  func imported() throws(ScheduleError) -> ImportedPlan {
    try known.translate(ImportParameters(values, of: known, in: library, steps: steps))
  }
}

extension ImportedPlan {
  /// Plans one after the other, each from its own beginning.
  ///
  /// - Parameters:
  ///   - parts: The plans, which schedule the same hyper-parameters.
  ///   - starts: When each but the first begins, in updates, ascending.
  /// - Returns: The plan; nothing if the parts do not fit together.
  static func joined(_ parts: [ImportedPlan], at starts: [Double]) -> ImportedPlan? {
    guard let first = parts.first, parts.count == starts.count + 1 else { return nil }
    let names = first.plan.entries.map(\.qualifiedName)
    guard parts.allSatisfy({ $0.plan.entries.map(\.qualifiedName) == names }) else { return nil }
    let lengths = zip(starts, [0] + starts).map { $0 - $1 }
    guard lengths.allSatisfy({ $0 >= 0 }) else { return nil }
    let entries = first.plan.entries.indices.map { index in
      var entry = first.plan.entries[index]
      var phases: [Schedule] = []
      for (part, length) in zip(parts, lengths.map(Optional.some) + [nil]) where length != 0 {
        let schedule = part.pinned(part.plan.entries[index].schedule)
        phases.append(length.map { schedule.lasting($0) } ?? schedule)
      }
      entry.schedule = .sequence(phases)
      return entry
    }
    return ImportedPlan(Plan(entries: entries))
  }

  /// A schedule of the plan with its lengths in steps, as they are in the plan's own run.
  private func pinned(_ schedule: Schedule) -> Schedule {
    guard let stepCount else { return schedule }
    return schedule.pinned(to: horizon(steps: stepCount))
  }
}

extension Schedule {
  /// The schedule with its lengths in steps, so that it is the same in a run of another length.
  func pinned(to horizon: Horizon) -> Schedule {
    let resolution = Resolution(horizon: horizon, origin: 0)
    guard let extent = try? resolution.extent(of: self) else { return self }
    let share = extent.shares > 0 ? max(0, horizon.length - extent.steps) / extent.shares : 0
    return pinned(to: horizon, share: share)
  }

  private func pinned(to horizon: Horizon, share: Double) -> Schedule {
    func steps(_ span: Span) -> Span {
      let stated = (try? horizon.steps(of: span.withoutRemainder, from: 0, phase: "")) ?? 0
      return .steps(stated + span.remainders * share)
    }
    switch node {
    case .hold(let value, let span):
      return Hold(value, for: steps(span)).schedule
    case .ramp(let from, let to, let span, let curve):
      return Ramp(from: from, to: to, over: steps(span), curve: curve).schedule
    case .table(let values, let span):
      return .table(values, over: steps(span))
    case .sequence(let parts):
      return .sequence(parts.map { $0.pinned(to: horizon, share: share) })
    case .scaled(let inner, let factor):
      return inner.pinned(to: horizon, share: share).scaled(by: factor)
    case .clamped(let inner, let lower, let upper):
      return inner.pinned(to: horizon, share: share).clamped(to: lower...max(lower, upper))
    default:
      // The others lay their parts out over their whole length, which the limit states.
      return share > 0 ? limited(to: .steps(share)) : self
    }
  }

  /// The beginning of the schedule for exactly so many steps.
  func lasting(_ steps: Double) -> Schedule {
    let stated = try? Resolution(horizon: Horizon(steps: 1), origin: 0).extent(of: self)
    // A schedule of just that length needs no limit.
    if let stated, stated.shares == 0, stated.steps == steps { return self }
    return limited(to: .steps(steps))
  }

  /// The schedule from `start` on, preceded by a ramp that does not delay it.
  ///
  /// A schedule cannot be entered in its middle. It runs from the beginning, times 0 and then 1, and
  /// the ramp is added to it.
  func covered(until start: Double, by ramp: Schedule) -> Schedule {
    guard start > 0 else { return self }
    let gate = Schedule.piecewise([0, 1], at: [.steps(start)])
    return gate * self + .sequence([ramp, Hold(0).schedule])
  }
}

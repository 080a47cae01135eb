/// The schedules of one run: which hyper-parameter follows which schedule, per parameter group.
///
///     let rate = Schedule.oneCycle(peak: 3, warmup: 45.percent, curve: .linear)
///     let plan = Plan {
///       Scheduled(.learningRate, rate)
///       Scheduled(.learningRate, rate).group("stem", scaledBy: 0.1)
///       Scheduled(.momentum, rate.mirrored(into: 0.85...0.95))
///       Scheduled(.imageSize, roundedToMultipleOf: 32) { Hold(128, for: 13.epochs); Hold(224) }
///     }
public struct Plan: Hashable, Sendable {
  /// One hyper-parameter's schedule, for all parameters or for those of one group.
  public struct Entry: Hashable, Sendable {
    let key: HyperparameterKey
    /// The name of the group of parameters; nothing for all that have no schedule of their own.
    public internal(set) var group: String?
    /// The schedule as written, before rounding.
    public internal(set) var schedule: Schedule
    /// What integers are rounded to a multiple of.
    public let multiple: Int?
    /// The hyper-parameter that the values are proportional to.
    var proportion: Proportion?

    /// The hyper-parameter's name in lower camel case.
    public var name: String { key.rawValue }

    /// The name with its group, as in text: `stem:lr`.
    var word: String { (group.map { "\($0):" } ?? "") + key.word }

    /// The name with its group, as in errors: `stem:learningRate`.
    var qualifiedName: String { (group.map { "\($0):" } ?? "") + key.rawValue }
  }

  /// A tie of one hyper-parameter to another.
  struct Proportion: Hashable, Sendable {
    let key: HyperparameterKey
    /// The value of the other one at which the schedule's own values hold.
    let reference: Double
  }

  /// The schedules in the order in which they were written.
  public let entries: [Entry]

  init(entries: [Entry]) { self.entries = entries }

  /// A plan of several hyper-parameters.
  public init(@PlanBuilder _ entries: () -> Plan) { self = entries() }

  /// The hyper-parameters that are scheduled, each once, in the order of the entries.
  public var keys: [String] {
    entries.reduce(into: []) { names, entry in
      if !names.contains(entry.name) { names.append(entry.name) }
    }
  }

  /// The groups that have schedules of their own, each once, in the order of the entries.
  public var groups: [String] {
    entries.reduce(into: []) { groups, entry in
      if let group = entry.group, !groups.contains(group) { groups.append(group) }
    }
  }

  /// The plan with only the schedules of some hyper-parameters, by their names.
  public func keeping(_ names: [String]) -> Plan {
    Plan(entries: entries.filter { names.contains($0.name) })
  }

  /// The plan with another schedule of a hyper-parameter for all parameters; groups keep their own.
  public func replacing(_ key: Hyperparameter<Double>, with schedule: Schedule) -> Plan {
    replacing(Scheduled(key, schedule).entry)
  }

  /// The plan with another schedule of an integer for all parameters; its values are rounded.
  public func replacing(_ key: Hyperparameter<Int>, with schedule: Schedule) -> Plan {
    replacing(Scheduled(key, schedule).entry)
  }

  private func replacing(_ new: Entry) -> Plan {
    guard let index = entries.firstIndex(where: { $0.key == new.key && $0.group == nil }) else {
      return Plan(entries: [new] + entries)
    }
    var entries = entries
    entries[index] = new
    return Plan(entries: entries)
  }

  /// The schedule of a hyper-parameter as it was written for exactly this group.
  public subscript<Value>(key: Hyperparameter<Value>, group: String? = nil) -> Schedule? {
    entries.first { $0.key == key.key && $0.group == group }?.schedule
  }
}

// MARK: - Scheduled

/// A hyper-parameter together with its schedule.
public struct Scheduled: Hashable, Sendable {
  var entry: Plan.Entry

  /// A hyper-parameter that follows a schedule.
  public init(_ key: Hyperparameter<Double>, _ schedule: Schedule) {
    entry = Plan.Entry(key: key.key, group: nil, schedule: schedule, multiple: nil)
  }

  /// A hyper-parameter that follows the phases.
  public init(_ key: Hyperparameter<Double>, @ScheduleBuilder _ phases: () -> Schedule) {
    self.init(key, phases())
  }

  /// An integer hyper-parameter that follows a schedule, rounded.
  ///
  /// - Parameters:
  ///   - key: The hyper-parameter.
  ///   - multiple: Values become the nearest multiple of this, and at least one times it.
  ///   - schedule: The values before rounding.
  /// - Precondition: The multiple is at least 1.
  public init(
    _ key: Hyperparameter<Int>, roundedToMultipleOf multiple: Int = 1, _ schedule: Schedule
  ) {
    precondition(multiple >= 1, "values are rounded to a multiple of at least 1")
    entry = Plan.Entry(key: key.key, group: nil, schedule: schedule, multiple: multiple)
  }

  /// An integer hyper-parameter that follows the phases, rounded.
  ///
  /// - Precondition: The multiple is at least 1.
  public init(
    _ key: Hyperparameter<Int>, roundedToMultipleOf multiple: Int = 1,
    @ScheduleBuilder _ phases: () -> Schedule
  ) {
    self.init(key, roundedToMultipleOf: multiple, phases())
  }

  /// The same values, times another hyper-parameter's of the plan over a reference: the linear scaling
  /// rule of rate and batch size (Goyal and others 2017, arXiv 1706.02677).
  ///
  ///     value(t) = schedule(t) · other(t) / reference
  ///
  /// - Parameters:
  ///   - other: The other hyper-parameter, which the plan schedules too; of whole numbers the rounded
  ///     ones count.
  ///   - reference: The other one's value at which this schedule's own values hold, > 0.
  /// - Returns: The tied schedule.
  /// - Precondition: The reference is positive and finite.
  public func proportional<Value>(
    to other: Hyperparameter<Value>, per reference: Double = 1
  ) -> Scheduled {
    precondition(
      reference > 0 && reference.isFinite, "a reference is a positive number, found \(reference)")
    var copy = self
    copy.entry.proportion = Plan.Proportion(key: other.key, reference: reference)
    return copy
  }

  /// The same for the parameters of one group, times a factor.
  ///
  /// - Precondition: The name is not empty and has neither `:` nor `=` nor white space.
  public func group(_ name: String, scaledBy factor: Double = 1) -> Scheduled {
    precondition(
      Plan.isGroupName(name), "a group's name is not empty and has no ':', '=' or white space")
    var copy = self
    copy.entry.group = name
    copy.entry.schedule = entry.schedule.scaled(by: factor)
    return copy
  }
}

extension Plan {
  /// Whether a name can stand before the colon in the text form.
  static func isGroupName(_ name: some StringProtocol) -> Bool {
    // Scalars and not characters: a colon with an accent is a colon to the parser.
    !name.isEmpty
      && !name.unicodeScalars.contains { scalar in
        scalar == ":" || scalar == "=" || scalar.properties.isWhitespace
      }
  }
}

// MARK: - Builder

/// Collects the schedules of a plan; `if` and `for` are Swift's own.
@resultBuilder
public enum PlanBuilder {
  /// One hyper-parameter.
  public static func buildExpression(_ scheduled: Scheduled) -> [Plan.Entry] { [scheduled.entry] }

  /// All hyper-parameters of another plan.
  public static func buildExpression(_ plan: Plan) -> [Plan.Entry] { plan.entries }

  /// Hyper-parameters side by side.
  public static func buildBlock(_ parts: [Plan.Entry]...) -> [Plan.Entry] { parts.flatMap { $0 } }

  /// Hyper-parameters that may be absent.
  public static func buildOptional(_ part: [Plan.Entry]?) -> [Plan.Entry] { part ?? [] }

  /// The first branch of a choice.
  public static func buildEither(first part: [Plan.Entry]) -> [Plan.Entry] { part }

  /// The second branch of a choice.
  public static func buildEither(second part: [Plan.Entry]) -> [Plan.Entry] { part }

  /// The hyper-parameters of a loop.
  public static func buildArray(_ parts: [[Plan.Entry]]) -> [Plan.Entry] { parts.flatMap { $0 } }

  /// The plan.
  public static func buildFinalResult(_ parts: [Plan.Entry]) -> Plan { Plan(entries: parts) }
}

/// The values of a plan's schedules over one run.
public struct ResolvedPlan: Sendable {
  /// One hyper-parameter's values, for all parameters or for those of one group.
  public struct Entry: Sendable {
    let key: HyperparameterKey
    let multiple: Int
    /// The hyper-parameter's name in lower camel case.
    public var name: String { key.rawValue }
    /// The name of the group of parameters; nothing for all that have no schedule of their own.
    public let group: String?
    /// The values before rounding.
    public let values: ResolvedSchedule
  }

  /// The values in the order of the plan.
  public let entries: [Entry]

  /// The hyper-parameters that are scheduled, each once, in the order of the plan.
  public let keys: [String]

  /// The number of updates in the run.
  public let stepCount: Int

  private func entry(_ key: HyperparameterKey, _ group: String?) -> Entry? {
    entries.first { $0.key == key && $0.group == group }
      ?? entries.first { $0.key == key && $0.group == nil }
  }

  /// The values of a hyper-parameter for a group, or for all groups without values of their own.
  public subscript(key: Hyperparameter<Double>, group: String? = nil) -> ResolvedSchedule? {
    entry(key.key, group)?.values
  }

  /// The rounded values of a hyper-parameter for a group, or for all groups without their own.
  public subscript(key: Hyperparameter<Int>, group: String? = nil) -> ResolvedIntegers? {
    entry(key.key, group).map { ResolvedIntegers(values: $0.values, multiple: $0.multiple) }
  }
}

/// Whole values over one run: a random-access collection with an element per update.
public struct ResolvedIntegers: RandomAccessCollection, Sendable {
  private let values: ResolvedSchedule
  private let multiple: Int

  init(values: ResolvedSchedule, multiple: Int) {
    self.values = values
    self.multiple = multiple
  }

  /// The index of the first update, 0.
  public var startIndex: Int { 0 }

  /// One past the index of the last update.
  public var endIndex: Int { values.count }

  /// The value in force during an update, rounded to the nearest multiple and at least one times it.
  ///
  /// - Precondition: `step` is in `0 ..< count`.
  public subscript(step: Int) -> Int {
    // In range: a plan's values are checked against `HyperparameterKey.largestInteger`.
    Swift.max(1, Int((values[step] / Double(multiple)).rounded())) * multiple
  }
}

// MARK: - Resolving

extension Plan {
  /// The values of all schedules over a run.
  ///
  /// - Throws: A ``ScheduleError`` where a schedule cannot be resolved, a value leaves the range of
  ///   its hyper-parameter, or a hyper-parameter is scheduled twice for one group.
  public func resolved(over horizon: Horizon) throws(ScheduleError) -> ResolvedPlan {
    try validate()
    let walked = try withBatchSizes(horizon)
    var resolved: [ResolvedPlan.Entry] = []
    for entry in entries {
      let values = try values(of: entry, horizon, walked)
      try entry.check(values)
      resolved.append(
        ResolvedPlan.Entry(
          key: entry.key, multiple: entry.multiple ?? 1, group: entry.group, values: values))
    }
    return ResolvedPlan(entries: resolved, keys: keys, stepCount: horizon.stepCount)
  }

  /// The run with the batch sizes that the plan schedules, if some length is measured in samples.
  ///
  /// The batch size itself is resolved in the run as it was given: its own lengths in samples need a
  /// `samplesPerStep` or batch sizes there.
  private func withBatchSizes(_ horizon: Horizon) throws(ScheduleError) -> Horizon {
    guard let batches = entry(.batchSize, group: nil),
      entries.contains(where: { entry in
        entry.key != .batchSize && entry.schedule.containsSpan { $0.isMeasuredInSamples }
      })
    else { return horizon }
    let values = try values(of: batches, horizon, horizon)
    try batches.check(values)
    var changed = horizon
    changed.batchSizes = BatchSizes(
      ResolvedIntegers(values: values, multiple: batches.multiple ?? 1))
    return changed
  }

  private func entry(_ key: HyperparameterKey, group: String?) -> Entry? {
    entries.first { $0.key == key && $0.group == group }
      ?? entries.first { $0.key == key && $0.group == nil }
  }

  /// An entry's values, times those that it is proportional to.
  ///
  /// Batch sizes are resolved in the run as it was given, everything else in the one that knows them.
  private func values(
    of entry: Entry, _ horizon: Horizon, _ walked: Horizon
  ) throws(ScheduleError) -> ResolvedSchedule {
    let run = entry.key == .batchSize ? horizon : walked
    let own = try entry.schedule.resolved(over: run)
    guard let proportion = entry.proportion else { return own }
    // A group's own rate in proportion to the rate is a multiple of everybody else's.
    let group = proportion.key == entry.key ? nil : entry.group
    guard let other = self.entry(proportion.key, group: group) else {
      throw .proportion(
        key: entry.qualifiedName, to: proportion.key.rawValue, problem: "the plan does not schedule"
      )
    }
    guard other.proportion == nil else {
      throw .proportion(
        key: entry.qualifiedName, to: proportion.key.rawValue, problem: "is proportional itself")
    }
    let factor = other.multiple.map { other.schedule.rounded(toMultipleOf: $0) } ?? other.schedule
    return own.product(
      with: try factor.resolved(over: other.key == .batchSize ? horizon : walked),
      scaledBy: 1 / proportion.reference)
  }

  func validate() throws(ScheduleError) {
    var seen: Set<String> = []
    for entry in entries where !seen.insert(entry.qualifiedName).inserted {
      throw .duplicateKey(entry.qualifiedName)
    }
    for entry in entries {
      guard let multiple = entry.multiple.map(Double.init) else { continue }
      guard multiple <= HyperparameterKey.largestInteger else {
        throw .parameter(
          phase: entry.qualifiedName, name: "multiple", value: multiple,
          expected: entry.key.expectation)
      }
    }
  }
}

extension Plan.Entry {
  /// Checks every value against the hyper-parameter's range.
  fileprivate func check(_ values: ResolvedSchedule) throws(ScheduleError) {
    // Most schedules are inside by their bounds; only the others are looked at step by step.
    if key.accepts(values.bounds.lower), key.accepts(values.bounds.upper) { return }
    guard let step = values.firstStep(where: { !key.accepts($0) }) else { return }
    throw .outOfRange(
      key: qualifiedName, step: step, value: values[step], expected: key.expectation)
  }
}

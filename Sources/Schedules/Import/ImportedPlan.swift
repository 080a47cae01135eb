/// A plan made from another library's schedule, with the rule for the run it is meant for.
///
///     let imported = try ImportedPlan(
///       library: "torch", class: "OneCycleLR", parameters: ["max_lr": 0.1, "total_steps": 1000])
///     imported.plan[.learningRate]  // 0.004..0.1@30%-1st:cosine,0.1..4e-07:cosine
///     let values = try imported.plan.resolved(over: imported.horizon(steps: 1000))
///
/// The names are the library's own, and every count of updates or calls of `step()` becomes a count
/// of steps. Where the optimiser holds a value that the schedule begins with, it is the parameter
/// `base_lr`; like the library, classes that do not use it ignore it.
public struct ImportedPlan: Hashable, Sendable {
  /// The schedules.
  public let plan: Plan

  /// The length of the run that the parameters state; nothing where the schedule fits any run.
  public let stepCount: Int?

  /// Whether the library has values of its own after the run that the parameters state.
  let continues: Bool

  /// Updates per epoch, where the parameters state them.
  public let stepsPerEpoch: Double?

  /// Whether the library's last update is at the schedule's end.
  public let end: Horizon.End

  init(
    _ plan: Plan, stepCount: Int? = nil, continues: Bool = false, stepsPerEpoch: Double? = nil,
    end: Horizon.End = .halfOpen
  ) {
    self.plan = plan
    self.stepCount = stepCount
    self.continues = continues
    self.stepsPerEpoch = stepsPerEpoch
    self.end = end
  }

  /// Translates a schedule of another library.
  ///
  /// - Parameters:
  ///   - library: `torch` (or `pytorch`), `fastai`, `optax`, `timm`, `transformers`, `keras`,
  ///     `composer`, `ignite`, `dawnbench`, or `formula` for published laws that no library has.
  ///   - className: The library's name of the class or function, such as `OneCycleLR`.
  ///   - parameters: The arguments by the library's names; those left out, or null, have the
  ///     library's defaults.
  ///   - steps: The number of updates of the run. Only Keras' `PolynomialDecay` with `cycle` asks for
  ///     it: its cycles follow no rule of the algebra and are written out one by one.
  /// - Throws: A ``ScheduleError`` for an unknown name, with the nearest known one, or for a
  ///   parameter that is missing, of the wrong kind or out of range.
  public init(
    library: String, class className: String, parameters: [String: JSONValue],
    steps: Int? = nil
  ) throws(ScheduleError) {
    let known = try ImportLibrary.named(library).importClass(named: className)
    self = try known.translate(
      try ImportParameters(parameters, of: known, in: library, steps: steps))
  }

  /// The run to resolve the plan over.
  ///
  /// - Parameter steps: The number of updates, used where the parameters do not state it.
  /// - Returns: The library's run, with its convention for the last update. Where the parameters
  ///   state no run, it is long enough for all phases.
  public func horizon(steps: Int) -> Horizon {
    var horizon = Horizon(steps: stepCount ?? steps, stepsPerEpoch: stepsPerEpoch, end: end)
    guard stepCount == nil || continues else { return horizon }
    let resolution = Resolution(horizon: horizon, origin: 0)
    let lengths = plan.entries.compactMap { try? resolution.extent(of: $0.schedule).steps }
    let longest = (lengths.max() ?? 0).rounded(.up)
    if longest < Double(Horizon.maximumStepCount) {
      horizon.stepCount = max(steps, horizon.stepCount, Int(longest))
    }
    return horizon
  }

  /// One hyper-parameter's values, update by update.
  public struct Values: Hashable, Sendable {
    /// The hyper-parameter's name in lower camel case.
    public let name: String
    /// The parameter group; nothing for the first, and for all that have no values of their own.
    public let group: String?
    /// The value in force during each update.
    public let values: [Double]
  }

  /// The values of every schedule during the first updates.
  ///
  /// A run that is shorter than the one the parameters state sees its beginning. In one that is
  /// longer the last value is held, where libraries raise an error or climb again.
  ///
  /// - Parameter steps: How many values, ≥ 1.
  /// - Returns: The values in the order of the plan.
  /// - Throws: A ``ScheduleError`` where the plan cannot be resolved.
  public func values(steps: Int) throws(ScheduleError) -> [Values] {
    guard steps >= 1 else { throw .runLength(steps: steps) }
    return try plan.resolved(over: horizon(steps: steps)).entries.map { entry in
      let own = entry.values
      let held = repeatElement(own.value(at: .infinity), count: max(0, steps - own.count))
      return Values(name: entry.name, group: entry.group, values: Array(own.prefix(steps)) + held)
    }
  }

  /// The libraries and classes that can be imported, as `torch.OneCycleLR`.
  public static var supported: [String] {
    ImportLibrary.all.flatMap { library in
      library.classes.map { "\(library.name).\($0.name)" }
    }
  }
}

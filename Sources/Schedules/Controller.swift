/// A rule that watches a measurement, such as the validation loss, and says by how much to multiply an
/// open-loop schedule: a closed loop as a value.
///
///     var plateau = Controller.plateau(factor: 0.5, patience: 3, ignoring: warmupEpochs)
///     let rates = try schedule.resolved(over: run)
///     for step in 0..<run.stepCount {
///       update(rate: rates[step] * plateau.scale)
///       if isValidated(step) { plateau.observe(loss) }
///     }
///
/// The schedule warms up and anneals by the clock and the controller reacts on top of it, so that
/// "warm up, then watch the plateau" needs no special case. A controller is `Codable` with its state,
/// which is all that a checkpoint has to keep, and ``values(of:observing:)`` replays one from the numbers
/// of a metrics log.
public struct Controller: Hashable, Sendable, Codable {
  /// Which measurements are better.
  public enum Goal: String, Hashable, Sendable, Codable, CaseIterable {
    /// Less is better: a loss.
    case smaller
    /// More is better: an accuracy.
    case larger
  }

  /// How much better than the best one a measurement has to be.
  public enum Threshold: Hashable, Sendable, Codable {
    /// By a share of the best.
    case relative(share: Double)
    /// By a difference.
    case absolute(difference: Double)
  }

  /// What is done about measurements that are better, or not.
  public enum Reaction: Hashable, Sendable, Codable {
    /// Lower the scale by a factor, not below a floor.
    case lower(factor: Double, floor: Double)
    /// Lower it, or raise it by one over the factor, within a floor and a ceiling; after a raise,
    /// `warmup` measurements are not looked at. After `restart` reductions that ended at the floor
    /// everything begins anew, if there is such a number.
    case lowerAndRaise(
      factor: Double, floor: Double, ceiling: Double, warmup: Int, restart: Int?)
    /// Say that the run should end.
    case stop
  }

  /// Which measurements are better.
  public let goal: Goal
  /// How much better they have to be.
  public let threshold: Threshold
  /// How many measurements in a row may be the wrong way before something is done, ≥ 0.
  public let patience: Int
  /// How many measurements count for nothing bad after the scale was lowered, ≥ 0.
  public let cooldown: Int
  /// How many measurements at the beginning count for nothing at all, ≥ 0: a warm-up's.
  public let ignored: Int
  /// Of how many last measurements the mean is looked at, ≥ 1.
  public let window: Int
  /// Changes of the scale that are not larger than this are not made, ≥ 0.
  public let smallestChange: Double
  /// What is done.
  public let reaction: Reaction

  /// What an open-loop schedule is to be multiplied by for the next update.
  public private(set) var scale = 1.0
  /// Whether a controller that stops has seen enough.
  public private(set) var isStopped = false
  /// The best measurement so far.
  public private(set) var best: Double?
  /// The number of measurements so far.
  public private(set) var observationCount = 0
  /// How often everything has begun anew.
  public private(set) var restartCount = 0
  private var badCount = 0
  private var goodCount = 0
  private var pauseLeft = 0
  private var floorCount = 0
  private var recent: [Double] = []

  private init(
    goal: Goal, threshold: Threshold, patience: Int, cooldown: Int = 0, ignored: Int,
    window: Int = 1, smallestChange: Double = 0, reaction: Reaction
  ) {
    self.goal = goal
    self.threshold = threshold
    self.patience = patience
    self.cooldown = cooldown
    self.ignored = ignored
    self.window = window
    self.smallestChange = smallestChange
    self.reaction = reaction
    let problem = problem
    precondition(problem == nil, problem ?? "")
  }

  /// What is wrong with the numbers, if something is.
  private var problem: String? {
    let counts = [
      patience, cooldown, ignored, observationCount, restartCount, badCount, goodCount, pauseLeft,
      floorCount,
    ]
    // Far below overflow, however long a controller from a file goes on counting.
    guard counts.allSatisfy({ (0...Horizon.maximumStepCount).contains($0) }) else {
      return "counts of measurements are at least 0"
    }
    guard window >= 1 else { return "a mean is one of at least 1 measurement, found \(window)" }
    guard smallestChange >= 0, scale >= 0, scale.isFinite else {
      return "scales and their changes are at least 0"
    }
    switch reaction {
    case .lower(let factor, let floor):
      guard floor.isFinite else { return "a plateau's floor is finite, found \(floor)" }
      return factor >= 0 && factor < 1 ? nil : "a plateau's factor is in 0..<1, found \(factor)"
    case .lowerAndRaise(let factor, let floor, let ceiling, let warmup, let restart):
      guard factor > 0 && factor < 1 else {
        return "a greedy factor is above 0 and below 1, found \(factor)"
      }
      guard warmup >= 0, restart ?? 1 >= 1 else { return "counts of measurements are at least 0" }
      return floor <= ceiling ? nil : "a greedy floor is not above its ceiling"
    case .stop:
      return nil
    }
  }
}

extension Controller {
  /// Reads a controller with its state.
  ///
  /// - Throws: A `DecodingError` where a number is out of its range.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    goal = try container.decode(Goal.self, forKey: .goal)
    threshold = try container.decode(Threshold.self, forKey: .threshold)
    patience = try container.decode(Int.self, forKey: .patience)
    cooldown = try container.decode(Int.self, forKey: .cooldown)
    ignored = try container.decode(Int.self, forKey: .ignored)
    window = try container.decode(Int.self, forKey: .window)
    smallestChange = try container.decode(Double.self, forKey: .smallestChange)
    reaction = try container.decode(Reaction.self, forKey: .reaction)
    scale = try container.decode(Double.self, forKey: .scale)
    isStopped = try container.decode(Bool.self, forKey: .isStopped)
    best = try container.decodeIfPresent(Double.self, forKey: .best)
    observationCount = try container.decode(Int.self, forKey: .observationCount)
    restartCount = try container.decode(Int.self, forKey: .restartCount)
    badCount = try container.decode(Int.self, forKey: .badCount)
    goodCount = try container.decode(Int.self, forKey: .goodCount)
    pauseLeft = try container.decode(Int.self, forKey: .pauseLeft)
    floorCount = try container.decode(Int.self, forKey: .floorCount)
    recent = try container.decode([Double].self, forKey: .recent)
    if let problem {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: problem))
    }
  }
}

// MARK: - Rules

extension Controller {
  /// Lowers the scale when a measurement stops getting better, as PyTorch's `ReduceLROnPlateau` does.
  ///
  /// - Parameters:
  ///   - factor: What the scale is multiplied by, in 0..<1.
  ///   - patience: Measurements without progress that are let pass.
  ///   - cooldown: Measurements after a reduction that count for nothing bad.
  ///   - goal: Which measurements are better.
  ///   - threshold: How much better they have to be.
  ///   - floor: The smallest scale; PyTorch's `min_lr` over the rate.
  ///   - smallestChange: Changes that are not larger are not made; PyTorch's `eps` over the rate.
  ///   - ignored: Measurements at the beginning that count for nothing.
  /// - Returns: A controller that has seen nothing.
  /// - Precondition: The factor is in 0..<1 and the counts are at least 0.
  public static func plateau(
    factor: Double = 0.1, patience: Int = 10, cooldown: Int = 0, goal: Goal = .smaller,
    threshold: Threshold = .relative(share: 1e-4), floor: Double = 0, smallestChange: Double = 0,
    ignoring ignored: Int = 0
  ) -> Controller {
    Controller(
      goal: goal, threshold: threshold, patience: patience, cooldown: cooldown, ignored: ignored,
      smallestChange: smallestChange, reaction: .lower(factor: factor, floor: floor))
  }

  /// Lowers the scale while a measurement gets worse and raises it while it gets better: GreedyLR
  /// (arXiv 2512.14527), as transformers has it.
  ///
  /// - Parameters:
  ///   - factor: What the scale is multiplied by, or divided by, in 0 ..< 1.
  ///   - patience: Measurements in a row, for better or for worse, that are let pass.
  ///   - cooldown: Measurements after a reduction that are not looked at.
  ///   - warmup: Measurements after a raise that are not looked at.
  ///   - goal: Which measurements are better.
  ///   - threshold: How much better they have to be.
  ///   - range: The smallest and the largest scale.
  ///   - window: Of how many last measurements the mean is looked at, ≥ 1.
  ///   - restart: After how many reductions that ended at the smallest scale everything begins anew,
  ///     ≥ 1; never unless given.
  ///   - smallestChange: Changes that are not larger are not made; transformers' `eps` over the rate.
  ///   - ignored: Measurements at the beginning that count for nothing.
  /// - Returns: A controller that has seen nothing.
  /// - Precondition: The factor is positive and less than 1, and the counts are at least 0.
  public static func greedy(
    factor: Double = 0.95, patience: Int = 10, cooldown: Int = 0, warmup: Int = 0,
    goal: Goal = .smaller, threshold: Threshold = .absolute(difference: 1e-6),
    within range: ClosedRange<Double> = 0.01...10, averaging window: Int = 1,
    restartingAfter restart: Int? = nil, smallestChange: Double = 0, ignoring ignored: Int = 0
  ) -> Controller {
    Controller(
      goal: goal, threshold: threshold, patience: patience, cooldown: cooldown, ignored: ignored,
      window: window, smallestChange: smallestChange,
      reaction: .lowerAndRaise(
        factor: factor, floor: range.lowerBound, ceiling: range.upperBound, warmup: warmup,
        restart: restart))
  }

  /// Says when to stop: after more than `patience` measurements without progress.
  ///
  /// - Precondition: The counts are at least 0.
  public static func stop(
    patience: Int, goal: Goal = .smaller, threshold: Threshold = .absolute(difference: 0),
    ignoring ignored: Int = 0
  ) -> Controller {
    Controller(
      goal: goal, threshold: threshold, patience: patience, ignored: ignored, reaction: .stop)
  }
}

// MARK: - Observing

extension Controller {
  /// Takes a measurement into account; what follows is in ``scale`` and ``isStopped``.
  ///
  /// A measurement that is not finite is not better than any other.
  public mutating func observe(_ measurement: Double) {
    observationCount += 1
    guard observationCount > ignored else { return }
    let measurement = averaged(measurement)
    let isPaused = pauseLeft > 0
    if !isPaused || reaction.watchesInPauses { count(measurement) }
    if isPaused {
      pauseLeft -= 1
      badCount = 0
      goodCount = 0
    }
    react()
  }

  private mutating func averaged(_ measurement: Double) -> Double {
    guard window > 1, measurement.isFinite else { return measurement }
    recent.append(measurement)
    if recent.count > window { recent.removeFirst() }
    return recent.reduce(0, +) / Double(recent.count)
  }

  private mutating func count(_ measurement: Double) {
    if isBetter(measurement) {
      best = measurement
      badCount = 0
      goodCount += 1
    } else {
      badCount += 1
      goodCount = 0
    }
  }

  private mutating func react() {
    switch reaction {
    case .lower(let factor, let floor):
      if badCount > patience { lower(factor, floor) }
    case .lowerAndRaise(let factor, let floor, let ceiling, let warmup, let restart):
      if goodCount > patience {
        let raised = min(scale / factor, ceiling)
        if raised - scale > smallestChange { scale = raised }
        pauseLeft = warmup
        goodCount = 0
        floorCount = 0
      } else if badCount > patience {
        lower(factor, floor)
        if scale <= floor { floorCount += 1 }
        if let restart, floorCount >= restart { beginAnew() }
      }
    case .stop:
      if badCount > patience { isStopped = true }
    }
  }

  private mutating func lower(_ factor: Double, _ floor: Double) {
    // A floor above the scale, as for a group with a small rate, does not raise it.
    let lowered = max(scale * factor, floor)
    if scale - lowered > smallestChange { scale = lowered }
    pauseLeft = cooldown
    badCount = 0
  }

  /// Forgets what was measured; the pause after the reduction that led here stays.
  private mutating func beginAnew() {
    scale = 1
    best = nil
    recent = []
    floorCount = 0
    restartCount += 1
  }

  private func isBetter(_ measurement: Double) -> Bool {
    guard measurement.isFinite else { return false }
    guard let best else { return true }
    switch (goal, threshold) {
    case (.smaller, .relative(let share)): return measurement < best * (1 - share)
    case (.smaller, .absolute(let difference)): return measurement < best - difference
    case (.larger, .relative(let share)): return measurement > best * (1 + share)
    case (.larger, .absolute(let difference)): return measurement > best + difference
    }
  }
}

extension Controller.Reaction {
  /// Whether the best measurement is kept up to date in pauses, as `ReduceLROnPlateau` does and GreedyLR
  /// does not.
  fileprivate var watchesInPauses: Bool {
    if case .lowerAndRaise = self { false } else { true }
  }
}

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
    /// `warmup` measurements count for nothing good.
    case lowerAndRaise(factor: Double, floor: Double, ceiling: Double, warmup: Int)
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
  private var badCount = 0
  private var goodCount = 0
  private var cooldownLeft = 0
  private var warmupLeft = 0

  private init(
    goal: Goal, threshold: Threshold, patience: Int, cooldown: Int, ignored: Int,
    reaction: Reaction
  ) {
    precondition(
      patience >= 0 && cooldown >= 0 && ignored >= 0, "counts of measurements are at least 0")
    self.goal = goal
    self.threshold = threshold
    self.patience = patience
    self.cooldown = cooldown
    self.ignored = ignored
    self.reaction = reaction
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
  ///   - ignored: Measurements at the beginning that count for nothing.
  /// - Returns: A controller that has seen nothing.
  /// - Precondition: The factor is in 0..<1 and the counts are at least 0.
  public static func plateau(
    factor: Double = 0.1, patience: Int = 10, cooldown: Int = 0, goal: Goal = .smaller,
    threshold: Threshold = .relative(share: 1e-4), floor: Double = 0, ignoring ignored: Int = 0
  ) -> Controller {
    precondition(factor >= 0 && factor < 1, "a plateau's factor is in 0..<1, found \(factor)")
    return Controller(
      goal: goal, threshold: threshold, patience: patience, cooldown: cooldown, ignored: ignored,
      reaction: .lower(factor: factor, floor: floor))
  }

  /// Lowers the scale while a measurement gets worse and raises it while it gets better: GreedyLR
  /// (arXiv 2512.14527).
  ///
  /// - Parameters:
  ///   - factor: What the scale is multiplied by, or divided by, in 0 ..< 1.
  ///   - patience: Measurements in a row, for better or for worse, that are let pass.
  ///   - cooldown: Measurements after a reduction that count for nothing bad.
  ///   - warmup: Measurements after a raise that count for nothing good.
  ///   - goal: Which measurements are better.
  ///   - threshold: How much better they have to be.
  ///   - range: The smallest and the largest scale.
  ///   - ignored: Measurements at the beginning that count for nothing.
  /// - Returns: A controller that has seen nothing.
  /// - Precondition: The factor is positive and less than 1, and the counts are at least 0.
  public static func greedy(
    factor: Double = 0.95, patience: Int = 10, cooldown: Int = 0, warmup: Int = 0,
    goal: Goal = .smaller, threshold: Threshold = .absolute(difference: 1e-6),
    within range: ClosedRange<Double> = 0.01...10, ignoring ignored: Int = 0
  ) -> Controller {
    precondition(
      factor > 0 && factor < 1, "a greedy factor is above 0 and below 1, found \(factor)")
    precondition(warmup >= 0, "counts of measurements are at least 0")
    return Controller(
      goal: goal, threshold: threshold, patience: patience, cooldown: cooldown, ignored: ignored,
      reaction: .lowerAndRaise(
        factor: factor, floor: range.lowerBound, ceiling: range.upperBound, warmup: warmup))
  }

  /// Says when to stop: after more than `patience` measurements without progress.
  ///
  /// - Precondition: The counts are at least 0.
  public static func stop(
    patience: Int, goal: Goal = .smaller, threshold: Threshold = .absolute(difference: 0),
    ignoring ignored: Int = 0
  ) -> Controller {
    Controller(
      goal: goal, threshold: threshold, patience: patience, cooldown: 0, ignored: ignored,
      reaction: .stop)
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
    if isBetter(measurement) {
      best = measurement
      badCount = 0
      goodCount += 1
    } else {
      badCount += 1
      goodCount = 0
    }
    if cooldownLeft > 0 {
      cooldownLeft -= 1
      badCount = 0
    }
    if warmupLeft > 0 {
      warmupLeft -= 1
      goodCount = 0
    }
    react()
  }

  private mutating func react() {
    switch reaction {
    case .lower(let factor, let floor):
      if badCount > patience { lower(factor, floor) }
    case .lowerAndRaise(let factor, let floor, let ceiling, let warmup):
      if badCount > patience { lower(factor, floor) }
      guard goodCount > patience else { return }
      scale = min(scale / factor, ceiling)
      warmupLeft = warmup
      goodCount = 0
    case .stop:
      if badCount > patience { isStopped = true }
    }
  }

  private mutating func lower(_ factor: Double, _ floor: Double) {
    // A floor above the scale, as for a group with a small rate, does not raise it.
    scale = max(scale * factor, min(floor, scale))
    cooldownLeft = cooldown
    badCount = 0
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

// MARK: - Replaying

/// A measurement with the update it was taken after.
public struct Observation: Hashable, Sendable, Codable {
  /// The update that had been made, from 0.
  public var step: Int
  /// What was measured.
  public var value: Double

  /// A measurement after an update.
  public init(step: Int, value: Double) {
    self.step = step
    self.value = value
  }
}

extension Controller {
  /// The values that were, or would have been, in force with these measurements.
  ///
  /// A measurement after update `t` changes update `t + 1` at the earliest. The controller goes on from
  /// the state it is in and is not changed itself.
  ///
  /// - Parameters:
  ///   - schedule: The open-loop values.
  ///   - observations: Measurements in the order of their steps.
  /// - Returns: A value per update, to the last one or to the one at which the controller stopped.
  public func values(
    of schedule: ResolvedSchedule, observing observations: [Observation]
  ) -> [Double] {
    var controller = self
    var values: [Double] = []
    var next = observations.startIndex
    for step in schedule.indices {
      values.append(schedule[step] * controller.scale)
      while next < observations.endIndex, observations[next].step <= step {
        controller.observe(observations[next].value)
        next += 1
      }
      if controller.isStopped { break }
    }
    return values
  }
}

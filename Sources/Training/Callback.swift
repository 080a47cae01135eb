/// Something that is told what happens in a training and may end an epoch or the run.
///
/// Every callback is told of every event, in the order in which the callbacks were given, whatever
/// the others answer; the strongest answer counts.
public protocol Callback: AnyObject {
  /// How often a step's loss is needed, in steps: 1 for every step, nil for never.
  ///
  /// Reading a loss waits for the device. The trainer reads it at the steps that are multiples of
  /// some callback's interval and leaves it out of the records of the others.
  var lossInterval: Int? { get }

  /// What the next step's learning rates are multiplied by; 1 for a callback that leaves them alone.
  ///
  /// The factors of a run's callbacks are multiplied.
  var learningRateScale: Double { get }

  /// Takes notice of an event.
  ///
  /// - Parameters:
  ///   - event: What has happened.
  ///   - trainer: Whose training it is; gives checkpoints.
  /// - Returns: Whether to go on.
  /// - Throws: What keeps the callback from its work; the run ends with it.
  func handle(_ event: Event, of trainer: Trainer) throws(TrainingError) -> Directive
}

extension Callback {
  /// Never.
  public var lossInterval: Int? { nil }

  /// One.
  public var learningRateScale: Double { 1 }
}

/// A callback's answer, weakest first.
public enum Directive: Hashable, Sendable {
  /// The training goes on.
  case proceed
  /// The rest of this epoch's steps is left out; the evaluation is not.
  case endEpoch
  /// No further step is made.
  case endRun(Outcome)

  /// How the run ends with this answer; nil where it goes on.
  var outcome: Outcome? {
    guard case .endRun(let outcome) = self else { return nil }
    return outcome
  }

  /// The stronger of two answers; of two ends the first.
  func combined(with other: Directive) -> Directive {
    switch (self, other) {
    case (.endRun, _): self
    case (_, .endRun): other
    case (.endEpoch, _), (_, .endEpoch): .endEpoch
    case (.proceed, .proceed): .proceed
    }
  }
}

/// Ends a run at the first loss that is not a finite number.
///
/// Nothing can come back from there: with one such value in the parameters every later loss is one
/// too.
public final class DivergenceStop: Callback {
  /// How often the loss is looked at, in steps.
  public let lossInterval: Int?

  /// Makes the callback.
  ///
  /// - Parameter lossInterval: How often the loss is looked at, in steps, ≥ 1.
  public init(lossInterval: Int = 1) {
    precondition(lossInterval >= 1, "losses are read every 1 or more steps")
    self.lossInterval = lossInterval
  }

  /// Looks at the loss.
  public func handle(_ event: Event, of trainer: Trainer) -> Directive {
    guard case .stepEnded(let record) = event, let loss = record.loss, !loss.isFinite else {
      return .proceed
    }
    return .endRun(
      .diverged(
        Divergence(
          step: record.step, epoch: record.epoch, learningRate: record.learningRate, loss: loss)))
  }
}

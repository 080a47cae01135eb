/// Ends a run at the first loss that is not a finite number, or is beyond any use.
///
/// Nothing comes back from a loss that is not finite: with one such value in the parameters every
/// later loss is one too. Batch norm can keep an exploded network finite, though: single precision
/// overflows in a channel's variance, the channel is divided by infinity and vanishes, and the loss
/// stays at some enormous number for ever. A cross-entropy above the limit means that a sample's own
/// class lies that far below the others; chance is ln(classes), some 2 to 7.
public final class DivergenceStop: Callback {
  /// How often the loss is looked at, in steps.
  public let lossInterval: Int?
  /// The largest loss that a run goes on with.
  public let limit: Double

  /// Makes the callback.
  ///
  /// - Parameters:
  ///   - lossInterval: How often the loss is looked at, in steps, ≥ 1.
  ///   - limit: The largest loss that a run goes on with; infinity for any finite one.
  public init(lossInterval: Int = 1, limit: Double = 1e6) {
    precondition(lossInterval >= 1, "losses are read every 1 or more steps")
    self.lossInterval = lossInterval
    self.limit = limit
  }

  /// Looks at the loss.
  public func handle(_ event: Event, of trainer: Trainer) -> Directive {
    guard case .stepEnded(let record) = event, let loss = record.loss else { return .proceed }
    if loss.isFinite, loss <= limit { return .proceed }
    return .endRun(
      .diverged(
        Divergence(
          step: record.step, epoch: record.epoch, learningRate: record.learningRate, loss: loss)))
  }
}

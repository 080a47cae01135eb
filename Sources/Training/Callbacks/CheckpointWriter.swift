/// Writes the network and the optimiser's state to a file, at the run's end and on the way.
///
/// The file is replaced at once or not at all, and only by numbers: a run that diverges leaves its
/// last good one.
public final class CheckpointWriter: Callback {
  private let path: String
  private let interval: Int?

  /// Makes the callback; nothing is written yet.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - interval: Steps between two checkpoints, ≥ 1; nil for the run's end alone.
  public init(_ path: String, every interval: Int? = nil) {
    precondition(interval ?? 1 >= 1, "checkpoints are 1 or more steps apart")
    self.path = path
    self.interval = interval
  }

  /// Writes a checkpoint where one is due.
  public func handle(_ event: Event, of trainer: Trainer) throws(TrainingError) -> Directive {
    switch event {
    case .stepEnded(let record):
      if let interval, (record.step + 1).isMultiple(of: interval) {
        try write(trainer.checkpoint())
      }
    case .runEnded: try write(trainer.checkpoint())
    case .runBegan, .epochBegan, .epochEnded: break
    }
    return .proceed
  }

  private func write(_ checkpoint: Checkpoint) throws(TrainingError) {
    guard checkpoint.isFinite else { return }
    try checkpoint.write(to: path)
  }
}

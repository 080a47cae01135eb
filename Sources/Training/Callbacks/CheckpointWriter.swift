/// Writes the network, the optimiser's state and the training's progress to a file, at the run's end and
/// on the way.
///
/// The file is replaced at once or not at all, and only by numbers: a run that diverges leaves its
/// last good one. It stands after the callbacks whose answers it is to save: a checkpoint knows what the
/// callbacks before this one answered to the event.
public final class CheckpointWriter: Callback {
  private let path: String
  private let interval: Int?
  private let savesEpochs: Bool
  private let keepsAll: Bool
  private let log: MetricsWriter?
  /// What the file holds, if it is this run's.
  private var saved: TrainingProgress?

  /// Makes the callback; nothing is written yet.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - interval: Steps between two checkpoints, ≥ 1; nil for none among an epoch's steps.
  ///   - savesEpochs: Whether there is a checkpoint before the first step and after each epoch too.
  ///   - keepsAll: Whether each checkpoint stays under a name with its step too, `checkpoint-500.safetensors`
  ///     beside `checkpoint.safetensors`.
  ///   - log: The metrics beside the file: they are on the disk before a checkpoint is, so that a
  ///     machine that loses its power does not lose records of steps that will not be made again.
  public init(
    _ path: String, every interval: Int? = nil, savesEpochs: Bool = false,
    keepsAll: Bool = false, log: MetricsWriter? = nil
  ) {
    precondition(interval ?? 1 >= 1, "checkpoints are 1 or more steps apart")
    self.path = path
    self.interval = interval
    self.savesEpochs = savesEpochs
    self.keepsAll = keepsAll
    self.log = log
  }

  /// Writes a checkpoint where one is due.
  public func handle(_ event: Event, of trainer: Trainer) throws(TrainingError) -> Directive {
    switch event {
    case .stepEnded(let record):
      if let interval, (record.step + 1).isMultiple(of: interval) { try write(trainer) }
    case .runBegan(let start):
      if start.firstStep == 0 {
        if savesEpochs { try write(trainer) }
      } else {
        // What a resumed run begins with is in the file already; a process that was killed may not
        // have come to its other name.
        try keep(step: start.firstStep)
      }
    case .epochEnded: if savesEpochs { try write(trainer) }
    case .runEnded: try write(trainer)
    case .epochBegan: break
    }
    return .proceed
  }

  private func write(_ trainer: Trainer) throws(TrainingError) {
    // A step that ended the run by its loss is to be made again by whoever resumes it.
    if case .diverged = trainer.outcome { return }
    guard saved != trainer.progress else { return }
    let checkpoint = try trainer.checkpoint()
    guard checkpoint.isFinite else { return }
    try log?.synchronize()
    try checkpoint.write(to: path)
    saved = trainer.progress
    try keep(step: trainer.progress.step)
  }

  private func keep(step: Int) throws(TrainingError) {
    guard keepsAll else { return }
    let suffix = ".safetensors"
    let stem = path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path
    try OutputFile.addName("\(stem)-\(step)\(suffix)", to: path)
  }
}

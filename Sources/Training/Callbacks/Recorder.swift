/// Keeps every record of a run in memory.
public final class Recorder: Callback {
  /// What has been recorded.
  public private(set) var log = MetricsLog()
  /// How the run ended; nil while it goes on.
  public private(set) var result: RunResult?
  /// How often the loss is kept, in steps.
  public let lossInterval: Int?

  /// Makes a recorder.
  ///
  /// - Parameter lossInterval: How often a step's loss is wanted, in steps, ≥ 1; nil for never.
  public init(lossInterval: Int? = 1) {
    precondition(lossInterval ?? 1 >= 1, "losses are read every 1 or more steps")
    self.lossInterval = lossInterval
  }

  /// Keeps the record.
  public func handle(_ event: Event, of trainer: Trainer) -> Directive {
    switch event {
    case .runBegan:
      log = MetricsLog()
      result = nil
    case .epochBegan: break
    case .stepEnded(let record): log.append(record)
    case .epochEnded(let record): log.append(record)
    case .runEnded(let result): self.result = result
    }
    return .proceed
  }
}

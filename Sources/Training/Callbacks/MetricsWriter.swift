/// Writes `metrics.jsonl` while the run goes on, a line a record.
///
/// Each line is handed to the system at once: what a run has found out outlives it, however it ends.
public final class MetricsWriter: Callback {
  /// How often a step's loss is written, in steps.
  public let lossInterval: Int?
  private let file: OutputFile
  private let goesOn: Bool

  /// Makes the file.
  ///
  /// - Parameters:
  ///   - path: The file; it must not be there yet.
  ///   - lossInterval: How often a step's loss is wanted, in steps, ≥ 1; nil for never.
  /// - Throws: `TrainingError.unwritable` with the system's reason.
  public init(_ path: String, lossInterval: Int? = 1) throws(TrainingError) {
    precondition(lossInterval ?? 1 >= 1, "losses are read every 1 or more steps")
    file = try OutputFile(path)
    try file.lock()
    goesOn = false
    self.lossInterval = lossInterval
  }

  /// Goes on with the file of a run.
  ///
  /// - Parameters:
  ///   - path: The file; made unless it is there.
  ///   - byteCount: The length of the records that belong to what the run goes on from; what follows
  ///     them is cut off.
  ///   - lossInterval: How often a step's loss is wanted, in steps, ≥ 1; nil for never.
  /// - Throws: `TrainingError.runInUse` while another process writes the file, `unwritable` with the
  ///   system's reason.
  init(_ path: String, keeping byteCount: Int, lossInterval: Int? = 1) throws(TrainingError) {
    precondition(lossInterval ?? 1 >= 1, "losses are read every 1 or more steps")
    file = try OutputFile(path, keeping: byteCount)
    goesOn = true
    self.lossInterval = lossInterval
  }

  /// Waits until every record is on the disk.
  func synchronize() throws(TrainingError) { try file.synchronize() }

  /// Writes the record.
  public func handle(_ event: Event, of trainer: Trainer) throws(TrainingError) -> Directive {
    switch event {
    case .runBegan(let start):
      if goesOn, start.firstStep > 0, start.firstStep < start.stepCount {
        try write(MetricsLog.jsonLine(resumedAtStep: start.firstStep))
      }
    case .epochBegan: break
    case .stepEnded(let record): try write(record.jsonLine)
    case .epochEnded(let record): try write(record.jsonLine)
    case .runEnded: try file.synchronize()
    }
    return .proceed
  }

  private func write(_ line: String) throws(TrainingError) {
    try file.write(Array((line + "\n").utf8))
  }
}

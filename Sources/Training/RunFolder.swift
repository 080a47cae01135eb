/// A run on disk: a folder with `recipe.json`, `metrics.jsonl` and `checkpoint.safetensors`.
public struct RunFolder: Hashable, Sendable {
  /// The folder.
  public let path: String

  /// The recipe's file.
  public var recipePath: String { "\(path)/recipe.json" }
  /// The metrics' file.
  public var metricsPath: String { "\(path)/metrics.jsonl" }
  /// The checkpoint's file.
  public var checkpointPath: String { "\(path)/checkpoint.safetensors" }

  /// Makes a folder for a new run and writes its recipe there.
  ///
  /// - Parameters:
  ///   - path: The folder; made with those above it unless it is there.
  ///   - recipe: What the run carries out.
  /// - Throws: `TrainingError.runExists` for a folder that holds a run, `unwritable` for one that
  ///   cannot be made or written.
  public init(creating path: String, recipe: Recipe) throws(TrainingError) {
    self.path = path
    try OutputFile.makeFolder(path)
    for file in [recipePath, metricsPath, checkpointPath] where InputFile.exists(file) {
      throw .runExists(folder: path, file: String(file.dropFirst(path.count + 1)))
    }
    try OutputFile.replace(recipePath, with: Array(try recipe.json().utf8))
  }

  /// Finds a run that is there.
  ///
  /// - Parameter path: The folder.
  /// - Throws: `TrainingError.noRun` for a folder without a recipe.
  public init(opening path: String) throws(TrainingError) {
    self.path = path
    guard InputFile.exists(recipePath) else { throw .noRun(folder: path, file: "recipe.json") }
  }

  /// What the run carries out.
  public func recipe() throws(TrainingError) -> Recipe { try Recipe(path: recipePath) }

  /// What the run has recorded.
  public func metrics() throws(TrainingError) -> MetricsLog {
    guard InputFile.exists(metricsPath) else { throw .noRun(folder: path, file: "metrics.jsonl") }
    return try MetricsLog(path: metricsPath)
  }

  /// Where the run goes on; nil for one that was ended before its first checkpoint.
  ///
  /// - Throws: What is wrong with the checkpoint or with the metrics before it.
  public func resumePoint() throws(TrainingError) -> ResumePoint? {
    guard InputFile.exists(checkpointPath) else { return nil }
    let checkpoint = try Checkpoint(path: checkpointPath)
    return ResumePoint(
      checkpoint: checkpoint, path: checkpointPath,
      epochs: try metrics(before: checkpoint).log.epochs)
  }

  /// The metrics up to a checkpoint, and the bytes that they are.
  private func metrics(
    before checkpoint: Checkpoint
  ) throws(TrainingError) -> (log: MetricsLog, byteCount: Int) {
    func number(_ key: String) throws(TrainingError) -> Int {
      guard let value = checkpoint.metadata[key].flatMap({ Int($0) }), value >= 0 else {
        throw .checkpointMetadata(
          key: key, expected: "a whole number", found: checkpoint.metadata[key],
          path: checkpointPath)
      }
      return value
    }
    guard InputFile.exists(metricsPath) else { throw .noRun(folder: path, file: "metrics.jsonl") }
    let (step, epoch) = (try number("step"), try number("epoch"))
    let prefix = try MetricsLog.prefix(path: metricsPath, step: step, epoch: epoch)
    let updates = try number("updates")
    guard prefix.log.steps.count == updates, prefix.log.epochs.count == epoch else {
      throw .metricsTooShort(path: metricsPath, expected: updates, found: prefix.log.steps.count)
    }
    return prefix
  }

  /// What writes a run into the folder: metrics line by line, checkpoints at the end and on the way.
  ///
  /// - Parameters:
  ///   - checkpointInterval: Steps between two checkpoints, ≥ 1; nil for none among an epoch's steps.
  ///   - savesEpochs: Whether there is a checkpoint before the first step and after each epoch too.
  ///   - keepsCheckpoints: Whether every checkpoint stays, as `checkpoint-500.safetensors` after 500 steps.
  ///   - point: Where the run goes on, of `resumePoint()`: later metrics are cut off, and what a process
  ///     that was killed left half written is removed. Nil to begin.
  ///   - restarts: Whether a run that was ended before its first checkpoint is begun again.
  ///   - lossInterval: How often a step's loss is wanted, in steps, ≥ 1.
  /// - Returns: The callbacks to train with; they come after those whose answers a checkpoint is to save.
  /// - Throws: `TrainingError.unwritable` where the metrics cannot be written, `runInUse` while
  ///   another process carries the run out.
  public func writers(
    checkpointEvery checkpointInterval: Int? = nil, savesEpochs: Bool = false,
    keepsCheckpoints: Bool = false, from point: ResumePoint? = nil, restarts: Bool = false,
    lossInterval: Int = 1
  ) throws(TrainingError) -> [any Callback] {
    let metrics: MetricsWriter
    if let point {
      metrics = try MetricsWriter(
        metricsPath, keeping: self.metrics(before: point.checkpoint).byteCount,
        lossInterval: lossInterval)
    } else if restarts {
      metrics = try MetricsWriter(metricsPath, keeping: 0, lossInterval: lossInterval)
    } else {
      metrics = try MetricsWriter(metricsPath, lossInterval: lossInterval)
    }
    // Now that the metrics are this process's alone, nobody else is writing these.
    for file in [recipePath, checkpointPath] { OutputFile.removeTemporary(of: file) }
    return [
      metrics,
      CheckpointWriter(
        checkpointPath, every: checkpointInterval, savesEpochs: savesEpochs,
        keepsAll: keepsCheckpoints, log: metrics),
    ]
  }
}

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
    let text = try recipe.json()
    let file = try OutputFile(recipePath)
    try file.write(Array(text.utf8))
    try file.synchronize()
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

  /// What writes a run into the folder: metrics line by line, checkpoints at the end and on the way.
  ///
  /// - Parameter checkpointInterval: Steps between two checkpoints, ≥ 1; nil for the end alone.
  /// - Returns: The callbacks to train with.
  /// - Throws: `TrainingError.unwritable` where the metrics cannot be written.
  public func writers(
    checkpointEvery checkpointInterval: Int? = nil
  ) throws(TrainingError) -> [any Callback] {
    [
      try MetricsWriter(metricsPath),
      CheckpointWriter(checkpointPath, every: checkpointInterval),
    ]
  }
}

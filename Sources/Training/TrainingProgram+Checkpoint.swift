public import Datasets
public import Networks

extension TrainingProgram {
  /// Makes the network of a checkpoint ready to be judged, by the average of its weights where the
  /// training kept one.
  ///
  /// - Parameters:
  ///   - checkpoint: One of a training.
  ///   - path: Its file, for messages.
  ///   - dataset: Images of the kind that the network was trained on.
  ///   - backend: What it runs on.
  /// - Throws: `TrainingError` for a checkpoint that is none of a training or does not fit the images,
  ///   or the backend's error.
  public convenience init(
    _ checkpoint: Checkpoint, path: String, dataset: ImageDataset, backend: any Backend
  ) throws {
    let recipe = try checkpoint.recipe(path: path)
    let stage = try recipe.stages()[recipe.epochs - 1]
    try self.init(
      recipe.fixed(at: stage), dataset: dataset, network: nil, backend: backend)
    try restore(checkpoint, path: path)
    let count = checkpoint.metadata["averagings"].flatMap { Int($0) } ?? 0
    if let averaging = recipe.averaging, averaging.isThere(count: count) { exchangeAverages() }
  }
}

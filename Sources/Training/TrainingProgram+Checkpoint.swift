public import Datasets
public import Networks

extension TrainingProgram {
  /// Makes the network of a checkpoint ready to be judged.
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
    try self.init(
      checkpoint.recipe(path: path), dataset: dataset, network: nil, backend: backend)
    try restore(checkpoint, path: path)
  }
}

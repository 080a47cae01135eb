public import Networks

/// What can keep a training from starting, or its files from being written and read.
///
/// A training that diverges is not an error: it ends, and its result says so (``Outcome``).
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A value of a recipe outside its range.
  case recipe(field: String, expected: String, found: String)
  /// A network that is not in the catalogue.
  case unknownNetwork(name: String, known: [String])
  /// Images that a network's filters and windows do not fit into.
  case imageTooSmall(network: String, height: Int, width: Int)
  /// A choice about a network that it has no place for.
  case networkChoice(NetworkError)
  /// A batch larger than the training split.
  case batchTooLarge(batch: Int, count: Int)
  /// A network that cannot be made ready for the batch and image size of a later epoch.
  case stage(epoch: Int, batch: Int, reason: String)
  /// A plan without a learning rate.
  case missingLearningRate
  /// A plan with a hyper-parameter or group that the trainer does not follow.
  case unsupportedSchedule(key: String, supported: [String])
  /// A plan with a group that names no parameter of the network.
  case unknownGroup(name: String, network: String, example: String)
  /// A folder that already holds a run.
  case runExists(folder: String, file: String)
  /// A folder without the file that makes it a run.
  case noRun(folder: String, file: String)
  /// A run that another process is carrying out.
  case runInUse(path: String)
  /// A run that would go on with another recipe than it was begun with.
  case recipeChanged(field: String, expected: String, found: String, path: String)
  /// A run that would go on with other images than it was begun with.
  case dataChanged(data: String, expected: String, found: String, path: String)
  /// A run that would go on with other kernels than it was begun with.
  case arithmeticChanged(expected: String, found: String, path: String)
  /// The system refused to write a file or make a folder.
  case unwritable(path: String, reason: String)
  /// The system refused to read a file.
  case unreadable(path: String, reason: String)
  /// A recipe file that is not JSON, or not a recipe.
  case malformedRecipe(path: String, reason: String)
  /// A line of a metrics file that is not a record.
  case malformedMetrics(path: String, line: Int, found: String)
  /// A metrics file that does not reach to the step of the checkpoint beside it.
  case metricsTooShort(path: String, expected: Int, found: Int)
  /// A checkpoint file that is shorter or longer than it says.
  case checkpointLength(path: String, expected: Int, found: Int)
  /// A file that is not in the safetensors format.
  case malformedCheckpoint(path: String, reason: String)
  /// A checkpoint whose values are not those that were written.
  case checkpointDamaged(path: String)
  /// A checkpoint that does not say how far its training had come, or says the impossible.
  case checkpointMetadata(key: String, expected: String, found: String?, path: String)
  /// A checkpoint that lacks a tensor of the network.
  case missingTensor(name: String, path: String)
  /// A checkpoint with a tensor that the network does not have.
  case unexpectedTensor(name: String, path: String)
  /// A tensor of another shape than the network's.
  case tensorShape(name: String, expected: String, found: String, path: String)

  /// A port of this machine that the system does not give.
  case noSocket(port: Int, reason: String)
  /// An environment that names a place among processes which cannot be.
  case processes(expected: String, found: String)
  /// Processes that cannot carry a training out together.
  case collective(CollectiveError)

  /// The ways in which a training can be impossible, for an exit code.
  public enum Kind: Sendable {
    /// The request cannot be carried out as it stands.
    case usage
    /// A file is not there.
    case missing
    /// A file's contents are wrong.
    case malformed
    /// A file cannot be written.
    case unwritable
    /// What a training runs on, or together with, is not there.
    case unavailable
  }

  /// Which of the ways this is.
  public var kind: Kind {
    switch self {
    case .recipe, .unknownNetwork, .networkChoice, .imageTooSmall, .batchTooLarge, .stage,
      .missingLearningRate, .unsupportedSchedule, .unknownGroup, .recipeChanged, .arithmeticChanged,
      .processes, .collective(.disagreement):
      .usage
    case .noRun, .unreadable: .missing
    case .malformedRecipe, .malformedMetrics, .checkpointLength, .malformedCheckpoint,
      .checkpointDamaged, .checkpointMetadata, .metricsTooShort, .dataChanged, .missingTensor,
      .unexpectedTensor, .tensorShape:
      .malformed
    case .runExists, .runInUse, .unwritable: .unwritable
    case .noSocket, .collective: .unavailable
    }
  }

  /// One sentence: what was expected, what was found, where.
  public var description: String {
    switch self {
    case .recipe(let field, let expected, let found):
      "expected \(expected) as \(field), found \(found)"
    case .unknownNetwork(let name, let known):
      "expected \(known.joined(separator: ", ")) as network, found '\(name)'"
    case .imageTooSmall(let network, let height, let width):
      "expected images large enough for the filters and windows of \(network), "
        + "found \(height)×\(width) pixels"
    case .networkChoice(let error): error.description
    case .noSocket(let port, let reason): "cannot listen on 127.0.0.1:\(port): \(reason)"
    case .processes(let expected, let found): "expected \(expected), found \(found)"
    case .collective(let error): error.description
    case .batchTooLarge(let batch, let count):
      "expected a batch of at most the \(count) training images, found \(batch)"
    case .stage(let epoch, let batch, let reason):
      "cannot go on in epoch \(epoch) with batches of \(batch): \(reason)"
    case .missingLearningRate:
      "expected a schedule for learningRate, found none"
    case .unsupportedSchedule(let key, let supported):
      "expected schedules for \(supported.joined(separator: ", ")), found one for \(key)"
    case .unknownGroup(let name, let network, let example):
      "expected biases, norms or the beginning of a parameter's path such as \(example) as a group "
        + "of \(network), found '\(name)'"
    case .runExists(let folder, let file):
      "expected a folder without a run in \(folder), found \(file)"
    case .noRun(let folder, let file):
      "expected a run in \(folder), found no \(file)"
    case .runInUse(let path):
      "expected a run that nobody is carrying out, found \(path) in use by another process"
    case .recipeChanged(let field, let expected, let found, let path):
      "expected \(field) to be \(expected) as in \(path), found \(found); a run goes on with its own "
        + "recipe"
    case .dataChanged(let data, let expected, let found, let path):
      "expected the images of \(path) (fingerprint \(expected)) in \(data), found others (\(found))"
    case .arithmeticChanged(let expected, let found, let path):
      "expected the arithmetic of \(path) (\(expected)), found another one (\(found)), which differs "
        + "in the last bits"
    case .unwritable(let path, let reason):
      "cannot write \(path): \(reason)"
    case .unreadable(let path, let reason):
      "cannot read \(path): \(reason)"
    case .malformedRecipe(let path, let reason):
      "expected a recipe in \(path), found \(reason)"
    case .malformedMetrics(let path, let line, let found):
      "expected a JSON record in line \(line) of \(path), found '\(found)'"
    case .metricsTooShort(let path, let expected, let found):
      "expected records up to step \(expected) in \(path), found \(found) of them"
    case .checkpointLength(let path, let expected, let found):
      "expected \(expected) bytes in \(path), found \(found)"
    case .malformedCheckpoint(let path, let reason):
      "expected safetensors data in \(path), found \(reason)"
    case .checkpointDamaged(let path):
      "expected the values that were written in \(path), found others (SHA-256 differs)"
    case .checkpointMetadata(let key, let expected, let found, let path):
      "expected \(expected) as \(key) in the metadata of \(path), found \(found ?? "none")"
    case .missingTensor(let name, let path):
      "expected the tensor \(name) in \(path), found none"
    case .unexpectedTensor(let name, let path):
      "expected only the network's tensors in \(path), found \(name)"
    case .tensorShape(let name, let expected, let found, let path):
      "expected the shape \(expected) for \(name) in \(path), found \(found)"
    }
  }
}

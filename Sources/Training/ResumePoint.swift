import Schedules

/// Where a training goes on: a checkpoint, and the epochs that were complete by then.
public struct ResumePoint: Hashable, Sendable {
  /// The network, the optimiser's state and how far the training had come.
  public let checkpoint: Checkpoint
  /// The checkpoint's file, for messages.
  public let path: String
  /// The epochs that were complete, in order.
  public let epochs: [EpochRecord]
  /// Whether the training may go on with kernels that round otherwise than those before.
  public var acceptsOtherArithmetic = false

  /// Makes a point to go on from; whether it is one of a training's is judged by the trainer.
  public init(checkpoint: Checkpoint, path: String, epochs: [EpochRecord] = []) {
    self.checkpoint = checkpoint
    self.path = path
    self.epochs = epochs
  }
}

extension Recipe {
  /// The first member in which this recipe differs from another; nil where none does.
  ///
  /// The number of threads changes no result and is not compared.
  func difference(from other: Recipe) -> (field: String, expected: String, found: String)? {
    for (expected, found) in zip(
      Mirror(reflecting: other).children, Mirror(reflecting: self).children)
    {
      guard let field = expected.label, field != "threads", field != "plan" else { continue }
      let texts = (Self.text(expected.value), Self.text(found.value))
      if texts.0 != texts.1 { return (field, texts.0, texts.1) }
    }
    guard plan != other.plan else { return nil }
    let (expected, found) = (other.plan.words, plan.words)
    let position = zip(expected, found).prefix { $0 == $1 }.count
    return (
      "plan", position < expected.count ? expected[position] : "nothing more",
      position < found.count ? found[position] : "nothing more"
    )
  }

  /// A member's value; an optional one's without a word that it is one.
  private static func text(_ value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .optional else { return String(describing: value) }
    return mirror.children.first.map { String(describing: $0.value) } ?? "none"
  }

  /// Refuses a recipe other than the one that a training was begun with.
  ///
  /// - Parameters:
  ///   - original: The recipe that the training was begun with.
  ///   - path: The file that it stands in.
  /// - Throws: `TrainingError.recipeChanged` with the first member that differs.
  public func check(isContinuationOf original: Recipe, path: String) throws(TrainingError) {
    guard let (field, expected, found) = difference(from: original) else { return }
    throw .recipeChanged(field: field, expected: expected, found: found, path: path)
  }
}

extension Checkpoint {
  /// The recipe of the training that this is a checkpoint of.
  ///
  /// - Parameter path: The checkpoint's file, for messages.
  /// - Returns: The recipe.
  /// - Throws: `TrainingError.checkpointMetadata` where there is none, or none that can be read.
  public func recipe(path: String) throws(TrainingError) -> Recipe {
    guard metadata[Self.formatKey] == Self.format else {
      throw .checkpointMetadata(
        key: Self.formatKey, expected: Self.format, found: metadata[Self.formatKey], path: path)
    }
    guard let text = metadata["recipe"] else {
      throw .checkpointMetadata(key: "recipe", expected: "a recipe", found: nil, path: path)
    }
    do {
      return try Recipe(bytes: Array(text.utf8), path: path)
    } catch {
      throw .checkpointMetadata(
        key: "recipe", expected: "a recipe", found: error.description, path: path)
    }
  }

  /// Refuses a checkpoint whose training rounded otherwise: what goes on from it would not be the run
  /// that was never stopped.
  func check(_ arithmetic: String, path: String) throws(TrainingError) {
    guard metadata[Self.arithmeticKey] == arithmetic else {
      throw .arithmeticChanged(
        expected: metadata[Self.arithmeticKey] ?? "none", found: arithmetic, path: path)
    }
  }

  /// Refuses a checkpoint of another recipe or of other images.
  func check(
    recipe: Recipe, fingerprint: String, path: String
  ) throws(TrainingError) {
    try recipe.check(isContinuationOf: self.recipe(path: path), path: path)
    guard metadata["data"] == fingerprint else {
      throw .dataChanged(
        data: recipe.data, expected: metadata["data"] ?? "none", found: fingerprint, path: path)
    }
  }
}

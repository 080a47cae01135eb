/// A callback that remembers something on which later steps depend.
///
/// A checkpoint keeps it, so that a run that goes on is the run that was never stopped. A callback of
/// this kind serves one run.
public protocol RememberingCallback: Callback {
  /// What it is called in checkpoints; no other callback of its run has the same name.
  var memoryName: String { get }

  /// What it remembers; equal memories give equal texts.
  ///
  /// - Throws: What keeps it from being written down.
  func memory() throws(TrainingError) -> String

  /// Goes on with what a checkpoint kept.
  ///
  /// - Parameter memory: What `memory()` gave.
  /// - Returns: Whether the text is a memory of this callback's.
  func recall(_ memory: String) -> Bool
}

extension [any Callback] {
  private static var prefix: String { "callback/" }

  /// What a checkpoint's metadata keeps of the callbacks.
  func memories() throws(TrainingError) -> [String: String] {
    var memories: [String: String] = [:]
    for callback in self {
      guard let callback = callback as? any RememberingCallback else { continue }
      let key = Self.prefix + callback.memoryName
      precondition(memories[key] == nil, "two callbacks are called \(callback.memoryName)")
      memories[key] = try callback.memory()
    }
    return memories
  }

  /// Lets the callbacks go on with what a checkpoint kept of them.
  ///
  /// - Throws: `TrainingError.checkpointMetadata` where a memory is missing, unreadable, or nobody's.
  func recall(_ metadata: [String: String], path: String) throws(TrainingError) {
    var left = metadata.keys.filter { $0.hasPrefix(Self.prefix) }.sorted()
    for callback in self {
      guard let callback = callback as? any RememberingCallback else { continue }
      let key = Self.prefix + callback.memoryName
      left.removeAll { $0 == key }
      guard let memory = metadata[key], callback.recall(memory) else {
        throw .checkpointMetadata(
          key: key, expected: "what the callback remembers", found: metadata[key], path: path)
      }
    }
    if let key = left.first {
      throw .checkpointMetadata(
        key: key, expected: "nothing", found: metadata[key], path: path)
    }
  }
}

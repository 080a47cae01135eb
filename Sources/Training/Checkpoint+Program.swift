import Networks
import Tensors

extension Checkpoint {
  /// Every tensor of a graph that a training needs to go on, with its name in a file.
  ///
  /// Parameters and running statistics go by their paths, as in PyTorch's files; momentum buffers by
  /// `momentum/` and the path of their parameter.
  fileprivate static func slots(of graph: Graph) -> [(name: String, slot: Slot)] {
    graph.parameters.map { (graph[$0.values].name, $0.values) }
      + graph.states.map { (graph[$0.values].name, $0.values) }
      + graph.parameters.map { ("momentum/" + graph[$0.values].name, $0.velocity) }
  }

  /// Reads a program's parameters, running statistics and momentum buffers.
  init(_ program: any CompiledProgram, _ graph: Graph, metadata: [String: String]) {
    let tensors = Self.slots(of: graph).map { name, slot in
      var values = [Float](repeating: 0, count: graph[slot].shape.count)
      var span = values.mutableSpan
      program.read(slot, into: &span)
      return Tensor(name: name, shape: graph[slot].shape, values: values)
    }
    self.init(tensors: tensors, metadata: metadata)
  }
}

extension TrainingProgram {
  /// Goes on from a checkpoint: parameters, running statistics and momentum buffers are its.
  ///
  /// - Parameters:
  ///   - checkpoint: One of the same network; nothing is overwritten if it is not.
  ///   - path: The file that it comes from, for messages.
  /// - Throws: Which tensor is missing, not wanted, or of another shape.
  public func restore(_ checkpoint: Checkpoint, path: String) throws(TrainingError) {
    let byName = Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0) })
    let slots = Checkpoint.slots(of: graph)
    for (name, slot) in slots {
      guard let tensor = byName[name] else { throw .missingTensor(name: name, path: path) }
      guard tensor.shape == graph[slot].shape else {
        throw .tensorShape(
          name: name, expected: graph[slot].shape.description,
          found: tensor.shape.description, path: path)
      }
    }
    let known = Set(slots.map(\.name))
    if let other = checkpoint.tensors.first(where: { !known.contains($0.name) }) {
      throw .unexpectedTensor(name: other.name, path: path)
    }
    for (name, slot) in slots {
      if let tensor = byName[name] { program.write(tensor.values.span, to: slot) }
    }
  }
}

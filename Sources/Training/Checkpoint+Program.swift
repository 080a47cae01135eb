import Networks
import Tensors

extension Checkpoint {
  /// Every tensor of a graph that a training needs to go on, with its name in a file.
  ///
  /// Parameters and running statistics go by their paths, as in PyTorch's files; momentum buffers by
  /// `momentum/` and the path of their parameter.
  private static func slots(of graph: Graph) -> [(name: String, slot: Slot)] {
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

  /// Writes the tensors into a program.
  ///
  /// - Parameters:
  ///   - program: Overwritten, unless something is wrong.
  ///   - graph: The program's graph.
  ///   - path: The file, for messages.
  /// - Throws: Which tensor is missing, not wanted, or of another shape.
  func restore(
    into program: any CompiledProgram, _ graph: Graph, path: String
  ) throws(TrainingError) {
    let byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    let slots = Self.slots(of: graph)
    for (name, slot) in slots {
      guard let tensor = byName[name] else { throw .missingTensor(name: name, path: path) }
      guard tensor.shape == graph[slot].shape else {
        throw .tensorShape(
          name: name, expected: graph[slot].shape.description,
          found: tensor.shape.description, path: path)
      }
    }
    let known = Set(slots.map(\.name))
    if let other = tensors.first(where: { !known.contains($0.name) }) {
      throw .unexpectedTensor(name: other.name, path: path)
    }
    for (name, slot) in slots {
      if let tensor = byName[name] { program.write(tensor.values.span, to: slot) }
    }
  }
}

import Networks
import Tensors

extension Checkpoint {
  /// Every tensor of a graph that a training needs to go on, with its name in a file.
  ///
  /// Parameters and running statistics go by their paths, as in PyTorch's files; what the optimiser
  /// keeps by its name and the path of the parameter: `momentum/conv1.weight`. float16 adds its loss scale.
  fileprivate static func slots(of graph: Graph) -> [(name: String, slot: Slot)] {
    var slots = (graph.parameters.map(\.values) + graph.states.map(\.values)).map { values in
      (name: graph[values].name, slot: values)
    }
    for (index, state) in graph.configuration.optimizer.stateNames.enumerated() {
      slots += graph.parameters.map { parameter in
        ("\(state)/\(graph[parameter.values].name)", parameter.optimizerStates[index])
      }
    }
    if let scale = graph.lossScale {
      slots += [("lossScale/factor", scale.factor), ("lossScale/updates", scale.updates)]
    }
    for (values, average) in graph.parameters.map({ ($0.values, $0.average) })
      + graph.states.map({ ($0.values, $0.average) })
    {
      if let average { slots.append(("average/\(graph[values].name)", average)) }
    }
    return slots
  }

  /// Reads a program's parameters, running statistics and optimiser.
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
  /// Goes on from a checkpoint: parameters, running statistics and the optimiser's tensors are its.
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

import Tensors

/// How a gradient is written: the first writer overwrites, later ones add.
///
/// The builder decides it for every write, which handles values with several readers (a residual
/// block's input) without a pass that fills gradients with zeros.
public enum GradientWrite: String, Hashable, Sendable {
  /// Old values are ignored.
  case overwrite
  /// The values are added to what is there.
  case accumulate
}

/// Writes the operations of a network, layer by layer.
///
/// Each layer's own file says how it is emitted: an extension of this type adds its forward and
/// evaluation operations at once and returns what adds its backward ones, called later in the
/// opposite order.
struct GraphBuilder {
  /// What a node gives in training and in evaluation.
  ///
  /// Slots of the two are different; since the phases never overlap, they end up in the same memory.
  struct Activation {
    let training: Slot
    let evaluation: Slot
    let shape: Shape
  }

  /// Adds a layer's backward operations.
  typealias EmitBackward = (inout GraphBuilder) -> Void

  var graph: Graph
  private var activations: [Activation] = []
  private var gradients: [Slot: Slot] = [:]
  /// The nodes whose results have the same slot for their gradient.
  private var sharers: [Slot: [Int]] = [:]
  /// The node whose backward operations are being added.
  private var position = 0
  private var backwardEmitters: [EmitBackward] = []

  init(_ graph: Graph) {
    self.graph = graph
  }

  mutating func build() {
    declareParameters()
    let images = graph[graph.images]
    activations = [
      Activation(training: graph.images, evaluation: graph.images, shape: images.shape)
    ]
    for node in graph.network.nodes.dropFirst() {
      let inputs = node.inputs.map { activations[$0.position] }
      activations.append(emit(node, inputs))
    }
    emitSoftmaxCrossEntropy(activations[activations.count - 1])
    emitLossScaling(gradient(of: activations[activations.count - 1]))
    for (index, emit) in backwardEmitters.enumerated().reversed() {
      position = index + 1
      emit(&self)
    }
    emitUpdates()
    emitAverages()
  }

  private mutating func emit(_ node: Network.Node, _ inputs: [Activation]) -> Activation {
    switch node.layer {
    case .images: preconditionFailure("a network has one node of images, its first")
    case .convolution(let outputChannels, let size, let stride, let padding):
      emitConvolution(
        node.path, inputs[0], outputChannels: outputChannels, size: size, stride: stride,
        padding: padding)
    case .batchNorm(let addsResidual, let activation):
      emitBatchNorm(
        node.path, inputs[0], residual: addsResidual ? inputs[1] : nil, activation: activation)
    case .relu: emitReLU(node.path, inputs[0])
    case .gelu: emitGELU(node.path, inputs[0])
    case .celu(let alpha): emitCELU(node.path, inputs[0], alpha: alpha)
    case .addition: emitAddition(node.path, inputs[0], inputs[1])
    case .downsample(let outputChannels, let stride):
      emitDownsample(node.path, inputs[0], outputChannels: outputChannels, stride: stride)
    case .globalAveragePool: emitGlobalAveragePool(node.path, inputs[0])
    case .maxPool(let size, let stride, let padding):
      emitMaxPool(node.path, inputs[0], size: size, stride: stride, padding: padding)
    case .globalMaxPool: emitGlobalMaxPool(node.path, inputs[0])
    case .concatenation: emitConcatenation(node.path, inputs[0], inputs[1])
    case .bias(let activation): emitBias(node.path, inputs[0], activation: activation)
    case .linear(let outputs, let hasBias, let scale):
      emitLinear(node.path, inputs[0], outputs: outputs, hasBias: hasBias, scale: scale)
    }
  }

  // MARK: - Parameters

  /// Declares every parameter and state before any activation.
  ///
  /// Fusion absorbs layers without
  /// parameters only and never reorders the others, so rewriting a network moves none of these slots.
  private mutating func declareParameters() {
    let shapes = graph.network.shapes(images: graph[graph.images].shape)
    for node in graph.network.nodes.dropFirst() {
      let input = shapes[node.inputs[0].position]
      var isBatchNorm = false
      if case .batchNorm = node.layer { isBatchNorm = true }
      for parameter in node.layer.parameters(input: input, start: node.start) {
        declare(parameter, path: node.path, isOfBatchNorm: isBatchNorm)
      }
    }
    declareLossScale()
    resize(graph.stepInputs, StepInputs.shape(groupCount: graph.groups.count))
    resize(graph.gradientNorms, [graph.parameters.count])
    resize(graph.parameterNorms, [graph.parameters.count])
  }

  private mutating func resize(_ slot: Slot, _ shape: Shape) {
    let old = graph.slots[slot.index]
    graph.slots[slot.index] = SlotDescription(name: old.name, shape: shape, role: old.role)
  }

  private mutating func declare(
    _ parameter: ParameterDeclaration, path: String, isOfBatchNorm: Bool
  ) {
    let name = ParameterDeclaration.fullName(path, parameter.name)
    guard parameter.isTrained else {
      let values = addSlot(name, parameter.shape, .state)
      graph.states.append(
        Graph.State(
          values: values, average: average(of: name, parameter.shape),
          initialization: parameter.initialization))
      return
    }
    graph.parameters.append(
      Graph.Parameter(
        values: addSlot(name, parameter.shape, .parameter),
        gradient: addSlot("gradient of \(name)", parameter.shape, .parameterGradient),
        gradientSum: graph.configuration.accumulation > 1
          ? addSlot("gradient sum of \(name)", parameter.shape, .parameterGradient) : nil,
        optimizerStates: graph.configuration.optimizer.stateNames.map {
          addSlot("\($0) of \(name)", parameter.shape, .optimizerState)
        }, average: average(of: name, parameter.shape),
        group: group(of: name, isOfBatchNorm: isOfBatchNorm),
        initialization: parameter.initialization))
  }

  private mutating func average(of name: String, _ shape: Shape) -> Slot? {
    graph.configuration.averaging.map { _ in addSlot("average of \(name)", shape, .average) }
  }

  /// The group of a parameter, made if it is the first one's.
  private mutating func group(of name: String, isOfBatchNorm: Bool) -> Int {
    let selectors = graph.configuration.selectors.filter {
      ParameterSelector($0).selects(name, isOfBatchNorm: isOfBatchNorm)
    }
    let group = ParameterGroup(selectors: selectors)
    if let index = graph.groups.firstIndex(of: group) { return index }
    graph.groups.append(group)
    return graph.groups.count - 1
  }

  /// A declared parameter.
  func parameter(_ path: String, _ name: String) -> Graph.Parameter {
    let fullName = ParameterDeclaration.fullName(path, name)
    guard let found = graph.parameters.first(where: { graph[$0.values].name == fullName })
    else { preconditionFailure("\(path) declares no parameter \(name)") }
    return found
  }

  /// The weights of a layer, which may be frozen: then they are a state and have no gradient.
  func weights(_ path: String) -> (values: Slot, gradient: Slot?) {
    let name = ParameterDeclaration.fullName(path, "weight")
    if let frozen = graph.states.first(where: { graph[$0.values].name == name }) {
      return (frozen.values, nil)
    }
    let trained = parameter(path, "weight")
    return (trained.values, trained.gradient)
  }

  /// A declared state.
  func state(_ path: String, _ name: String) -> Slot {
    guard let found = graph.states.first(where: { graph[$0.values].name == "\(path).\(name)" })
    else { preconditionFailure("\(path) declares no state \(name)") }
    return found.values
  }

  // MARK: - Slots and operations

  mutating func addSlot(_ name: String, _ shape: Shape, _ role: SlotDescription.Role) -> Slot {
    graph.slots.append(SlotDescription(name: name, shape: shape, role: role))
    return Slot(index: graph.slots.count - 1)
  }

  /// New slots for a layer's result; the last layer is evaluated into the graph's logits.
  mutating func addActivation(_ name: String, _ shape: Shape) -> Activation {
    let training = addSlot(name, shape, .activation)
    let isLast = activations.count == graph.network.nodes.count - 1
    return Activation(
      training: training,
      evaluation: isLast ? graph.logits : addSlot("\(name), evaluated", shape, .activation),
      shape: shape)
  }

  mutating func append(_ op: Op, to phase: Graph.Phase) {
    graph.lists[phase, default: []].append(op)
  }

  /// Remembers how to add a layer's backward operations.
  mutating func whenBackward(_ emit: @escaping EmitBackward) {
    backwardEmitters.append(emit)
  }

  // MARK: - Gradients

  /// The complete gradient of an activation, all of whose readers have been emitted.
  func gradient(of activation: Activation) -> Slot {
    guard let slot = gradients[activation.training] else {
      preconditionFailure("nothing reads \(graph[activation.training].name)")
    }
    return slot
  }

  /// Where an operation is to write an activation's gradient, and how; `nil` for the images, whose
  /// gradient nobody asks for.
  mutating func gradientToWrite(of activation: Activation) -> (slot: Slot, write: GradientWrite)? {
    if activation.training == graph.images { return nil }
    if let slot = gradients[activation.training] { return (slot, .accumulate) }
    let slot = addSlot(
      "gradient of \(graph[activation.training].name)", activation.shape, .activationGradient)
    gradients[activation.training] = slot
    return (slot, .overwrite)
  }

  /// Makes an activation's gradient the same slot as that of a sum that it is a summand of, if
  /// nothing goes wrong by it.
  ///
  /// The operations of a node read its gradient when everything behind the node is done, and other
  /// readers of an activation add to its gradient before that. So what two nodes share is right as
  /// long as neither has a reader left, between the two, that would add to what the other still has
  /// to read. In a residual block whose sum nothing follows both summands share the sum's gradient,
  /// and backward has nothing to copy.
  ///
  /// - Returns: Whether the activation now has a gradient.
  mutating func shareGradient(_ slot: Slot, with activation: Activation) -> Bool {
    guard activation.training != graph.images, gradients[activation.training] == nil,
      let node = activations.firstIndex(where: { $0.training == activation.training })
    else { return false }
    let others = sharers[slot] ?? []
    let isSafe = others.allSatisfy { other in
      openReaders(of: node).allSatisfy { $0 < other }
        && openReaders(of: other).allSatisfy { $0 < node }
    }
    guard isSafe else { return false }
    gradients[activation.training] = slot
    sharers[slot] = others + [node]
    return true
  }

  /// The readers of a node's result whose backward operations are still to come.
  private func openReaders(of node: Int) -> [Int] {
    graph.network.nodes.indices.prefix(position).filter { reader in
      graph.network.nodes[reader].inputs.contains { $0.position == node }
    }
  }

  /// As ``gradientToWrite(of:)``; the images' gradient goes to a slot that nobody reads, for
  /// operations that cannot leave it out.
  mutating func gradientToWriteOrIgnore(of activation: Activation) -> GradientTarget {
    GradientTarget(gradientToWrite(of: activation))
      ?? GradientTarget(
        slot: addSlot("ignored gradient", activation.shape, .activationGradient), write: .overwrite)
  }
}

public import Tensors

/// A network as a value: layers under names, each reading the results of earlier ones.
///
/// The list is in topological order: node 0 is the batch of images, every other node reads nodes
/// before it, and the last one gives the logits. Nothing here knows image sizes or batch sizes;
/// `Graph` works them out. Node paths follow torchvision's and He's names
/// (`layer1.0.conv1`), so that a parameter is `layer1.0.conv1.weight` in a checkpoint.
public struct Network: Hashable, Sendable {
  /// One layer under its name.
  public struct Node: Hashable, Sendable {
    /// The name, unique in the network; dots separate the levels.
    public let path: String
    /// What the node computes.
    public let layer: Layer
    /// The nodes it reads, as positions in `nodes`.
    public let inputs: [NodeIndex]
    /// How its parameters start, where a training does not leave that to the layer.
    public let start: ParameterStart

    init(path: String, layer: Layer, inputs: [NodeIndex], start: ParameterStart = .standard) {
      self.path = path
      self.layer = layer
      self.inputs = inputs
      self.start = start
    }
  }

  /// The position of a node in `nodes`.
  public struct NodeIndex: Hashable, Sendable {
    let position: Int
  }

  /// What a node computes.
  ///
  /// Sizes that follow from the input are not repeated here.
  public enum Layer: Hashable, Sendable {
    /// The batch of images, `[n, c, h, w]`.
    case images(channels: Int)
    /// A convolution without bias; see ``ConvolutionForward``.
    case convolution(outputChannels: Int, size: Int, stride: Int, padding: Int)
    /// Batch normalisation; with `addsResidual` the node has a second input, which is added to
    /// the normalised values before the activation. See ``BatchNormForward``.
    case batchNorm(addsResidual: Bool, activation: ActivationFunction)
    /// max(x, 0); see ``ReLUForward``.
    case relu
    /// x · Φ(x); see ``GELUForward``.
    case gelu
    /// A ReLU with a smooth bend; see ``CELUForward``.
    case celu(alpha: Float)
    /// The sum of two inputs; see ``AdditionForward``.
    case addition
    /// The parameter-free shortcut of He et al. 2016; see ``DownsampleForward``.
    case downsample(outputChannels: Int, stride: Int)
    /// The mean over height and width; see ``GlobalAveragePoolForward``.
    case globalAveragePool
    /// The largest value of every window; see ``MaxPoolForward``.
    case maxPool(size: Int, stride: Int, padding: Int = 0)
    /// The largest value of every channel; see ``GlobalMaxPoolForward``.
    case globalMaxPool
    /// The features of two inputs side by side; see ``ConcatenationForward``.
    case concatenation
    /// A bias for each channel, and what follows it; see ``BiasForward``. The node's path is the
    /// parameter's name, `conv1.bias` behind `conv1`.
    case bias(activation: ActivationFunction)
    /// A fully connected layer whose products are multiplied by `scale`; see ``LinearForward``.
    case linear(outputs: Int, hasBias: Bool = true, scale: Float = 1)
  }

  /// The name under which the network is listed, for example `resnet20`.
  public let name: String
  /// The nodes, inputs before their readers.
  public private(set) var nodes: [Node]

  /// Makes a network that so far only passes its images on.
  ///
  /// - Parameters:
  ///   - name: The network's name.
  ///   - imageChannels: Channels of the input images, ≥ 1.
  public init(name: String, imageChannels: Int) {
    precondition(imageChannels >= 1, "images have at least 1 channel, found \(imageChannels)")
    self.name = name
    nodes = [Node(path: "images", layer: .images(channels: imageChannels), inputs: [])]
  }

  /// The node of the images.
  public var images: NodeIndex { NodeIndex(position: 0) }

  /// Channels of the input images.
  public var imageChannels: Int {
    guard case .images(let channels) = nodes[0].layer else {
      preconditionFailure("the first node of a network holds its images")
    }
    return channels
  }

  /// Channels, or features, of a node's result.
  public func channels(of node: NodeIndex) -> Int {
    let node = nodes[node.position]
    return switch node.layer {
    case .images(let channels): channels
    case .convolution(let outputs, _, _, _), .downsample(let outputs, _),
      .linear(let outputs, _, _):
      outputs
    case .concatenation: node.inputs.reduce(0) { $0 + channels(of: $1) }
    case .batchNorm, .relu, .gelu, .celu, .addition, .globalAveragePool, .maxPool, .globalMaxPool,
      .bias:
      channels(of: node.inputs[0])
    }
  }

  /// Appends a layer.
  ///
  /// - Parameters:
  ///   - layer: What the node computes.
  ///   - path: Its name; not used in the network yet.
  ///   - inputs: The nodes it reads, as many as the layer takes.
  ///   - start: How its parameters start.
  /// - Returns: The new node.
  public mutating func add(
    _ layer: Layer, _ path: String, _ inputs: NodeIndex..., start: ParameterStart = .standard
  ) -> NodeIndex {
    add(layer, path, inputs: inputs, start: start)
  }

  /// As ``add(_:_:_:start:)`` with the inputs as a list.
  mutating func add(
    _ layer: Layer, _ path: String, inputs: [NodeIndex], start: ParameterStart = .standard
  ) -> NodeIndex {
    precondition(!nodes.contains { $0.path == path }, "the path \(path) is used twice")
    precondition(
      inputs.count == layer.inputCount,
      "\(path) takes \(layer.inputCount) inputs, found \(inputs.count)")
    nodes.append(Node(path: path, layer: layer, inputs: inputs, start: start))
    return NodeIndex(position: nodes.count - 1)
  }
}

extension Network.Layer {
  var inputCount: Int {
    switch self {
    case .images: 0
    case .addition, .concatenation, .batchNorm(addsResidual: true, _): 2
    default: 1
    }
  }
}

// MARK: - Fusion

extension Network {
  /// The same function with each batch norm, the addition behind it and the ReLU behind that
  /// (or a GELU right behind the batch norm) written as one node, and each bias with the activation
  /// behind it, wherever nothing else reads the values between.
  ///
  /// Batch norm is bound by memory, not by arithmetic: the fused node saves writing and reading
  /// two whole activations forward and three backward. Fusing nodes, where forward and backward are
  /// still one thing, needs no pattern matching in the list of backward operations. An addition is
  /// taken over by the later of its inputs, so blocks make their shortcut first.
  public func fusingBatchNorm() -> Network {
    var readers = [Int](repeating: 0, count: nodes.count)
    for input in nodes.flatMap(\.inputs) {
      readers[input.position] += 1
    }
    var fused = Network(name: name, imageChannels: imageChannels)
    /// Where each old node's result is found in the new network.
    var place = [fused.images]
    for node in nodes.dropFirst() {
      let inputs = node.inputs.map { place[$0.position] }
      let target = inputs.max { $0.position < $1.position } ?? fused.images
      let isOnlyReader = zip(node.inputs, inputs).allSatisfy {
        $1 != target || readers[$0.position] == 1
      }
      if isOnlyReader, let taken = fused.nodes[target.position].takingOver(node.layer, inputs) {
        fused.nodes[target.position] = taken
        place.append(target)
      } else {
        fused.nodes.append(
          Node(path: node.path, layer: node.layer, inputs: inputs, start: node.start))
        place.append(NodeIndex(position: fused.nodes.count - 1))
      }
    }
    return fused
  }
}

extension Network.Node {
  /// This node doing `layer`'s work too, or `nil` if it cannot; it is one of the `operands` that
  /// `layer` reads.
  fileprivate func takingOver(
    _ layer: Network.Layer, _ operands: [Network.NodeIndex]
  ) -> Network.Node? {
    switch (self.layer, layer) {
    case (.batchNorm(let addsResidual, activation: .identity), .relu):
      return Network.Node(
        path: path, layer: .batchNorm(addsResidual: addsResidual, activation: .relu),
        inputs: inputs, start: start)
    case (.batchNorm(addsResidual: false, activation: .identity), .gelu):
      return Network.Node(
        path: path, layer: .batchNorm(addsResidual: false, activation: .gelu), inputs: inputs,
        start: start)
    case (.bias(activation: .identity), .relu):
      return Network.Node(path: path, layer: .bias(activation: .relu), inputs: inputs, start: start)
    case (.bias(activation: .identity), .gelu):
      return Network.Node(
        path: path, layer: .bias(activation: .gelu), inputs: inputs,
        start: start)
    case (.batchNorm(addsResidual: false, activation: .identity), .addition):
      guard let residual = operands.min(by: { $0.position < $1.position }),
        residual != operands.max(by: { $0.position < $1.position })
      else { return nil }
      return Network.Node(
        path: path, layer: .batchNorm(addsResidual: true, activation: .identity),
        inputs: inputs + [residual], start: start)
    default: return nil
    }
  }
}

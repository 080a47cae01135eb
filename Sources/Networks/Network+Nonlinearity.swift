/// What follows a network's linear layers.
public enum Nonlinearity: String, CaseIterable, Hashable, Sendable, Codable {
  /// max(x, 0); see ``ReLUForward``.
  case relu
  /// x · Φ(x); see ``GELUForward``.
  case gelu
  /// CELU with α = 0.3; see ``CELUForward`` for where that comes from.
  case celu

  var layer: Network.Layer {
    switch self {
    case .relu: .relu
    case .gelu: .gelu
    case .celu: .celu(alpha: 0.3)
    }
  }
}

extension Network {
  /// The same network with another nonlinearity in the place of each of its own.
  ///
  /// - Parameter nonlinearity: What follows the linear layers.
  /// - Returns: The network with its own name and the same parameters.
  /// - Throws: ``NetworkError`` if the network has no nonlinearity.
  public func replacingNonlinearities(
    by nonlinearity: Nonlinearity
  ) throws(NetworkError) -> Network {
    guard nodes.contains(where: \.layer.isNonlinearity) else {
      throw .noPlace(
        network: name, choice: "activation \(nonlinearity.rawValue)", expected: "a nonlinearity")
    }
    return rebuilt { network, node, inputs in
      guard node.layer.isNonlinearity else { return network.copy(node, inputs) }
      return network.add(nonlinearity.layer, node.path, inputs: inputs, start: node.start)
    }
  }
}

extension Network.Layer {
  fileprivate var isNonlinearity: Bool {
    switch self {
    case .relu, .gelu, .celu: true
    default: false
    }
  }
}

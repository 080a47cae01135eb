/// How a network brings its last image, of any size, to one number for each feature.
///
/// None has parameters that depend on the image size, so that one set of parameters takes any.
public enum Head: String, CaseIterable, Hashable, Sendable, Codable {
  /// The mean of every channel: ``GlobalAveragePoolForward``.
  case average
  /// The largest value of every channel: ``GlobalMaxPoolForward``.
  case max
  /// Both, the largest values first: twice as many features, and weights behind them. Howard's
  /// choice in fast.ai's library (2017).
  case concat
}

extension Network {
  /// The same network with another head in the place of its own.
  ///
  /// - Parameter head: The head.
  /// - Returns: The network with its own name; its other parameters keep theirs.
  /// - Throws: ``NetworkError`` if the network does not pool whole images once.
  public func replacingHead(by head: Head) throws(NetworkError) -> Network {
    let pools = nodes.filter { [.globalAveragePool, .globalMaxPool].contains($0.layer) }
    guard let pool = pools.first, pools.count == 1 else {
      throw .noPlace(
        network: name, choice: "head \(head.rawValue)", expected: "one pooling of whole images")
    }
    return rebuilt { network, node, inputs in
      guard node.path == pool.path else { return network.copy(node, inputs) }
      switch head {
      case .average: return network.add(.globalAveragePool, node.path, inputs: inputs)
      case .max: return network.add(.globalMaxPool, node.path, inputs: inputs)
      case .concat:
        let largest = network.add(.globalMaxPool, "\(node.path).max", inputs: inputs)
        let average = network.add(.globalAveragePool, "\(node.path).average", inputs: inputs)
        return network.add(.concatenation, node.path, largest, average)
      }
    }
  }
}

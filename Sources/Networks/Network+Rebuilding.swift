extension Network {
  /// A network made of this one's nodes, one after the other.
  ///
  /// - Parameter body: Adds what stands for a node to the new network, with its inputs there, and
  ///   returns what its readers read.
  /// - Returns: The new network, with this one's name.
  func rebuilt(
    _ body: (inout Network, Node, _ inputs: [NodeIndex]) -> NodeIndex
  ) -> Network {
    var network = Network(name: name, imageChannels: imageChannels)
    var places = [network.images]
    for node in nodes.dropFirst() {
      places.append(body(&network, node, node.inputs.map { places[$0.position] }))
    }
    return network
  }

  /// Appends a node of another network as it is, but for its inputs and what is given.
  mutating func copy(
    _ node: Node, _ inputs: [NodeIndex], start: ParameterStart? = nil
  ) -> NodeIndex {
    add(node.layer, node.path, inputs: inputs, start: start ?? node.start)
  }
}

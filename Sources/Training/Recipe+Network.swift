import Networks

extension Recipe {
  /// A network with what this recipe chooses about it.
  ///
  /// - Throws: `TrainingError.networkChoice` where the network has no place for it.
  func applied(to network: Network) throws(TrainingError) -> Network {
    do throws(NetworkError) {
      var network = network
      if let head { network = try network.replacingHead(by: head) }
      if let activation { network = try network.replacingNonlinearities(by: activation) }
      return initialization == .he ? network : try network.starting(with: initialization)
    } catch {
      throw .networkChoice(error)
    }
  }
}

public import Networks

/// Runs graphs on an NVIDIA GPU: convolutions by cuDNN, everything else by kernels of our own.
public struct CUDABackend: Backend {
  /// The device and libraries that the last bits of results depend on.
  public let arithmetic: String
  private let makeMachine: @Sendable () throws -> any Machine

  /// Makes a backend.
  ///
  /// - Parameters:
  ///   - arithmetic: What the last bits of results depend on, in words.
  ///   - makeMachine: Gives a machine for each program.
  package init(
    arithmetic: String, makeMachine: @escaping @Sendable () throws -> any Machine
  ) {
    self.arithmetic = arithmetic
    self.makeMachine = makeMachine
  }

  /// Fuses the network's batch norms, lowers the graph and captures its phases on a machine.
  ///
  /// - Throws: The machine's own error if it lacks memory or a library.
  public func compile(_ graph: Graph) throws -> any CompiledProgram {
    try program(graph.rewritten(as: graph.network.fusingBatchNorm()))
  }

  /// Makes the program of a graph as it is.
  package func program(_ graph: Graph) throws -> CUDAProgram {
    let machine = try makeMachine()
    return try CUDAProgram(Blueprint(graph) { try machine.prepare($0) }, on: machine)
  }
}

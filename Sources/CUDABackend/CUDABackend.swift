public import Networks

/// Runs graphs on an NVIDIA GPU: convolutions by cuDNN, everything else by kernels of our own.
public struct CUDABackend: Backend {
  /// The device and libraries that the last bits of results depend on.
  public let arithmetic: String
  /// Whether gradients are added up between processes on their machines.
  private let addsUpGradients: Bool
  /// The GPU, and who is told that it failed; `nil` for another machine.
  let gpu: (session: DeviceSession, stop: @Sendable (CUDABackendError) -> Never)?
  private let makeMachine: @Sendable () throws -> any Machine

  /// Makes a backend.
  ///
  /// - Parameters:
  ///   - arithmetic: What the last bits of results depend on, in words.
  ///   - addsUpGradients: Whether the machines carry sums between processes out.
  ///   - makeMachine: Gives a machine for each program.
  package init(
    arithmetic: String, addsUpGradients: Bool = false,
    makeMachine: @escaping @Sendable () throws -> any Machine
  ) {
    self.arithmetic = arithmetic
    self.addsUpGradients = addsUpGradients
    self.makeMachine = makeMachine
    gpu = nil
  }

  /// Makes a backend of a GPU in use.
  init(
    _ session: DeviceSession, stop: @escaping @Sendable (CUDABackendError) -> Never
  ) {
    arithmetic = session.arithmetic
    addsUpGradients = session.communicator != nil
    makeMachine = { try CUDAMachine(session, stop: stop) }
    gpu = (session, stop)
  }

  /// Fuses the network's batch norms, lowers the graph and captures its phases on a machine.
  ///
  /// - Throws: The machine's own error if it lacks memory or a library.
  public func compile(_ graph: Graph) throws -> any CompiledProgram {
    // The caller knows the buckets of the graph that it has.
    let isShared = addsUpGradients && graph.configuration.accumulation > 1
    return try program(
      graph.rewritten(as: graph.network.fusingBatchNorm()),
      buckets: isShared ? graph.gradientBuckets() : [])
  }

  /// Makes the program of a graph as it is.
  package func program(_ graph: Graph, buckets: [GradientBucket] = []) throws -> CUDAProgram {
    let machine = try makeMachine()
    return try CUDAProgram(
      Blueprint(graph, buckets: buckets) { try machine.prepare($0) }, on: machine)
  }
}

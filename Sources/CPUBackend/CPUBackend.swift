public import Kernels
public import Networks

/// Runs graphs on the processor with the hand-written kernels.
///
/// Results depend on the kernel variant in the last bits, and on the number of threads not at all.
public struct CPUBackend: Backend {
  /// The instruction set to use.
  public let variant: KernelVariant
  /// The threads that share the work of each kernel, ≥ 1.
  public let threadCount: Int
  /// How convolutions are computed.
  public let convolution: ConvolutionAlgorithm

  /// Makes a backend.
  ///
  /// - Parameters:
  ///   - variant: The instruction set to use; this processor has it.
  ///   - threadCount: The threads that share the work of each kernel, ≥ 1.
  ///   - convolution: How convolutions are computed.
  public init(
    variant: KernelVariant, threadCount: Int, convolution: ConvolutionAlgorithm = .auto
  ) {
    precondition(threadCount >= 1, "at least 1 thread is needed, found \(threadCount)")
    self.variant = variant
    self.threadCount = threadCount
    self.convolution = convolution
  }

  /// The kernels and how they compute convolutions.
  public var arithmetic: String {
    "cpu, \(variant.rawValue) kernels, \(convolution.rawValue) convolutions"
  }

  /// Fuses the network's batch norms, plans the arena and makes the program.
  ///
  /// - Throws: ``CPUBackendError`` if the memory cannot be had.
  public func compile(_ graph: Graph) throws -> any CompiledProgram {
    try program(fusing: graph)
  }

  /// Makes the program of a graph after fusing its batch norms.
  package func program(fusing graph: Graph) throws(CPUBackendError) -> CPUProgram {
    try program(graph.rewritten(as: graph.network.fusingBatchNorm()))
  }

  /// Makes the program of a graph as it is.
  package func program(_ graph: Graph) throws(CPUBackendError) -> CPUProgram {
    let pool = ThreadPool(threadCount: threadCount)
    let element: ElementType =
      switch graph.configuration.precision {
      case .float32: .float32
      case .bfloat16: .bfloat16
      case .float16: .float16
      }
    let kernels = KernelLibrary(variant: variant, element: element, pool: pool)
    return try CPUProgram(graph, kernels: kernels, convolution: convolution)
  }
}

/// Why a graph could not be made ready on the processor.
public enum CPUBackendError: Error, Hashable, CustomStringConvertible {
  /// The system refused memory.
  case outOfMemory(byteCount: Int)

  /// What was asked for.
  public var description: String {
    switch self {
    case .outOfMemory(let byteCount):
      "expected \(byteCount) bytes of memory for the arena, and the system refused them"
    }
  }
}

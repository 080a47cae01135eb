internal import CCUDA

/// An engine of cuDNN's with its settings, proposed for a graph.
struct EngineConfiguration {
  /// The configuration.
  let descriptor: Descriptor
  /// The engine's number.
  let engine: Int
  /// What the engine does to numbers.
  let notes: Set<CInt>

  /// Asks cuDNN for engines, the ones that it thinks fastest first.
  ///
  /// - Parameters:
  ///   - graph: What is to be computed.
  ///   - mode: One of the modes of `CUDNN.h`.
  ///   - library: cuDNN.
  ///   - target: The device.
  /// - Returns: The configurations; none if cuDNN has no engine for the graph.
  /// - Throws: What cuDNN refuses.
  static func proposed(
    for graph: ConvolutionGraph, mode: Int, _ library: ConvolutionLibrary, _ target: PlanTarget
  ) throws(CUDABackendError) -> [EngineConfiguration] {
    let heuristics = try Descriptor(library, CUDNN_ENGINE_HEURISTICS, "the heuristics")
    try heuristics.set(CUDNN_HEURISTICS_OPERATION_GRAPH, [graph.descriptor])
    try heuristics.set(CUDNN_HEURISTICS_MODE, CUDNN_TYPE_HEURISTICS_MODE, [CInt(mode)])
    if case .described(let properties) = target {
      try heuristics.set(CUDNN_HEURISTICS_DEVICE_PROPERTIES, [properties])
    }
    try heuristics.finalize()
    let count = try heuristics.count(CUDNN_HEURISTICS_RESULTS, CUDNN_TYPE_DESCRIPTOR)
    let found = try heuristics.fill(
      CUDNN_HEURISTICS_RESULTS, CUDNN_ENGINE_CONFIGURATION, count: count, "a configuration")
    var configurations: [EngineConfiguration] = []
    for descriptor in found {
      let engines = try descriptor.fill(
        CUDNN_CONFIGURATION_ENGINE, CUDNN_ENGINE, count: 1, "an engine")
      guard let engine = engines.first else { continue }
      let numbers = try engine.values(
        CUDNN_ENGINE_INDEX, CUDNN_TYPE_INT64, zero: Int64(-1), capacity: 1)
      let notes = try engine.values(
        CUDNN_ENGINE_NUMERICAL_NOTES, CUDNN_TYPE_NUMERICAL_NOTE, zero: CInt(-1), capacity: 32)
      configurations.append(
        EngineConfiguration(
          descriptor: descriptor, engine: Int(numbers.first ?? -1), notes: Set(notes)))
    }
    return configurations
  }
}

/// What a GPU may do to numbers for the sake of speed.
public struct ConvolutionNumerics: Hashable, Sendable {
  /// How float32 is multiplied.
  public enum Float32: String, Hashable, Sendable, CaseIterable {
    /// With all of its bits.
    case strict
    /// With 10 bits of precision on tensor cores: TF32, as other libraries do unasked.
    case tf32
  }

  /// How float32 is multiplied.
  public var float32: Float32
  /// Whether the same graph gives the same bits in every run: no sum in the order in which threads come,
  /// and cuDNN's first choice instead of the fastest by the clock.
  public var isReproducible: Bool

  /// Allows something.
  public init(float32: Float32 = .tf32, isReproducible: Bool = false) {
    self.float32 = float32
    self.isReproducible = isReproducible
  }

  /// Whether an engine with these notes may be used.
  func allows(_ notes: Set<CInt>, _ storage: Storage) -> Bool {
    // Sums in the tensors' own type lose what float32 sums are for, whatever is asked for.
    var forbidden = [CUDNN_NOTE_REDUCED_PRECISION_REDUCTION]
    if isReproducible { forbidden.append(CUDNN_NOTE_NONDETERMINISTIC) }
    switch storage {
    case .float32:
      forbidden.append(CUDNN_NOTE_DOWN_CONVERT_INPUTS)
      if float32 == .strict {
        // Transforms multiply exactly and add much: their rounding is larger than a plain sum's.
        forbidden += [
          CUDNN_NOTE_TENSOR_CORE, CUDNN_NOTE_FFT, CUDNN_NOTE_WINOGRAD, CUDNN_NOTE_WINOGRAD_4,
          CUDNN_NOTE_WINOGRAD_6, CUDNN_NOTE_WINOGRAD_13,
        ]
      }
    case .bfloat16, .float16: break
    }
    return notes.isDisjoint(with: forbidden.map { CInt($0) })
  }
}

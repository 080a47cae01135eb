import Tensors

/// How a parameter starts.
public enum Initialization: Hashable, Sendable {
  /// Every value the same.
  case constant(Float)
  /// Normal with mean 0 and variance 2 / fan-in: He et al. 2015 (arXiv 1502.01852), eq. 10.
  case heNormal(fanIn: Int)
  /// Uniform in ±1/√fan-in: PyTorch's for a linear layer.
  case uniform(fanIn: Int)
  /// Filters `[k, inputs, size, size]` of which the first hand their channel on as it is, 1 in the
  /// middle and 0 elsewhere, until every input has one; the others are uniform in ±1/√fan-in.
  ///
  /// Zagoruyko and Komodakis 2017 (arXiv 1706.00388) start so; the uniform rest is Jordan's (2024,
  /// arXiv 2404.00498, §3.3).
  case dirac(inputs: Int, size: Int)
  /// Filters `[k, inputs, size, size]` that whiten the images' patches, which only the images can
  /// tell (``PatchCovariance``); until then as `heNormal`.
  case whitening(inputs: Int, size: Int)

  /// Overwrites `values` with the start of one parameter.
  ///
  /// - Parameters:
  ///   - values: The parameter, in any shape.
  ///   - seed: The run's seed.
  ///   - index: The parameter's number in its network: each has a stream of its own.
  public func fill(_ values: inout MutableSpan<Float>, seed: UInt64, index: Int) {
    var stream = RandomStream(seed: seed, purpose: .initialization, index: UInt64(index))
    for position in values.indices {
      switch self {
      case .constant(let value): values[position] = value
      case .heNormal(let fanIn):
        values[position] = normalValue(&stream, fanIn: fanIn)
      case .uniform(let fanIn):
        values[position] = uniformValue(&stream, fanIn: fanIn)
      case .dirac(let inputs, let size):
        // Every value has its draw, so that the filters behind do not depend on those in front.
        let random = uniformValue(&stream, fanIn: inputs * size * size)
        let (filter, place) = position.quotientAndRemainder(dividingBy: inputs * size * size)
        let middle = (filter * size + size / 2) * size + size / 2
        values[position] = filter >= inputs ? random : (place == middle ? 1 : 0)
      case .whitening(let inputs, let size):
        values[position] = normalValue(&stream, fanIn: inputs * size * size)
      }
    }
  }
}

private func normalValue(_ stream: inout RandomStream, fanIn: Int) -> Float {
  Float(stream.nextNormal() * (2 / Double(fanIn)).squareRoot())
}

private func uniformValue(_ stream: inout RandomStream, fanIn: Int) -> Float {
  Float((2 * stream.nextUniform() - 1) / Double(fanIn).squareRoot())
}

extension CompiledProgram {
  /// Starts a training: every parameter and state at its initial value, the optimiser's tensors and
  /// averages 0, the loss's factor at its first value.
  ///
  /// - Parameters:
  ///   - graph: The graph that the program was compiled from.
  ///   - seed: The run's seed; the same seed gives the same start on every backend.
  public func initialize(_ graph: Graph, seed: UInt64) {
    var starts = graph.parameters.map { ($0.values, $0.initialization) }
    starts += graph.states.map { ($0.values, $0.initialization) }
    starts += graph.parameters.flatMap(\.optimizerStates).map { ($0, .constant(0)) }
    starts += graph.parameters.compactMap(\.gradientSum).map { ($0, .constant(0)) }
    starts += (graph.parameters.compactMap(\.average) + graph.states.compactMap(\.average))
      .map { ($0, .constant(0)) }
    if let scale = graph.lossScale {
      starts += [(scale.factor, .constant(LossScale.start)), (scale.updates, .constant(0))]
    }
    for (index, (slot, initialization)) in starts.enumerated() {
      var buffer = HostBuffer(count: graph[slot].shape.count)
      buffer.withMutableSpan { initialization.fill(&$0, seed: seed, index: index) }
      buffer.withSpan { write($0, to: slot) }
    }
  }
}

/// A parameter that a layer asks for.
struct ParameterDeclaration {
  /// The name under the layer's path: `weight`, `running_mean`; empty if the path is its name.
  let name: String
  let shape: Shape
  let initialization: Initialization
  /// Whether a gradient step changes it.
  var isTrained = true

  /// The name in a checkpoint.
  static func fullName(_ path: String, _ name: String) -> String {
    name.isEmpty ? path : "\(path).\(name)"
  }
}

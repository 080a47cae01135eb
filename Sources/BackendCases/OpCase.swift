public import Networks
import Tensors

/// One row of the table of cases that every backend and every gradient is tested on.
///
/// A case is a small network around an operation, so that the operation is met as the graph emits
/// it: with its gradients overwritten or accumulated, fused or not, with odd sizes.
public struct OpCase: CustomStringConvertible, Sendable {
  /// What is tested, in words.
  public let name: String
  var configuration: Graph.Configuration
  var validCount: Int
  var labelSmoothing: Float = 0
  var mixes = false
  let network: Network

  /// The name.
  public var description: String { name }

  /// A copy whose activations are kept so.
  public func precision(_ precision: Precision) -> OpCase {
    var copy = self
    copy.configuration.precision = precision
    return copy
  }

  /// Both ways to write the network: as it was built, and fused if that makes a difference.
  public var graphs: [Graph] {
    let plain = Graph(network: network, configuration: configuration)
    let fused = network.fusingBatchNorm()
    return fused == network ? [plain] : [plain, plain.rewritten(as: fused)]
  }

  /// Makes a case.
  ///
  /// - Parameters:
  ///   - name: What is tested, in words.
  ///   - batch: The images of a batch.
  ///   - channels: The channels of an image.
  ///   - height: Its height.
  ///   - width: Its width.
  ///   - classes: The number of logits.
  ///   - optimizer: The optimiser's text.
  ///   - selectors: The selectors of parameter groups.
  ///   - clipNorm: The largest norm of all gradients.
  ///   - accumulation: The parts of a step.
  ///   - averaging: The text of what is kept of the weights.
  ///   - classifier: The last layer; a linear one if `nil`.
  ///   - layers: Adds what is tested.
  public init(
    _ name: String, batch: Int = 2, channels: Int = 3, height: Int = 6, width: Int = 5,
    classes: Int = 3, optimizer: String = "sgd",
    selectors: [String] = [], clipNorm: Double? = nil, accumulation: Int = 1,
    averaging: String? = nil,
    classifier: Network.Layer? = nil,
    _ layers: (inout Network, Network.NodeIndex) -> Network.NodeIndex
  ) {
    self.name = name
    configuration = Graph.Configuration(
      batch: batch, height: height, width: width, optimizer: Optimizer(optimizer) ?? .sgd,
      selectors: selectors, clipNorm: clipNorm, accumulation: accumulation,
      averaging: averaging.flatMap { Averaging($0) })
    validCount = batch
    var network = Network(name: name, imageChannels: channels)
    var x = layers(&network, network.images)
    if ![.globalAveragePool, .globalMaxPool, .concatenation].contains(network.nodes.last?.layer) {
      x = network.add(.globalAveragePool, "pool", x)
    }
    _ = network.add(classifier ?? .linear(outputs: classes), "fc", x)
    self.network = network
  }

  /// A copy whose last samples do not count.
  public func valid(_ count: Int) -> OpCase {
    var copy = self
    copy.validCount = count
    return copy
  }

  /// A copy with smoothed labels.
  public func smoothing(_ smoothing: Float) -> OpCase {
    var copy = self
    copy.labelSmoothing = smoothing
    return copy
  }

  /// A copy whose samples have second labels.
  public var mixed: OpCase {
    var copy = self
    copy.mixes = true
    return copy
  }

  /// The step inputs that the case runs with; the groups differ.
  func stepInputs(_ graph: Graph) -> StepInputs {
    StepInputs(
      validCount: validCount, labelSmoothing: labelSmoothing, batchNormMomentum: 0.3,
      updateNumber: 3, averagingWeight: 0.3,
      groups: graph.groups.indices.map { group in
        .init(
          learningRate: 0.05 / Float(1 + group), momentum: 0.8 - 0.1 * Float(group),
          weightDecay: 0.01 * Float(1 + group), beta2: 0.95)
      })
  }

  /// Fills a program with the case's parameters and batch: all normal, batch norm's scale around 1.
  public func prepare(_ program: any CompiledProgram, _ graph: Graph) {
    program.initialize(graph, seed: 7)
    var index: UInt64 = 0
    func fill(_ slot: Slot, _ draw: (inout RandomStream) -> Float) {
      index += 1
      var stream = RandomStream(seed: 11, purpose: .test, index: index)
      write((0..<graph[slot].shape.count).map { _ in draw(&stream) }, to: slot)
    }
    func write(_ values: [Float], to slot: Slot) {
      program.write(values.span, to: slot)
    }
    fill(graph.images) { Float($0.nextNormal()) }
    fill(graph.labels) {
      Float(
        $0.nextInteger(below: graph[graph.parameters[graph.parameters.count - 1].values].shape[0]))
    }
    if mixes {
      fill(graph.others.labels) { Float($0.nextInteger(below: 3)) }
      fill(graph.others.shares) { Float($0.nextUniform()) }
    }
    for parameter in graph.parameters {
      let isScale = parameter.initialization == .constant(1)
      for (name, state) in zip(graph.configuration.optimizer.stateNames, parameter.optimizerStates)
      {
        fill(state) {
          let value = Float(0.1 * $0.nextNormal())
          return name == "secondMoment" ? value * value : value
        }
      }
      // Ahead of a step's parts there is nothing.
      if let sum = parameter.gradientSum { fill(sum) { _ in 0 } }
      if graph[parameter.values].shape.rank == 1 {
        fill(parameter.values) { Float((isScale ? 1 : 0) + 0.3 * $0.nextNormal()) }
      }
    }
    for state in graph.states {
      fill(state.values) { Float(0.5 + $0.nextUniform()) }
    }
    for average in graph.states.compactMap(\.average) + graph.parameters.compactMap(\.average) {
      fill(average) { Float(0.5 + $0.nextUniform()) }
    }
    // Tolerances are about gradients of this size.
    if let scale = graph.lossScale { write([2], to: scale.factor) }
    write(stepInputs(graph).values, to: graph.stepInputs)
  }
}

public import Networks
import Tensors

/// The losses of a short training, for a backend to be held against the reference as a whole.
///
/// A small residual network learns one batch of noise by heart while learning rate, momentum and
/// weight decay change in every step. A backend that reads the first step's rate forever comes to
/// other losses, and so does one whose gradients are wrong where the cases do not look.
public struct LossCurve: Sendable {
  /// The number of steps.
  public static let stepCount = 50

  /// What losses may differ by, as a part of the first one.
  ///
  /// Rounding grows from step to step, so these are wider than those of single operations.
  public enum Tolerance {
    /// All of float32's bits.
    public static let float32 = 5e-4
    /// Products of 10 bits, summed in float32.
    public static let tf32 = 1e-2
    /// Activations of 8 bits.
    public static let bfloat16 = 2e-2
    /// Activations of 11 bits.
    public static let float16 = 5e-3
  }

  /// The mean loss of each step.
  public let losses: [Double]

  /// The graph that is trained.
  public static func graph(_ precision: Precision) -> Graph {
    Graph(
      network: .resNetCIFAR(depth: 8),
      configuration: .init(
        batch: 8, height: 8, width: 8, optimizer: Optimizer("sgd(nesterov)") ?? .sgd,
        precision: precision))
  }

  /// Trains.
  ///
  /// - Parameters:
  ///   - precision: What activations are kept as.
  ///   - compile: Makes the program of a graph as it is.
  /// - Throws: What `compile` throws.
  public init(
    _ precision: Precision, compile: (Graph) throws -> any CompiledProgram
  ) throws {
    let graph = Self.graph(precision)
    let program = try compile(graph)
    program.initialize(graph, seed: 1)
    func write(_ slot: Slot, _ values: [Float]) { program.write(values.span, to: slot) }
    var stream = RandomStream(seed: 1, purpose: .test, index: 0)
    let batch = graph.configuration.batch
    write(
      graph.images, (0..<graph[graph.images].shape.count).map { _ in Float(stream.nextNormal()) })
    write(graph.labels, (0..<batch).map { Float($0 % 10) })
    var losses: [Double] = []
    for step in 0..<Self.stepCount {
      write(graph.stepInputs, Self.stepInputs(step, batch: batch, graph).values)
      for phase in [Graph.Phase.forward, .backward, .update] { program.run(phase) }
      losses.append(
        program.values(of: graph.losses, in: graph).reduce(0) { $0 + Double($1) } / Double(batch))
    }
    self.losses = losses
  }

  /// Up, down and nearly nothing: three schedules of which none stands still.
  private static func stepInputs(_ step: Int, batch: Int, _ graph: Graph) -> StepInputs {
    let progress = Float(step) / Float(stepCount - 1)
    let triangle = progress < 0.4 ? progress / 0.4 : (1 - progress) / 0.6
    return StepInputs(
      validCount: batch, updateNumber: step + 1,
      groups: graph.groups.map { _ in
        .init(
          learningRate: 0.002 + 0.05 * triangle, momentum: 0.9 - 0.3 * triangle,
          weightDecay: 1e-3 * progress)
      })
  }

  /// The largest difference between two curves, as a part of the first loss; not a number if a loss
  /// is none.
  public func difference(from other: LossCurve) -> Double {
    let differences = zip(losses, other.losses).map { abs($0 - $1) }
    let isSound = losses.count == other.losses.count && differences.allSatisfy(\.isFinite)
    return isSound ? (differences.max() ?? 0) / (other.losses.first ?? 1) : .nan
  }
}

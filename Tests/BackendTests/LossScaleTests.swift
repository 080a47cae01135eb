import BackendCases
import CPUBackend
import CUDABackend
import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// float16's loss scale: what it does to gradients and updates, on every backend.
@Suite struct LossScaleTests {
  private static let compilations: [@Sendable (Graph) throws -> any CompiledProgram] = [
    { ReferenceProgram($0) },
    { try CPUBackend(variant: .baseline, threadCount: 1).compile($0) },
    { graph in
      try CUDABackend(arithmetic: "emulated") { EmulatedMachine(.random) }.compile(graph)
    },
  ]

  private func graph(accumulation: Int = 1, clipNorm: Double? = nil) -> Graph {
    var network = Network(name: "small", imageChannels: 2)
    var x = network.addConvolutionBatchNorm("a", "bn", network.images, channels: 8)
    x = network.add(.relu, "relu", x)
    x = network.add(.globalAveragePool, "pool", x)
    _ = network.add(.linear(outputs: 10), "fc", x)
    return Graph(
      network: network,
      configuration: .init(
        batch: 4, height: 5, width: 5, optimizer: Optimizer("sgd(nesterov)") ?? .sgd,
        clipNorm: clipNorm, accumulation: accumulation, precision: .float16))
  }

  /// A program with a batch, and everything it holds but the gradients.
  private final class Trained {
    let graph: Graph
    let program: any CompiledProgram
    private var updates = 0

    init(_ graph: Graph, _ program: any CompiledProgram) {
      (self.graph, self.program) = (graph, program)
      program.initialize(graph, seed: 1)
      var stream = RandomStream(seed: 1, purpose: .test, index: 0)
      let images = (0..<graph[graph.images].shape.count).map { _ in Float(stream.nextNormal()) }
      program.write(images.span, to: graph.images)
      let labels: [Float] = [1, 2, 3, 4]
      program.write(labels.span, to: graph.labels)
    }

    var scale: (factor: Float, updates: Float) {
      guard let scale = graph.lossScale else { return (.nan, .nan) }
      return (
        program.values(of: scale.factor, in: graph)[0],
        program.values(of: scale.updates, in: graph)[0]
      )
    }

    func set(factor: Float, updates: Float = 0) {
      guard let scale = graph.lossScale else { return }
      let values = [factor, updates]
      program.write(values.span.extracting(first: 1), to: scale.factor)
      program.write(values.span.extracting(last: 1), to: scale.updates)
    }

    var weights: [[Float]] {
      graph.parameters.flatMap { [$0.values] + $0.optimizerStates }
        .map { program.values(of: $0, in: graph) }
    }

    var gradient: [Float] {
      graph.parameters.flatMap { program.values(of: $0.gradient, in: graph) }
    }

    func step() {
      updates += 1
      let inputs = StepInputs(
        validCount: 4, updateNumber: updates,
        groups: graph.groups.map { _ in
          .init(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3)
        })
      program.write(inputs.values.span, to: graph.stepInputs)
      for _ in 0..<graph.configuration.accumulation {
        for phase in [Graph.Phase.forward, .backward, .accumulate] { program.run(phase) }
      }
      program.run(.update)
    }
  }

  private func trained(_ compilation: Int, _ graph: Graph) throws -> Trained {
    Trained(graph, try Self.compilations[compilation](graph))
  }

  @Test(arguments: 0..<3) func startsAndGrowsAndShrinks(compilation: Int) throws {
    let trained = try trained(compilation, graph())
    #expect(trained.scale == (65_536, 0))
    trained.set(factor: 256, updates: 1_998)
    trained.step()
    #expect(trained.scale == (256, 1_999))
    trained.step()
    #expect(trained.scale == (512, 0))
    trained.set(factor: 0x1p24, updates: 1_999)
    // So large a factor overflows: half of it next.
    let before = trained.weights
    trained.step()
    #expect(trained.scale == (0x1p23, 0))
    #expect(trained.weights == before)
    trained.set(factor: 1, updates: 1_999)
    trained.step()
    #expect(trained.scale == (2, 0))
    #expect(trained.weights != before)
  }

  /// A power of two changes no bit of what does not leave float16's normal numbers.
  @Test(arguments: 0..<3, [(1, nil), (2, nil), (2, 0.01)])
  func updatesDoNotDependOnTheFactor(compilation: Int, options: (Int, Double?)) throws {
    let graph = graph(accumulation: options.0, clipNorm: options.1)
    let (small, large) = (try trained(compilation, graph), try trained(compilation, graph))
    small.set(factor: 1_024)
    large.set(factor: 4_096)
    for _ in 0..<2 {
      small.step()
      large.step()
    }
    #expect(
      zip(small.gradient, large.gradient).allSatisfy { abs(4 * $0 - $1) <= 1e-2 * abs($1) + 0.1 })
    #expect(small.gradient != large.gradient)
    for (a, b) in zip(small.weights.joined(), large.weights.joined()) {
      #expect(abs(a - b) <= 1e-4 * abs(b) + 1e-6)
    }
  }

  /// After a step that was left out the next one is what it would have been without it.
  @Test(arguments: 0..<3) func aSkippedStepLeavesNothingBehind(compilation: Int) throws {
    let graph = graph(accumulation: 2)
    let (plain, skipping) = (try trained(compilation, graph), try trained(compilation, graph))
    skipping.set(factor: 0x1p24)
    skipping.step()
    #expect(skipping.gradient.contains { !$0.isFinite })
    #expect(skipping.weights == plain.weights)
    for trained in [plain, skipping] {
      trained.set(factor: 1_024)
      trained.step()
    }
    #expect(skipping.weights == plain.weights)
    #expect(skipping.weights.joined().allSatisfy { $0.isFinite })
  }

  @Test func otherPrecisionsHaveNone() {
    let graph = Graph(
      network: .resNetCIFAR(depth: 8), configuration: .init(batch: 2, height: 8, width: 8))
    #expect(graph.lossScale == nil)
    #expect(graph.operations(.backward).allSatisfy { $0.name != "loss scaling" })
  }
}

import CPUBackend
import CUDABackend
import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// Whole trainings on an emulated GPU, with schedules that change under a captured graph.
@Suite struct CUDAProgramTests {
  private func graph(
    _ network: Network, precision: Precision = .float32, optimizer: String = "sgd"
  )
    -> Graph
  {
    Graph(
      network: network,
      configuration: .init(
        batch: 4, height: 12, width: 12, optimizer: Optimizer(optimizer) ?? .sgd,
        precision: precision))
  }

  /// Trains a few steps on random images; gives the mean losses.
  private func train(
    _ program: any CompiledProgram, _ graph: Graph, rates: [Float], momentum: Float = 0.9,
    weightDecay: Float = 1e-3
  ) -> [Double] {
    program.initialize(graph, seed: 3)
    return rates.enumerated().map { step, rate in
      var stream = RandomStream(seed: 5, purpose: .test, index: UInt64(step % 2))
      let images = (0..<graph[graph.images].shape.count).map { _ in Float(stream.nextNormal()) }
      let labels = (0..<4).map { _ in Float(stream.nextInteger(below: 10)) }
      program.write(images.span, to: graph.images)
      program.write(labels.span, to: graph.labels)
      let inputs = StepInputs(
        validCount: 4, updateNumber: step + 1,
        groups: [
          .init(learningRate: rate, momentum: momentum, weightDecay: weightDecay, beta2: 0.99)
        ])
      program.write(inputs.values.span, to: graph.stepInputs)
      for phase in [Graph.Phase.forward, .backward, .update] { program.run(phase) }
      return program.values(of: graph.losses, in: graph).map(Double.init).reduce(0, +) / 4
    }
  }

  private func weights(_ program: any CompiledProgram, _ graph: Graph) -> [Double] {
    graph.parameters.flatMap { program.values(of: $0.values, in: graph).map(Double.init) }
  }

  /// ‖a − b‖ / ‖b‖.
  private func difference(_ a: [Double], _ b: [Double]) -> Double {
    #expect(a.count == b.count && !a.isEmpty)
    let error = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (error / b.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }

  private func processor() throws -> CPUBackend {
    CPUBackend(variant: try #require(KernelVariant.available.last), threadCount: 1)
  }

  private let emulated = CUDABackend(arithmetic: "emulated") { EmulatedMachine(.random) }

  @Test(arguments: [(Precision.float32, 1e-3), (.bfloat16, 0.05), (.float16, 0.01)])
  func lossesOfResNet8AreTheProcessors(precision: Precision, bound: Double) throws {
    let graph = graph(.resNetCIFAR(depth: 8), precision: precision)
    let rates: [Float] = [0.02, 0.05, 0.1, 0.05, 0.02, 0.01]
    let found = train(try emulated.compile(graph), graph, rates: rates)
    let expected = train(try processor().compile(graph), graph, rates: rates)
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) <= bound * expected, "\(found), not \(expected)")
    }
    #expect(expected[0] != expected[2])
  }

  /// A network that is quick to emulate.
  private var small: Network {
    var network = Network(name: "small", imageChannels: 2)
    var x = network.addConvolutionBatchNorm("a", "bn", network.images, channels: 8)
    x = network.add(.relu, "relu", x)
    x = network.add(.globalAveragePool, "pool", x)
    _ = network.add(.linear(outputs: 10), "fc", x)
    return network
  }

  @Test(arguments: ["sgd(nesterov)", "adamw(epsilon=0.001)"])
  func changingScheduleReachesReplayedGraphs(optimizer: String) throws {
    let graph = graph(small, optimizer: optimizer)
    let rates = (0..<12).map { Float($0 % 5) * 0.01 }
    let (program, reference) = (try emulated.compile(graph), try processor().compile(graph))
    _ = train(program, graph, rates: rates)
    _ = train(reference, graph, rates: rates)
    #expect(difference(weights(program, graph), weights(reference, graph)) <= 1e-5)
  }

  /// What the schedule on the device is for: an update that takes its rate as an argument is captured
  /// with the first one, trains on with it, and nothing but this comparison fails.
  @Test func rateAsArgumentIsFrozen() throws {
    let graph = graph(small)
    let rates: [Float] = [0.1, 0.2, 0.4, 0.1, 0]
    func weights(frozen: Bool, rates: [Float]) throws -> [Double] {
      let machine = EmulatedMachine(.forward)
      var blueprint = try Blueprint(graph) { machine.prepare($0) }
      if frozen {
        blueprint.phases[.update] = graph.parameters.map { parameter in
          .launch(
            Launch(
              Kernel(.update, "stepWithRateAsArgument", .float32), grid: .init(1),
              block: .init(64),
              [
                .address(blueprint.address(parameter.values)),
                .address(blueprint.address(parameter.gradient)), .float(rates[0]),
                .integer(Int32(graph[parameter.values].shape.count)),
              ]))
        }
      }
      let program = try CUDAProgram(blueprint, on: machine)
      _ = train(program, graph, rates: rates, momentum: 0, weightDecay: 0)
      return self.weights(program, graph)
    }
    let reference = try processor().compile(graph)
    _ = train(reference, graph, rates: rates, momentum: 0, weightDecay: 0)
    let expected = self.weights(reference, graph)
    #expect(difference(try weights(frozen: false, rates: rates), expected) <= 1e-5)
    #expect(difference(try weights(frozen: true, rates: rates), expected) > 0.01)
    // The kernel itself is right: where no rate changes it agrees.
    let constant = [Float](repeating: 0.1, count: 5)
    let steady = try weights(frozen: false, rates: constant)
    #expect(difference(try weights(frozen: true, rates: constant), steady) <= 1e-5)
  }

  /// The row written last counts, and stays until the next is written; the ring comes round.
  @Test func stepInputsStayUntilTheNextAreWritten() throws {
    let graph = graph(small)
    let program = try emulated.compile(graph)
    let count = graph[graph.stepInputs].shape.count
    for round in 0..<1100 {
      let rows = (0...round % 2).map { extra in (0..<count).map { Float(round + extra + $0) } }
      for row in rows { program.write(row.span, to: graph.stepInputs) }
      if round % 3 == 0 { program.run(.average) }
      if round % 100 == 0 { program.run(.evaluate) }
      guard round % 50 == 0 || round > 1020 else { continue }
      #expect(program.values(of: graph.stepInputs, in: graph) == rows.last)
      #expect(program.values(of: graph.stepInputs, in: graph) == rows.last)
    }
  }

  @Test func readGivesWhatWasWritten() throws {
    let graph = graph(small)
    let program = try emulated.compile(graph)
    for slot in [graph.images, graph.labels, graph.parameters[0].values, graph.logits] {
      let written = (0..<graph[slot].shape.count).map { Float($0) }
      program.write(written.span, to: slot)
      #expect(program.values(of: slot, in: graph) == written)
    }
  }

  @Test func blueprintPrintsItsCommands() throws {
    let graph = graph(small)
    let blueprint = try Blueprint(graph) { _ in 0 }
    let lines = blueprint.description.split(separator: "\n")
    #expect(lines.contains("forward:"))
    #expect(lines.contains { $0.hasPrefix("  convolution forward 4×2×12×12 * 8×2×3×3") })
    #expect(lines.contains { $0.hasPrefix("  batchNormApply<<<") })
    // All parameters are one launch, and what they need of the schedule another.
    let update = try #require(lines.firstIndex(of: "update:"))
    #expect(lines[update + 1].hasPrefix("  evaluateScalars<<<"))
    #expect(lines[update + 2].hasPrefix("  update<<<"))
    #expect(blueprint.phases[.update]?.count == 2)
  }

  /// Every network goes through the lowering, and every kernel stands in its source.
  @Test(arguments: NetworkCatalog.entries.map(\.name), Precision.allCases)
  func everyNetworkIsLowered(name: String, precision: Precision) throws {
    let network = try #require(NetworkCatalog[name]).network(imageChannels: 3, classes: 10)
    let graph = Graph(
      network: network.fusingBatchNorm(),
      configuration: .init(batch: 2, height: 32, width: 32, precision: precision))
    let blueprint = try Blueprint(graph) { _ in 0 }
    for phase in [Graph.Phase.forward, .backward, .update, .evaluate] {
      #expect(blueprint.phases[phase]?.isEmpty == false)
    }
    // Whatever the number of parameters, an update is as many launches as it has rules, and one more. A
    // loss scale has two for the norms and two of its own.
    let limit = graph.lossScale == nil ? 3 : 6
    #expect((blueprint.phases[.update]?.count ?? 0) <= limit)
    for kernel in blueprint.kernels {
      let name = kernel.name.hasSuffix("Scalar") ? kernel.name.dropLast(6) : kernel.name[...]
      #expect(kernel.source.text(for: kernel.storage).contains(name), "\(kernel)")
    }
  }

  /// Rules fit the room that kernels have for operands, whatever is combined.
  @Test(arguments: [
    "sgd(nesterov,form=coupled,decay=decoupled,rate=decoupled)", "adamw", "lars",
  ])
  func everyOptimizerIsLowered(optimizer: String) throws {
    let graph = Graph(
      network: small,
      configuration: .init(
        batch: 2, height: 8, width: 8, optimizer: try Optimizer(parsing: optimizer),
        selectors: ["biases", "norms"], clipNorm: 1, accumulation: 3,
        averaging: try Averaging(parsing: "lookahead")))
    let blueprint = try Blueprint(graph) { _ in 0 }
    for phase in [Graph.Phase.accumulate, .update, .average, .exchange] {
      #expect(blueprint.phases[phase]?.isEmpty == false)
    }
  }
}

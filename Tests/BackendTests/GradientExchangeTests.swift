import CUDABackend
import Datasets
import Networks
import Schedules
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Training

/// Gradients that emulated GPUs add up between them beside the backward pass, as early and as late as
/// marks and joins allow: a wait that is missing shows as another value.
@Suite struct GradientExchangeTests {
  private static var network: Network {
    var network = Network(name: "small", imageChannels: 3)
    var x = network.addConvolutionBatchNorm("a", "bn1", network.images, channels: 8)
    x = network.add(.relu, "relu1", x)
    x = network.addConvolutionBatchNorm("b", "bn2", x, channels: 8)
    x = network.add(.relu, "relu2", x)
    x = network.add(.globalAveragePool, "pool", x)
    _ = network.add(.linear(outputs: 3), "fc", x)
    return network
  }

  private static func graph(parts: Int, _ precision: Precision) -> Graph {
    Graph(
      network: network,
      configuration: .init(
        batch: 2, height: 6, width: 6, optimizer: .sgd, clipNorm: 1, accumulation: parts,
        precision: precision))
  }

  /// As a backend makes programs, but with buckets of a tensor or two.
  private static func program(
    _ graph: Graph, _ team: EmulatedTeam.Member?, _ precedence: WorkLines.Precedence = .main
  ) throws -> CUDAProgram {
    let backend = CUDABackend(arithmetic: "emulated") {
      EmulatedMachine(.forward, team: team, precedence: precedence)
    }
    return try backend.program(
      graph.rewritten(as: graph.network.fusingBatchNorm()),
      buckets: team == nil ? [] : graph.gradientBuckets(byteLimit: 256))
  }

  /// Puts a part of a step through a program; gives its losses where they are wanted.
  private static func differentiate(
    _ program: CUDAProgram, _ graph: Graph, step: Int, part: Int
  ) {
    var stream = RandomStream(seed: 5, purpose: .test, index: UInt64(8 * step + part))
    let images = (0..<graph[graph.images].shape.count).map { _ in Float(stream.nextNormal()) }
    let labels = (0..<2).map { _ in Float(stream.nextInteger(below: 3)) }
    program.write(images.span, to: graph.images)
    program.write(labels.span, to: graph.labels)
    let inputs = StepInputs(
      validCount: 2, updateNumber: step + 1,
      groups: [.init(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3, beta2: 0.99)])
    program.write(inputs.values.span, to: graph.stepInputs)
    program.run(.forward)
    program.run(.backward)
  }

  private static func weights(_ program: CUDAProgram, _ graph: Graph) -> [Float] {
    graph.parameters.flatMap { program.values(of: $0.values, in: graph) }
  }

  private static let steps = 3

  private static func alone(_ graph: Graph) throws -> [Float] {
    let program = try program(graph, nil)
    program.initialize(graph, seed: 3)
    for step in 0..<steps {
      for part in 0..<graph.configuration.accumulation {
        differentiate(program, graph, step: step, part: part)
        program.run(.accumulate)
      }
      program.run(.update)
    }
    return weights(program, graph)
  }

  /// Two processes with some parts of a step each.
  private static func together(
    _ graph: Graph, _ precedence: WorkLines.Precedence, readsLosses: Bool
  ) throws -> [[Float]] {
    let team = EmulatedTeam(2)
    let buckets = graph.gradientBuckets(byteLimit: 256)
    #expect(buckets.count > 3)
    return try Ranks.run(2) { host in
      let collective = NCCLCollective(host) { Issue.record("nobody is to give up") }
      let program = try program(
        graph, EmulatedTeam.Member(team: team, rank: host.rank), precedence)
      program.initialize(graph, seed: 3)
      for step in 0..<steps {
        for round in 0..<graph.configuration.accumulation / 2 {
          differentiate(program, graph, step: step, part: 2 * round + host.rank)
          for bucket in buckets {
            guard try collective.accumulate(bucket, of: program) else {
              Issue.record("the program does not know a bucket")
              return []
            }
          }
          if readsLosses { _ = program.values(of: graph.losses, in: graph) }
        }
        program.run(.update)
      }
      return weights(program, graph)
    }
  }

  /// With a part a process the order of the sum is that of one process, and so are the bits.
  @Test(
    arguments: Precision.allCases,
    WorkLines.Precedence.allCases.flatMap { precedence in [false, true].map { (precedence, $0) } })
  func processesReachTheWeightsOfOne(
    precision: Precision, order: (precedence: WorkLines.Precedence, readsLosses: Bool)
  ) throws {
    let graph = Self.graph(parts: 2, precision)
    let expected = try Self.alone(graph)
    #expect(expected.allSatisfy(\.isFinite) && Set(expected).count > 100)
    for found in try Self.together(graph, order.precedence, readsLosses: order.readsLosses) {
      #expect(found == expected)
    }
  }

  /// With more parts the sums of rounds are added, which is another order.
  @Test(arguments: WorkLines.Precedence.allCases)
  func severalRoundsReachThemButForTheLastBits(precedence: WorkLines.Precedence) throws {
    let graph = Self.graph(parts: 4, .float32)
    let expected = try Self.alone(graph)
    let all = try Self.together(graph, precedence, readsLosses: false)
    #expect(all[0] == all[1])
    let error = zip(all[0], expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let scale = expected.reduce(0) { $0 + $1 * $1 }
    #expect(error.squareRoot() <= 1e-6 * scale.squareRoot())
  }

  // MARK: - Trainings

  private static func split(_ split: ImageDataset.Split, _ count: Int) -> ImageDataset {
    let pixels = (0..<count * 3 * 7 * 5).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 11) }
    return ImageDataset(
      name: "small", split: split, channels: 3, height: 7, width: 5, pixels: pixels,
      labels: (0..<count).map { $0 % 3 }, classNames: ["a", "b", "c"],
      normalization: Normalization(mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.25, 0.3]))
  }

  private static func tensors(
    _ backend: any Backend, _ collective: (any Collective)?
  ) throws -> [String: [Float]] {
    var recipe = Recipe(
      network: "small", data: "small", epochs: 2, batch: 8, seed: 5,
      augmentation: try Augmentation(parsing: "translate,altflip"),
      optimizer: try Optimizer(parsing: "sgd(nesterov)"), accumulation: 2,
      plan: try Plan(words: ["lr=0.01..0.1@50%,0.1..0", "momentum=0.9", "batchNormMomentum=0.3"]))
    recipe.precision = .bfloat16
    let trainer = try Trainer(
      recipe, dataset: Dataset(training: split(.training, 20), test: split(.test, 6)),
      network: network, backend: backend, collective: collective)
    _ = try trainer.run([])
    return Dictionary(
      uniqueKeysWithValues: try trainer.checkpoint().tensors.map { ($0.name, $0.values) })
  }

  /// Weights, momenta and running statistics of two processes are those of one, bit for bit.
  @Test(arguments: WorkLines.Precedence.allCases)
  func aTrainingOfTwoIsThatOfOne(precedence: WorkLines.Precedence) throws {
    let expected = try Self.tensors(
      CUDABackend(arithmetic: "emulated") { EmulatedMachine(.forward) }, nil)
    #expect(expected.keys.contains { $0.contains("running") })
    let team = EmulatedTeam(2)
    let all = try Ranks.run(2) { host in
      let member = EmulatedTeam.Member(team: team, rank: host.rank)
      let backend = CUDABackend(arithmetic: "emulated", addsUpGradients: true) {
        EmulatedMachine(.forward, team: member, precedence: precedence)
      }
      return try Self.tensors(
        backend, NCCLCollective(host) { Issue.record("nobody is to give up") })
    }
    #expect(all.count == 2)
    for found in all { #expect(found == expected) }
    // Through the machines, in one bucket for each of the four steps.
    #expect(team.sumCount == 4)
  }

  /// A part's own statistics, counted in by the host as `SharedSteps` does, are what the kernel makes.
  @Test func runningStatisticsMoveTowardsTheBatchesAsFloat32HasThem() throws {
    let graph = Self.graph(parts: 2, .float32)
    let slots = graph.runningStatistics
    func statistics(_ seed: UInt64, momentum: Float, from old: [[Float]]) throws -> [[Float]] {
      let program = try Self.program(graph, nil)
      program.initialize(graph, seed: 3)
      for (slot, values) in zip(slots, old) { program.write(values.span, to: slot) }
      var stream = RandomStream(seed: seed, purpose: .test, index: 0)
      let images = (0..<graph[graph.images].shape.count).map { _ in
        Float(3 + 5 * stream.nextNormal())
      }
      program.write(images.span, to: graph.images)
      let inputs = StepInputs(
        validCount: 2, batchNormMomentum: momentum, groups: [.init(learningRate: 0)])
      program.write(inputs.values.span, to: graph.stepInputs)
      program.run(.forward)
      return slots.map { program.values(of: $0, in: graph) }
    }
    var stream = RandomStream(seed: 1, purpose: .test, index: 0)
    for seed in UInt64(0)..<20 {
      let old = slots.map { slot in
        (0..<graph[slot].shape.count).map { _ in Float(abs(stream.nextNormal())) }
      }
      let momentum = Float(stream.nextUniform())
      let own = try statistics(seed, momentum: 1, from: old)
      let keep = 1 - Double(momentum)
      let expected = zip(old, own).map { old, own in
        zip(old, own).map { Float(keep * Double($0) + Double(momentum) * Double($1)) }
      }
      #expect(try statistics(seed, momentum: momentum, from: old) == expected)
    }
  }

  // MARK: - Without a team

  /// A program of a process alone is what it was: each phase one graph, nothing beside.
  @Test(arguments: Precision.allCases) func aProcessAloneHasNoMarks(precision: Precision) throws {
    let graph = Self.graph(parts: 2, precision)
    let own = try Blueprint(graph) { _ in 0 }
    #expect(own.marks.isEmpty && own.exchanges.isEmpty)
    let shared = try Blueprint(graph, buckets: graph.gradientBuckets(byteLimit: 256)) { _ in 0 }
    #expect(shared.marks.count > 3)
    #expect(own.byteCount < shared.byteCount)
    // Only filter gradients in another storage are spread more often.
    let more = (shared.phases[.backward]?.count ?? 0) - (own.phases[.backward]?.count ?? 0)
    #expect(precision == .float32 ? more == 0 : more > 0)
    #expect(shared.description.contains("\n  sum of "))
  }

  /// A program that was made for other buckets leaves them to the host, in every process alike.
  @Test func otherBucketsAreLeftToTheHost() throws {
    let graph = Self.graph(parts: 2, .float32)
    let program = try Self.program(graph, EmulatedTeam.Member(team: EmulatedTeam(1), rank: 0))
    #expect(try !program.addUp(graph.gradientBuckets()[0]))
  }
}

import CPUBackend
import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// Every optimiser against loops written from its papers, while all that can be scheduled changes.
@Suite struct OptimizerTests {
  /// One parameter with what the loops keep of it.
  private struct State {
    var w: [Double]
    var first: [Double]
    var second: [Double]
  }

  private struct Inputs {
    let t: Int
    let rate: Double
    let momentum: Double
    let decay: Double
    let beta2: Double

    init(_ t: Int) {
      self.t = t
      rate = [0.1, 0.05, 0.2, 0.01][t - 1]
      momentum = [0.9, 0.8, 0.95, 0.5][t - 1]
      decay = [0.01, 0.3, 0, 0.1][t - 1]
      beta2 = [0.999, 0.99, 0.95, 0.999][t - 1]
    }

    var group: StepInputs.Group {
      .init(
        learningRate: Float(rate), momentum: Float(momentum), weightDecay: Float(decay),
        beta2: Float(beta2))
    }
  }

  private typealias Loop = @Sendable (inout State, [Double], Inputs) -> Void

  private static let loops: [(name: String, loop: Loop)] = [
    (
      "sgd",
      { s, g, p in
        for i in g.indices {
          s.first[i] = p.momentum * s.first[i] + g[i] + p.decay * s.w[i]
          s.w[i] -= p.rate * s.first[i]
        }
      }
    ),
    (
      "sgd(nesterov)",
      { s, g, p in
        for i in g.indices {
          let d = g[i] + p.decay * s.w[i]
          s.first[i] = p.momentum * s.first[i] + d
          s.w[i] -= p.rate * (d + p.momentum * s.first[i])
        }
      }
    ),
    (
      "sgd(form=coupled)",
      { s, g, p in
        for i in g.indices {
          s.first[i] = p.momentum * s.first[i] + p.rate * (g[i] + p.decay * s.w[i])
          s.w[i] -= s.first[i]
        }
      }
    ),
    (
      "sgd(nesterov,form=coupled)",
      { s, g, p in
        for i in g.indices {
          let d = p.rate * (g[i] + p.decay * s.w[i])
          s.first[i] = p.momentum * s.first[i] + d
          s.w[i] -= p.momentum * s.first[i] + d
        }
      }
    ),
    (
      "sgd(decay=decoupled)",
      { s, g, p in
        for i in g.indices {
          s.w[i] -= p.rate * p.decay * s.w[i]
          s.first[i] = p.momentum * s.first[i] + g[i]
          s.w[i] -= p.rate * s.first[i]
        }
      }
    ),
    (
      "sgd(nesterov,rate=decoupled)",
      { s, g, p in
        let rate = p.rate / (1 + 1 / (1 - p.momentum))
        for i in g.indices {
          let d = g[i] + p.decay * s.w[i]
          s.first[i] = p.momentum * s.first[i] + d
          s.w[i] -= rate * (d + p.momentum * s.first[i])
        }
      }
    ),
    ("lars", { s, g, p in lars(&s, g, p, trust: g.count > 19 ? 0.001 : nil, nesterov: false) }),
    (
      "lars(nesterov,trust=0.02,adapt=all)",
      { s, g, p in lars(&s, g, p, trust: 0.02, nesterov: true) }
    ),
    ("adamw", { s, g, p in adam(&s, g, p, l2: false, epsilon: 1e-8) }),
    ("adamw(epsilon=0.01,decay=l2)", { s, g, p in adam(&s, g, p, l2: true, epsilon: 0.01) }),
  ]

  /// No trust is no adaptation: the bias, of 19 values.
  private static func lars(
    _ s: inout State, _ gradient: [Double], _ p: Inputs, trust: Double?, nesterov: Bool
  ) {
    func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let size = norm(s.w)
    let ratio = trust.map { $0 * size / (norm(gradient) + p.decay * size) } ?? 1
    for i in gradient.indices {
      let d = p.rate * ratio * (gradient[i] + p.decay * s.w[i])
      s.first[i] = p.momentum * s.first[i] + d
      s.w[i] -= nesterov ? p.momentum * s.first[i] + d : s.first[i]
    }
  }

  private static func adam(
    _ s: inout State, _ gradient: [Double], _ p: Inputs, l2: Bool, epsilon: Double
  ) {
    var (correction1, correction2) = (1.0, 1.0)
    for _ in 0..<p.t {
      correction1 *= p.momentum
      correction2 *= p.beta2
    }
    for i in gradient.indices {
      let g = gradient[i] + (l2 ? p.decay * s.w[i] : 0)
      if !l2 { s.w[i] *= 1 - p.rate * p.decay }
      s.first[i] = p.momentum * s.first[i] + (1 - p.momentum) * g
      s.second[i] = p.beta2 * s.second[i] + (1 - p.beta2) * g * g
      let mean = s.first[i] / (1 - correction1)
      let square = s.second[i] / (1 - correction2)
      s.w[i] -= p.rate * mean / (square.squareRoot() + epsilon)
    }
  }

  private func write(_ values: [Double], _ program: any CompiledProgram, _ slot: Slot) {
    let values = values.map { Float($0) }
    program.write(values.span, to: slot)
  }

  private func read(_ program: any CompiledProgram, _ graph: Graph, _ slot: Slot) -> [Double] {
    var buffer = HostBuffer(count: graph[slot].shape.count)
    buffer.withMutableSpan { program.read(slot, into: &$0) }
    return buffer.withSpan { span in span.indices.map { Double(span[$0]) } }
  }

  private func gradient(_ count: Int, _ t: Int, _ index: Int) -> [Double] {
    var stream = RandomStream(seed: UInt64(t), purpose: .test, index: UInt64(index))
    return (0..<count).map { _ in Double(Float(stream.nextNormal())) }
  }

  private func graph(_ optimizer: String, clipNorm: Double? = nil) throws -> Graph {
    var network = Network(name: "linear", imageChannels: 21)
    let x = network.add(.globalAveragePool, "pool", network.images)
    _ = network.add(.linear(outputs: 19), "fc", x)
    return Graph(
      network: network,
      configuration: .init(
        batch: 1, height: 1, width: 1, optimizer: try Optimizer(parsing: optimizer),
        clipNorm: clipNorm))
  }

  private func programs(_ graph: Graph) throws -> [any CompiledProgram] {
    var programs: [any CompiledProgram] = [ReferenceProgram(graph)]
    for variant in KernelVariant.available {
      programs.append(try CPUBackend(variant: variant, threadCount: 2).compile(graph))
    }
    return programs
  }

  @Test(arguments: loops.indices) func agreesWithItsLoop(index: Int) throws {
    let (name, loop) = Self.loops[index]
    let graph = try graph(name)
    for program in try programs(graph) {
      program.initialize(graph, seed: 1)
      var states = graph.parameters.map { parameter in
        let w = read(program, graph, parameter.values)
        return State(w: w, first: w.map { _ in 0 }, second: w.map { _ in 0 })
      }
      for t in 1...4 {
        let inputs = Inputs(t)
        let values = StepInputs(validCount: 1, updateNumber: t, groups: [inputs.group]).values
        program.write(values.span, to: graph.stepInputs)
        for (index, parameter) in graph.parameters.enumerated() {
          let g = gradient(states[index].w.count, t, index)
          write(g, program, parameter.gradient)
          loop(&states[index], g, inputs)
        }
        program.run(.update)
        for (state, parameter) in zip(states, graph.parameters) {
          let found = read(program, graph, parameter.values)
          let largest = zip(found, state.w).map { abs($0 - $1) }.max() ?? .nan
          #expect(largest < 1e-5, "\(name), update \(t)")
          #expect(found.count == state.w.count && found.allSatisfy(\.isFinite))
        }
      }
    }
  }

  @Test func everyOptimizerHasALoop() {
    for name in Optimizer.names {
      #expect(Self.loops.contains { $0.name == name || $0.name.hasPrefix(name + "(") }, "\(name)")
    }
  }

  /// One norm over all parameters; a gradient that is short enough stays as it is.
  @Test(arguments: [0.5, 1e6]) func clips(limit: Double) throws {
    let graph = try graph("sgd", clipNorm: limit)
    for program in try programs(graph) {
      program.initialize(graph, seed: 1)
      let inputs = StepInputs(validCount: 1, groups: [.init(learningRate: 1)]).values
      program.write(inputs.span, to: graph.stepInputs)
      let before = graph.parameters.map { read(program, graph, $0.values) }
      let gradients = before.indices.map { gradient(before[$0].count, 1, $0) }
      for (g, parameter) in zip(gradients, graph.parameters) {
        write(g, program, parameter.gradient)
      }
      let norm = gradients.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(norm > 10)
      program.run(.update)
      for (index, parameter) in graph.parameters.enumerated() {
        let after = read(program, graph, parameter.values)
        for i in after.indices {
          let step = gradients[index][i] * min(1, limit / (norm + 1e-6))
          #expect(abs(before[index][i] - step - after[i]) < 2e-6)
        }
      }
    }
  }
}

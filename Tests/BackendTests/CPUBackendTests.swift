import CPUBackend
import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// The processor's program against the reference, value by value, for every kernel variant.
@Suite struct CPUBackendTests {
  /// All values of a slot.
  private func values(_ program: any CompiledProgram, _ graph: Graph, _ slot: Slot) -> [Float] {
    var buffer = HostBuffer(count: graph[slot].shape.count)
    buffer.withMutableSpan { program.read(slot, into: &$0) }
    return buffer.withSpan { span in span.indices.map { span[$0] } }
  }

  /// The slots that a step or an evaluation changes.
  private func results(_ graph: Graph) -> [Slot] {
    graph.parameters.flatMap { [$0.gradient, $0.values] + $0.optimizerStates }
      + (graph.parameters.compactMap(\.average) + graph.states.compactMap(\.average))
      + graph.states.map(\.values) + [graph.losses, graph.hits]
  }

  @Test(arguments: KernelVariant.available, OpCase.all)
  func agreesWithReference(variant: KernelVariant, testCase: OpCase) throws {
    // 1e-5 of the norm; the floor is for gradients that are 0 but for rounding.
    try compare(testCase, CPUBackend(variant: variant, threadCount: 2)) { scale, count in
      1e-5 * scale + 1e-7 * count.squareRoot()
    }
  }

  /// The reference rounds what the kernels round, so the two differ by single roundings.
  ///
  /// One that falls the other way is 2⁻⁸ of a value; so is one where a batch norm sums what a convolution has not rounded yet. Two
  /// blocks of batch norms over a few pixels multiply that, so cases of blocks are allowed six times
  /// as much.
  @Test(arguments: KernelVariant.available, OpCase.all)
  func agreesWithReferenceInBFloat16(variant: KernelVariant, testCase: OpCase) throws {
    let slack = testCase.name.contains("blocks") ? 6.0 : 1
    for algorithm in [ConvolutionAlgorithm.direct, .winograd] {
      try compare(
        testCase.precision(.bfloat16),
        CPUBackend(variant: variant, threadCount: 2, convolution: algorithm)
      ) { scale, count in slack * (0x1p-7 * scale + 0x1p-9 * count.squareRoot()) }
    }
  }

  /// Runs steps and evaluations beside the reference; the norm of the difference is bounded by the
  /// norm of what was expected and the number of values.
  private func compare(
    _ testCase: OpCase, _ backend: CPUBackend, bound: (Double, Double) -> Double
  ) throws {
    for graph in testCase.graphs {
      let program = try backend.program(graph)
      let reference = ReferenceProgram(graph)
      testCase.prepare(program, graph)
      testCase.prepare(reference, graph)
      for phases in [
        [Graph.Phase.forward, .backward, .accumulate, .update], [.evaluate], [.forward, .backward],
        [.average], [.exchange], [.evaluate],
      ] {
        for phase in phases {
          program.run(phase)
          reference.run(phase)
        }
        for slot in results(graph) {
          let found = values(program, graph, slot).map(Double.init)
          let expected = reference[slot]
          #expect(found.count == expected.count)
          let error = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
          let scale = expected.reduce(0) { $0 + $1 * $1 }
          let allowed = bound(scale.squareRoot(), Double(found.count))
          #expect(
            error.squareRoot() <= allowed,
            "\(graph[slot].name) after \(phases.map(\.rawValue)): \(error.squareRoot()), \(allowed)"
          )
        }
      }
    }
  }

  /// Several steps of a small ResNet leave the same bits for 1, 2 and 3 threads.
  @Test(arguments: Precision.allCases) func threadsDoNotChangeResults(precision: Precision) throws {
    let graph = Graph(
      network: .resNetCIFAR(depth: 8),
      configuration: .init(batch: 12, height: 14, width: 14, precision: precision))
    func train(threads: Int) throws -> [[Float]] {
      let variant = try #require(KernelVariant.available.last)
      let program = try CPUBackend(variant: variant, threadCount: threads).compile(graph)
      let testCase = OpCase.all[0]
      testCase.prepare(program, graph)
      for _ in 0..<3 {
        for phase in [Graph.Phase.forward, .backward, .update] {
          program.run(phase)
        }
      }
      return results(graph).map { values(program, graph, $0) }
    }
    let one = try train(threads: 1)
    #expect(one.joined().allSatisfy { $0.isFinite })
    #expect(try train(threads: 2) == one)
    #expect(try train(threads: 3) == one)
  }

  @Test func readGivesWhatWasWritten() throws {
    let graph = OpCase.all[0].graphs[0]
    let program = try CPUBackend(variant: .baseline, threadCount: 1).compile(graph)
    for slot in [graph.images, graph.labels, graph.parameters[0].values] {
      let written = (0..<graph[slot].shape.count).map { Float($0) }
      program.write(written.span, to: slot)
      #expect(values(program, graph, slot) == written)
    }
  }
}

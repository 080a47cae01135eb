import CPUBackend
import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// The processor's program against the reference, value by value, for every kernel variant.
@Suite struct CPUBackendTests {
  /// Makes programs with every kernel variant and each of some ways to compute convolutions.
  private func compilations(
    _ algorithms: [ConvolutionAlgorithm]
  ) -> [@Sendable (Graph) throws -> any CompiledProgram] {
    KernelVariant.available.flatMap { variant in
      algorithms.map { algorithm in
        let backend = CPUBackend(variant: variant, threadCount: 2, convolution: algorithm)
        return { try backend.program($0) }
      }
    }
  }

  @Test(arguments: OpCase.all) func agreesWithReference(testCase: OpCase) throws {
    // 1e-5 of the norm; the floor is for gradients that are 0 but for rounding.
    try ProgramComparison(testCase).check(compilations([.auto])) { scale, count in
      1e-5 * scale + 1e-7 * count.squareRoot()
    }
  }

  /// The reference rounds what the kernels round, so the two differ by single roundings.
  ///
  /// One that falls the other way is 2⁻⁸ of a value; so is one where a batch norm sums what a convolution has not rounded yet. Two
  /// blocks of batch norms over a few pixels multiply that, so cases of blocks are allowed six times
  /// as much.
  @Test(arguments: OpCase.all) func agreesWithReferenceInBFloat16(testCase: OpCase) throws {
    let slack = testCase.name.contains("blocks") ? 6.0 : 1
    let comparison = ProgramComparison(testCase.precision(.bfloat16))
    try comparison.check(compilations([.direct, .winograd])) { scale, count in
      slack * (0x1p-7 * scale + 0x1p-9 * count.squareRoot())
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
      return graph.results.map { program.values(of: $0, in: graph) }
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
      #expect(program.values(of: slot, in: graph) == written)
    }
  }
}

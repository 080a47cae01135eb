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
    try ProgramComparison(testCase).check(compilations([.auto]), .float32)
  }

  @Test(arguments: OpCase.all) func agreesWithReferenceInBFloat16(testCase: OpCase) throws {
    try ProgramComparison(testCase.precision(.bfloat16))
      .check(compilations([.direct, .winograd]), .bfloat16(testCase))
  }

  @Test(arguments: OpCase.all) func agreesWithReferenceInFloat16(testCase: OpCase) throws {
    try ProgramComparison(testCase.precision(.float16))
      .check(compilations([.direct, .winograd]), .float16(testCase))
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

import CPUBackend
import CUDABackend
import Kernels
import Networks
import Tensors
import TestSupport
import Testing

/// The lowered program against the reference, on an emulated GPU, in three orders of threads.
@Suite struct CUDABackendTests {
  /// Makes programs on emulated machines, one for each order; one lacks convolutions that add.
  private static let compilations = EmulatedMachine.Order.allCases.map { order in
    let backend = CUDABackend(arithmetic: "emulated") {
      EmulatedMachine(order, addsConvolutions: order == .forward)
    }
    return { @Sendable (graph: Graph) throws -> any CompiledProgram in try backend.program(graph) }
  }

  @Test(arguments: OpCase.all) func agreesWithReference(testCase: OpCase) throws {
    try ProgramComparison(testCase).check(Self.compilations, .float32)
  }

  @Test(arguments: OpCase.all) func agreesWithReferenceInBFloat16(testCase: OpCase) throws {
    try ProgramComparison(testCase.precision(.bfloat16), roundsFilters: true)
      .check(Self.compilations, .bfloat16(testCase, roundsFilters: true))
  }

  @Test(arguments: OpCase.all) func agreesWithReferenceInFloat16(testCase: OpCase) throws {
    try ProgramComparison(testCase.precision(.float16), roundsFilters: true)
      .check(Self.compilations, .float16(testCase, roundsFilters: true))
  }
}

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
    try ProgramComparison(testCase).check(Self.compilations) { scale, count in
      1e-5 * scale + 1e-7 * count.squareRoot()
    }
  }

  /// The reference rounds what the kernels round; see the processor's test for the bound.
  @Test(arguments: OpCase.all) func agreesWithReferenceInBFloat16(testCase: OpCase) throws {
    let slack = testCase.name.contains("blocks") ? 6.0 : 1
    let comparison = ProgramComparison(testCase.precision(.bfloat16), roundsFilters: true)
    try comparison.check(Self.compilations) { scale, count in
      slack * (1e-2 * scale + 0x1p-9 * count.squareRoot())
    }
  }
}

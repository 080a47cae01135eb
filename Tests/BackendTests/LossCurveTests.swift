import CPUBackend
import Kernels
import Networks
import TestSupport
import Testing

/// The short training of the self-test: right programs agree, and one that freezes a rate is found.
@Suite struct LossCurveTests {
  /// A program that reads the step inputs once and never again, as a captured graph would whose rate
  /// was an argument of a kernel.
  private final class FrozenProgram: CompiledProgram {
    private let program: any CompiledProgram
    private let graph: Graph
    private var hasStepInputs = false

    init(_ program: any CompiledProgram, _ graph: Graph) {
      self.program = program
      self.graph = graph
    }

    func write(_ values: Span<Float>, to slot: Slot) {
      if slot == graph.stepInputs && hasStepInputs { return }
      hasStepInputs = hasStepInputs || slot == graph.stepInputs
      program.write(values, to: slot)
    }

    func run(_ phase: Graph.Phase) { program.run(phase) }

    func read(_ slot: Slot, into values: inout MutableSpan<Float>) {
      program.read(slot, into: &values)
    }
  }

  private let backend = CPUBackend(variant: .baseline, threadCount: 1)

  @Test(arguments: Precision.allCases) func findsAFrozenRate(precision: Precision) throws {
    let right = try LossCurve(precision) { try backend.program($0) }
    let frozen = try LossCurve(precision) {
      FrozenProgram(try backend.program($0), $0)
    }
    #expect(right.losses.count == LossCurve.stepCount)
    #expect(right.difference(from: right) == 0)
    #expect(frozen.difference(from: right) > 5 * LossCurve.Tolerance.bfloat16)
    // Something is learnt.
    let (first, last) = (right.losses.first ?? 0, right.losses.last ?? 1)
    #expect(last < 0.2 * first, "\(first) to \(last)")
  }

  @Test func agreesWithTheReference() throws {
    let expected = try LossCurve(.float32) { ReferenceProgram($0) }
    let found = try LossCurve(.float32) { try backend.program($0) }
    #expect(found.difference(from: expected) <= LossCurve.Tolerance.float32)
  }
}

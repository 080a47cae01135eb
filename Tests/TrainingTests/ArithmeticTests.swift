import CPUBackend
import Kernels
import Testing

@testable import Training

/// A run goes on with kernels that round as its own do, and with others only where asked to.
@Suite struct ArithmeticTests {
  private let direct = CPUBackend(variant: .baseline, threadCount: 1, convolution: .direct)
  private let winograd = CPUBackend(variant: .baseline, threadCount: 2, convolution: .winograd)

  @Test func saysWhatItIs() {
    #expect(direct.arithmetic == "cpu, baseline kernels, direct convolutions")
    #expect(
      CPUBackend(variant: .baseline, threadCount: 9, convolution: .direct).arithmetic
        == direct.arithmetic)
  }

  @Test func otherKernelsAreRefused() throws {
    let trainer = try Toy.trainer(Toy.recipe(), direct)
    _ = try trainer.run([])
    var point = ResumePoint(checkpoint: try trainer.checkpoint(), path: "F")
    let other = try Toy.trainer(Toy.recipe(), winograd)
    #expect(
      message { _ = try other.run([], from: point) }
        == "expected the arithmetic of F (cpu, baseline kernels, direct convolutions), found "
        + "another one (cpu, baseline kernels, winograd convolutions), which differs in the last bits"
    )
    point.acceptsOtherArithmetic = true
    #expect(try other.run([], from: point).outcome == .completed)
  }
}

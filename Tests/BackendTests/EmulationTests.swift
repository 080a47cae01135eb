import CUDABackend
import Tensors
import Testing

/// The emulation of a GPU itself: it must notice what a GPU would punish.
@Suite struct EmulationTests {
  private let x = (0..<64).map { Float($0) }

  /// Runs a kernel of 64 threads over `x`; gives its results and what was wrong.
  private func run(
    _ name: String, _ order: EmulatedMachine.Order, readsX: Bool = true
  ) -> (y: [Float], problem: String?) {
    let machine = EmulatedMachine(order)
    let (from, to) = (machine.allocate(byteCount: 256), machine.allocate(byteCount: 256))
    machine.write(x.span.bytes, to: from)
    let problem = machine.problem(
      Launch(
        Kernel(.layout, name, .float32), grid: .init(1), block: .init(64),
        (readsX ? [.address(from)] : []) + [.address(to)]))
    var y = [Float](repeating: 0, count: 64)
    var span = y.mutableSpan
    var bytes = span.mutableBytes
    machine.read(to, into: &bytes)
    return (y, problem)
  }

  @Test(arguments: EmulatedMachine.Order.allCases)
  func barriersHoldThreadsBack(order: EmulatedMachine.Order) {
    let (y, problem) = run("reverseBlock", order)
    #expect(problem == nil)
    #expect(y == x.reversed())
  }

  @Test(arguments: EmulatedMachine.Order.allCases)
  func missingBarrierShows(order: EmulatedMachine.Order) {
    #expect(run("reverseBlockWithoutBarrier", order).y != x.reversed())
  }

  @Test(arguments: EmulatedMachine.Order.allCases)
  func barrierThatNotAllReachIsReported(order: EmulatedMachine.Order) {
    let problem = run("divergentBarrier", order, readsX: false).problem
    #expect(problem == "not all threads reach a barrier")
  }

  @Test func sharedMemoryBeginsAsGarbage() {
    let y = run("readsSharedGarbage", .forward, readsX: false).y
    #expect(y.allSatisfy { $0.isNaN })
  }

  @Test(arguments: EmulatedMachine.Order.allCases)
  func shufflesExchangeWithinWarps(order: EmulatedMachine.Order) {
    let (y, problem) = run("warpSums", order)
    #expect(problem == nil)
    #expect(y[0] == 496 && y[1] == 1520)
  }

  @Test func argumentsOfOtherKindsAreReported() {
    #expect(
      run("warpSums", .forward, readsX: false).problem == "the number of arguments is another one")
    #expect(run("noSuchKernel", .forward).problem == "there is no kernel of this name")
  }
}

import Testing

@testable import CUDABackend

/// The assembler's report, as it was printed for real kernels.
@Suite struct KernelUsageTests {
  private static let log = """
    ptxas info    : 0 bytes gmem
    ptxas info    : Compiling entry function 'castFilters' for 'sm_90a'
    ptxas info    : Function properties for castFilters
        0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
    ptxas info    : Used 28 registers, used 0 barriers
    ptxas info    : Compile time = 3.108 ms
    ptxas info    : Compiling entry function 'batchNorm' for 'sm_90a'
    ptxas info    : Function properties for batchNorm
        64 bytes stack frame, 48 bytes spill stores, 52 bytes spill loads
    ptxas info    : Used 255 registers, used 1 barriers, 64 bytes cumulative stack size, 256 bytes smem
    """

  @Test func readsEveryKernel() {
    #expect(
      KernelUsage.rows(inLog: Self.log) == [
        KernelUsage(
          kernel: "castFilters", registers: 28, spillStores: 0, spillLoads: 0, stackBytes: 0,
          sharedBytes: 0),
        KernelUsage(
          kernel: "batchNorm", registers: 255, spillStores: 48, spillLoads: 52, stackBytes: 64,
          sharedBytes: 256),
      ])
    #expect(KernelUsage.rows(inLog: Self.log).map(\.spills) == [false, true])
    #expect(KernelUsage.rows(inLog: "error: expected ';'").isEmpty)
  }
}

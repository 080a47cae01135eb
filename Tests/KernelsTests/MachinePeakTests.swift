import Kernels
import Testing

@Suite("Machine peak")
struct MachinePeakTests {
  @Test("The ceiling is a number of a real machine")
  func peak() {
    let library = KernelLibrary(variant: .baseline, pool: ThreadPool(threadCount: 1))
    let peak = library.machinePeak()
    #expect(peak.threads == 1)
    #expect(peak.gigaflops > 0.1 && peak.gigaflops < 1000)
    #expect(peak.copyGigabytes > 0.1 && peak.copyGigabytes < 1000)
  }
}

import Kernels
import Testing

@Suite("Kernel variants")
struct KernelVariantTests {
  @Test("The fastest variant is chosen unless the environment names one")
  func selection() throws {
    let available = KernelVariant.available
    #expect(available.first == .baseline)
    #expect(try KernelVariant.selected(environment: [:]) == available.last)
    for variant in available {
      let environment = ["ANNEAL_KERNELS": variant.rawValue]
      #expect(try KernelVariant.selected(environment: environment) == variant)
    }
  }

  @Test("An unknown name is an error that lists the known ones")
  func unknown() {
    let available = KernelVariant.available
    #expect(throws: KernelError.unknownVariant(name: "sse9", available: available)) {
      try KernelVariant.selected(environment: ["ANNEAL_KERNELS": "sse9"])
    }
    #expect(
      KernelError.unknownVariant(name: "sse9", available: [.baseline, .avx2]).description
        == "expected ANNEAL_KERNELS to be one of baseline, avx2, found \"sse9\"")
    #expect(
      KernelError.unsupportedVariant(.avx512, available: [.baseline]).description
        == "expected ANNEAL_KERNELS to be one of baseline, "
        + "found avx512, which this machine cannot run")
  }
}

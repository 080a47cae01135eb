import CKernels
import KernelsBaseline
import KernelsBaselineBFloat16
import KernelsBaselineFloat16

#if arch(x86_64)
import KernelsAVX2
import KernelsAVX2BFloat16
import KernelsAVX2Float16
import KernelsAVX512
import KernelsAVX512BFloat16
#endif

/// One build of the kernels: the same sources, compiled for an instruction set.
public enum KernelVariant: String, CaseIterable, Sendable {
  /// What every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
  case baseline
  /// x86-64 with AVX2 and FMA: 16 registers of 8 floats.
  case avx2
  /// x86-64 with AVX-512 F, BW, VL and DQ: 32 registers of 16 floats.
  case avx512

  /// The variants that this processor can run, slowest first.
  public static var available: [KernelVariant] {
    allCases.filter { $0.rank <= Int(processorLevel()) }
  }

  /// The variant to use: the fastest available one, unless `ANNEAL_KERNELS` names another.
  ///
  /// - Parameter environment: The process's environment variables.
  /// - Returns: A variant of ``available``.
  /// - Throws: ``KernelError`` if `ANNEAL_KERNELS` names no variant or one that cannot run here.
  public static func selected(
    environment: [String: String]
  ) throws(KernelError) -> KernelVariant {
    let available = Self.available
    guard let name = environment["ANNEAL_KERNELS"] else {
      return available.last ?? .baseline
    }
    guard let variant = KernelVariant(rawValue: name) else {
      throw .unknownVariant(name: name, available: available)
    }
    guard available.contains(variant) else {
      throw .unsupportedVariant(variant, available: available)
    }
    return variant
  }

  /// The level of `processorLevel()` that runs this variant.
  private var rank: Int {
    switch self {
    case .baseline: 0
    case .avx2: 1
    case .avx512: 2
    }
  }

  /// The variant's functions for activations of a type.
  func table(_ element: ElementType) -> KernelTable {
    #if arch(x86_64)
    switch (self, element) {
    case (.baseline, .float32): KernelsBaseline.kernelTable()
    case (.baseline, .bfloat16): KernelsBaselineBFloat16.kernelTable()
    case (.baseline, .float16): KernelsBaselineFloat16.kernelTable()
    case (.avx2, .float32): KernelsAVX2.kernelTable()
    case (.avx2, .bfloat16): KernelsAVX2BFloat16.kernelTable()
    case (.avx2, .float16): KernelsAVX2Float16.kernelTable()
    case (.avx512, .float32): KernelsAVX512.kernelTable()
    case (.avx512, .bfloat16): KernelsAVX512BFloat16.kernelTable()
    // float16 on a processor is for comparisons with GPUs, and another variant costs every build a minute.
    case (.avx512, .float16): KernelsAVX2Float16.kernelTable()
    }
    #else
    switch element {
    case .float32: KernelsBaseline.kernelTable()
    case .bfloat16: KernelsBaselineBFloat16.kernelTable()
    case .float16: KernelsBaselineFloat16.kernelTable()
    }
    #endif
  }
}

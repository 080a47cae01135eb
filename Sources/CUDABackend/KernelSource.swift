/// The sources of our own kernels: one file a family, with what all share in front.
///
/// A source is complete: it needs no header, which the runtime compiler does not bring.
package enum KernelSource: String, CaseIterable, Sendable {
  /// Casts between storages and orders of dimensions.
  case layout = "Layout"

  /// The CUDA C text for one storage; every kernel in it is `extern "C"`.
  package func text(for storage: Storage) -> String {
    let define =
      switch storage {
      case .float32: "#define STORAGE_FLOAT32 1\n"
      case .bfloat16: "#define STORAGE_BFLOAT16 1\n"
      }
    return define + String(decoding: PackageResources.Prelude_cu, as: UTF8.self)
      + String(decoding: bytes, as: UTF8.self)
  }

  private var bytes: [UInt8] {
    switch self {
    case .layout: PackageResources.Layout_cu
    }
  }
}

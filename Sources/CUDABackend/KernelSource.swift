/// The sources of our own kernels: one file a family, with what all share in front.
///
/// A source is complete: it needs no header, which the runtime compiler does not bring.
package enum KernelSource: String, CaseIterable, Sendable {
  /// Orders of dimensions.
  case layout = "Layout"
  /// Batch normalisation.
  case batchNorm = "BatchNorm"
  /// Bias and activation.
  case bias = "Bias"
  /// What is the same for every value.
  case elementwise = "Elementwise"
  /// Pooling and shortcuts.
  case pooling = "Pooling"
  /// Matrix products of features.
  case linear = "Linear"
  /// The loss.
  case crossEntropy = "CrossEntropy"
  /// Optimisers, averages, norms.
  case update = "Update"
  /// The schedule.
  case stepInputs = "StepInputs"
  /// Batches from images that a machine holds.
  case batch = "Batch"

  /// The CUDA C text for one storage; every kernel in it is `extern "C"`.
  package func text(for storage: Storage) -> String {
    let define =
      switch storage {
      case .float32: "#define STORAGE_FLOAT32 1\n"
      case .bfloat16: "#define STORAGE_BFLOAT16 1\n"
      case .float16: "#define STORAGE_FLOAT16 1\n"
      }
    return define + parts.map { String(decoding: $0, as: UTF8.self) }.joined()
  }

  private var parts: [[UInt8]] {
    let prelude = PackageResources.Prelude_cu
    let channelSums = PackageResources.ChannelSums_cu
    return switch self {
    case .layout: [prelude, PackageResources.Layout_cu]
    case .batchNorm: [prelude, channelSums, PackageResources.BatchNorm_cu]
    case .bias: [prelude, channelSums, PackageResources.Bias_cu]
    case .elementwise: [prelude, PackageResources.Elementwise_cu]
    case .pooling: [prelude, channelSums, PackageResources.Pooling_cu]
    case .linear: [prelude, PackageResources.Linear_cu]
    case .crossEntropy: [prelude, PackageResources.CrossEntropy_cu]
    case .update: [prelude, PackageResources.Update_cu]
    case .stepInputs: [prelude, PackageResources.StepInputs_cu]
    case .batch: [prelude, PackageResources.Batch_cu]
    }
  }
}

/// What can go wrong in choosing kernels.
public enum KernelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// `ANNEAL_KERNELS` names no variant.
  case unknownVariant(name: String, available: [KernelVariant])
  /// `ANNEAL_KERNELS` names a variant that this processor, or this build, does not have.
  case unsupportedVariant(KernelVariant, available: [KernelVariant])

  /// What was expected and what was found.
  public var description: String {
    switch self {
    case .unknownVariant(let name, let available):
      "expected ANNEAL_KERNELS to be one of \(Self.list(available)), found \"\(name)\""
    case .unsupportedVariant(let variant, let available):
      "expected ANNEAL_KERNELS to be one of \(Self.list(available)), "
        + "found \(variant.rawValue), which this machine cannot run"
    }
  }

  private static func list(_ variants: [KernelVariant]) -> String {
    variants.map(\.rawValue).joined(separator: ", ")
  }
}

/// How precisely a backend keeps what flows between operations.
///
/// Parameters, their gradients, batch norm's statistics and the optimiser's state are float32 in
/// every precision, and so is arithmetic.
public enum Precision: String, Hashable, Sendable, Codable, CaseIterable {
  /// Activations and their gradients in float32.
  case float32
  /// Activations and their gradients in bfloat16: half the memory and its traffic, the range of
  /// float32, 8 bits of precision. No loss scaling is needed.
  case bfloat16
  /// Activations and their gradients in IEEE's half precision: the memory of bfloat16 with 11 bits of
  /// precision, and a range from 6·10⁻⁸ to 65,504 that needs ``LossScale``.
  case float16

  /// The bytes of a value of an activation.
  public var byteCount: Int { self == .float32 ? 4 : 2 }
}

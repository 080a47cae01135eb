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
}

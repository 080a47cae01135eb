/// What happens to each value behind a layer's linear part.
public enum ActivationFunction: String, CaseIterable, Hashable, Sendable, Codable {
  /// f(v) = v.
  case identity
  /// f(v) = max(v, 0).
  case relu
  /// f(v) = v · Φ(v), Φ the normal distribution function: the exact form, not the one with tanh
  /// (Hendrycks and Gimpel 2016, arXiv 1606.08415).
  case gelu
}

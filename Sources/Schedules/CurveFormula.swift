/// A built-in shape as plain numbers, which a resolved schedule looks up without counting references.
enum CurveFormula: Hashable, Sendable, BitwiseCopyable {
  case linear
  case cosine(exponent: Double, k: Double)
  case exponential
  case polynomial(power: Double, k: Double)
  case oneMinusRoot
  case rex
  case tanh(lower: Double, upper: Double)

  /// The value at a share `u` of the way from `a` to `b`, `u` in 0…1.
  ///
  /// A convex combination, so that both ends are exact; `b + (a − b) · w` is not. Rounding is kept
  /// from leaving the interval between the ends.
  func value(from a: Double, to b: Double, at u: Double) -> Double {
    let value: Double
    if case .tanh(let lower, let upper) = self {
      let share = min(max(u, 0), 1)
      let left = Elementary.logistic(-2 * (lower * (1 - share) + upper * share))
      value = a * left + b * (1 - left)
    } else {
      if u <= 0 || a == b { return a }
      if u >= 1 { return b }
      value = inside(from: a, to: b, at: u)
    }
    return a < b ? min(max(value, a), b) : min(max(value, b), a)
  }

  /// The value strictly between the ends.
  @inline(__always)
  private func inside(from a: Double, to b: Double, at u: Double) -> Double {
    switch self {
    case .linear, .tanh:
      return a * (1 - u) + b * u
    case .cosine(let exponent, let k):
      let weights = Elementary.halfCosine(k == 1 ? u : Elementary.power(u, k))
      if exponent == 1 { return a * weights.start + b * weights.end }
      let left = Elementary.power(weights.start, exponent)
      return a * left + b * (1 - left)
    case .exponential:
      return a * Elementary.power(b / a, u)
    case .polynomial(let power, let k):
      let rest = 1 - (k == 1 ? u : Elementary.power(u, k))
      let left = power == 2 ? rest * rest : Elementary.power(rest, power)
      return a * left + b * (1 - left)
    case .oneMinusRoot:
      let reached = u.squareRoot()
      return a * (1 - reached) + b * reached
    case .rex:
      // z / (½ + ½z) with z = 1 − u; its complement is u / (2 − u).
      return a * (2 * (1 - u) / (2 - u)) + b * (u / (2 - u))
    }
  }
}

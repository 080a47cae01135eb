import Networks

extension Precision {
  /// The nearest number of 16 bits, of two the even one; in float32 the number itself, whose own rounding
  /// the tolerances of comparisons cover.
  func rounded(_ value: Double) -> Double {
    guard value.isFinite else { return value }
    switch self {
    case .float32: return value
    case .bfloat16:
      let bits = Float(value).bitPattern
      return Double(Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000))
    case .float16:
      // 11 bits, and below 2⁻¹⁴ the last place of 2⁻²⁴ for all.
      let place = Double(
        sign: .plus, exponent: max(value.exponent, -14) - 10, significand: 1)
      let rounded = (value / place).rounded(.toNearestOrEven) * place
      return rounded.magnitude > 65_504 ? value.sign == .minus ? -.infinity : .infinity : rounded
    }
  }
}

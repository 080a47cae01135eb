#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The elementary functions that schedules need, in one place: the module's only use of the C library.
enum Elementary {
  /// `base` to the power of `exponent`.
  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

  /// The natural logarithm.
  static func logarithm(_ x: Double) -> Double { log(x) }

  /// The logistic function, `1 / (1 + exp(−x))`.
  static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// The two weights of half a cosine at a share `u`: `(1 ± cos πu) / 2`.
  ///
  /// As the square of a sine or cosine of half the angle, the smaller one keeps its full relative
  /// precision near both ends, and one call to the C library is enough.
  static func halfCosine(_ u: Double) -> (start: Double, end: Double) {
    if u < 0.5 {
      let root = sin(u * (.pi / 2))
      return (1 - root * root, root * root)
    }
    let root = sin((1 - u) * (.pi / 2))
    return (root * root, 1 - root * root)
  }

  /// `factor` to the power of a whole number.
  ///
  /// Where `1 / factor` is whole, as it is for 0.1 and 0.5, the power is the reciprocal of a whole
  /// number: a rate of 0.1 cut tenfold twice is then 0.001 and not 0.0010000000000000002.
  static func scaling(_ value: Double, by factor: Double, times count: Double) -> Double {
    guard count != 0 else { return value }
    let divisor = 1 / factor
    if abs(factor) < 1, divisor == divisor.rounded(), abs(divisor) < 0x1p53 {
      return value / pow(divisor, count)
    }
    return value * pow(factor, count)
  }
}

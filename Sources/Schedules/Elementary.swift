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

  /// The squares of cosine and sine of a quarter turn's share `u`, the two weights of half a cosine.
  ///
  /// Squares keep full relative precision near both ends, which `(1 ± cos πu) / 2` does not.
  static func halfCosine(_ u: Double) -> (start: Double, end: Double) {
    let c = cos(u * (.pi / 2))
    let s = sin(u * (.pi / 2))
    return (c * c, s * s)
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

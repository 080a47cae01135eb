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
  /// precision near both ends, and one sine is enough.
  static func halfCosine(_ u: Double) -> (start: Double, end: Double) {
    if u < 0.5 {
      let root = smallSine(u * (.pi / 2))
      return (1 - root * root, root * root)
    }
    let root = smallSine((1 - u) * (.pi / 2))
    return (root * root, 1 - root * root)
  }

  /// The sine of an angle from 0 to π/4: Taylor's series to the 17th power, whose rest is below 10⁻¹⁹.
  ///
  /// A third of the C library's time, which has all angles to think of, and the same on every system.
  private static func smallSine(_ x: Double) -> Double {
    let y = x * x
    var sum = 1 / 355_687_428_096_000.0
    sum = sum * y - 1 / 1_307_674_368_000.0
    sum = sum * y + 1 / 6_227_020_800.0
    sum = sum * y - 1 / 39_916_800.0
    sum = sum * y + 1 / 362_880.0
    sum = sum * y - 1 / 5040.0
    sum = sum * y + 1 / 120.0
    sum = sum * y - 1 / 6.0
    return x + x * y * sum
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

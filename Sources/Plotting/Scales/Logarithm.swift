#if canImport(Glibc)
private import Glibc
#elseif canImport(Musl)
private import Musl
#elseif canImport(Darwin)
private import Darwin
#endif

/// The logarithm to base ten of a positive number.
///
/// The only use of the C mathematics library in this module. Results may differ between
/// libraries in the last bit, which is far below the hundredth of a pixel that a figure keeps.
func decimalLogarithm(_ value: Double) -> Double {
  log10(value)
}

/// Ten to an integer power, correctly rounded: 0 below the range of `Double` and ∞ above it.
func powerOfTen(_ exponent: Int) -> Double {
  if exponent < -400 { return 0 }
  return Double("1e\(exponent)") ?? .infinity
}

/// The exponent of the decade that holds a positive number: 10^e ≤ value < 10^(e+1).
func decade(of value: Double) -> Int {
  let estimate = Int(decimalLogarithm(value).rounded(.down))
  if powerOfTen(estimate) > value { return estimate - 1 }
  return powerOfTen(estimate + 1) <= value ? estimate + 1 : estimate
}

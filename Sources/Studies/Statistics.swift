/// The mean of repeated measurements with its 95 % confidence interval.
public struct Sample: Hashable, Sendable, Codable {
  /// The measurements in the order of their seeds, at least one, all finite.
  public let values: [Double]

  /// Makes a sample.
  ///
  /// - Precondition: There is at least one value.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "a sample has at least 1 value")
    self.values = values
  }

  /// The arithmetic mean.
  public var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// The standard deviation with n − 1 in the denominator; `nil` for a single value.
  public var standardDeviation: Double? {
    guard values.count >= 2 else { return nil }
    let mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// Half the width of the 95 % confidence interval of the mean, by Student's t distribution; `nil`
  /// for a single value, about which nothing can be said.
  public var halfWidth: Double? {
    guard let standardDeviation else { return nil }
    let quantile = Self.quantile(degreesOfFreedom: values.count - 1)
    return quantile * standardDeviation / Double(values.count).squareRoot()
  }

  /// The 97.5 % quantile of Student's t distribution, to three decimals.
  ///
  /// Above 30 degrees of freedom by the Cornish–Fisher expansion around the normal quantile
  /// (Abramowitz and Stegun 1964, 26.7.5), which is within 0.001 there.
  static func quantile(degreesOfFreedom: Int) -> Double {
    let table = [
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
      2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
      2.052, 2.048, 2.045, 2.042,
    ]
    precondition(degreesOfFreedom >= 1, "at least 1 degree of freedom is needed")
    if degreesOfFreedom <= table.count { return table[degreesOfFreedom - 1] }
    let z = 1.959964
    let n = Double(degreesOfFreedom)
    let first = (z * z * z + z) / (4 * n)
    let second = (5 * z * z * z * z * z + 16 * z * z * z + 3 * z) / (96 * n * n)
    return z + first + second
  }
}

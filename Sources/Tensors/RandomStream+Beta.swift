extension RandomStream {
  /// The draws that ``nextBeta(_:)`` takes at most.
  public static let largestBetaDraws = 128

  /// A number in 0...1 of the symmetric beta distribution with both parameters α.
  ///
  /// Jöhnk's method, in logarithms so that nothing underflows for a small α: of two uniform numbers
  /// to the power 1/α whose sum is at most 1 it is the first's share. It takes two draws a trial
  /// and ½ to ⅙ of the trials succeed for α from 1 to 2; after 64 failures, once in 100,000 times at
  /// α = 2, the number is ½.
  ///
  /// - Parameter alpha: α, in 0...2; for 0 the number is 0 or 1 with equal chances.
  /// - Returns: The number.
  public mutating func nextBeta(_ alpha: Double) -> Double {
    precondition(0...2 ~= alpha, "α is in 0...2, found \(alpha)")
    if alpha == 0 { return nextUniform() < 0.5 ? 0 : 1 }
    for _ in 0..<Self.largestBetaDraws / 2 {
      let first = logarithm(1 - nextUniform()) / alpha
      let second = logarithm(1 - nextUniform()) / alpha
      let larger = max(first, second)
      let sum = larger + logarithm(exponential(first - larger) + exponential(second - larger))
      if sum <= 0 { return exponential(first - sum) }
    }
    return 0.5
  }
}

import Testing

@testable import Studies

@Suite struct StatisticsTests {
  @Test func intervalOfThree() throws {
    let sample = Sample([1, 2, 3])
    #expect(sample.mean == 2)
    #expect(sample.standardDeviation == 1)
    let halfWidth = try #require(sample.halfWidth)
    #expect(abs(halfWidth - 4.303 / 3.0.squareRoot()) < 1e-12)
  }

  @Test func oneValueHasNoInterval() {
    #expect(Sample([0.5]).mean == 0.5)
    #expect(Sample([0.5]).standardDeviation == nil)
    #expect(Sample([0.5]).halfWidth == nil)
  }

  /// Quantiles beyond the table, from published tables.
  @Test(arguments: [(40, 2.021), (60, 2.000), (120, 1.980), (1_000_000, 1.960)])
  func quantiles(degreesOfFreedom: Int, expected: Double) {
    #expect(abs(Sample.quantile(degreesOfFreedom: degreesOfFreedom) - expected) < 0.001)
  }
}

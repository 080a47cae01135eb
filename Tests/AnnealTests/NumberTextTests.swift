import Testing

@testable import anneal

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.85314, 4, "0.8531"), (-0.00004, 4, "0.0000"), (-1.25, 1, "-1.3"), (12, 0, "12"),
    (0.999_96, 4, "1.0000"), (.nan, 2, "nan"), (-.infinity, 2, "-inf"), (1e300, 2, "1e+300"),
  ])
  func fixes(value: Double, decimals: Int, text: String) {
    #expect(NumberText.fixed(value, decimals) == text)
  }

  @Test(arguments: [
    (0.4, "0.4"), (0.001_25, "0.00125"), (3.2e-7, "3.2e-07"), (1234.56, "1235"), (0, "0"),
    (9.99996, "10"), (9.99996e-9, "1e-08"), (-0.004, "-0.004"), (1e9, "1e+09"), (0.1 + 0.2, "0.3"),
    (.infinity, "inf"),
    (.leastNonzeroMagnitude, "4.941e-324"), (1.797e308, "1.797e+308"), (4e-7, "4e-07"),
  ])
  func keepsSignificantDigits(value: Double, text: String) {
    #expect(NumberText.significant(value) == text)
  }

  @Test(arguments: [(0, "0"), (999, "999"), (272_474, "272 474"), (-1_000_000, "-1 000 000")])
  func groupsThousands(value: Int, text: String) {
    #expect(NumberText.grouped(value) == text)
  }

  @Test(arguments: [
    (7.4, "0:07"), (59.6, "1:00"), (750, "12:30"), (3723, "1:02:03"), (.infinity, "?"), (-1, "?"),
  ])
  func tellsTheTime(seconds: Double, text: String) {
    #expect(NumberText.duration(seconds) == text)
  }

  @Test func tellsPercentages() {
    #expect(NumberText.percent(0.853_06) == "85.31 %")
  }
}

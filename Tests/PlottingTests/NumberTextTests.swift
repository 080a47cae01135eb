import Plotting
import TestSupport
import Testing

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0"), (0.1, "0.1"), (0.4, "0.4"), (1.0, "1"), (0.012345, "0.0123"), (9.999, "10"),
    (123_456, "1.23e5"), (1234, "1230"), (0.00002, "2e-5"), (0.000999, "9.99e-4"),
    (-0.05, "−0.05"), (-2e-7, "−2e-7"), (.nan, "NaN"), (.infinity, "∞"), (-.infinity, "−∞"),
    (.greatestFiniteMagnitude, "1.8e308"), (.leastNonzeroMagnitude, "4.94e-324"),
    (2.2250738585072014e-308, "2.23e-308"),
  ])
  func significant(value: Double, expected: String) {
    #expect(NumberText.significant(value, digits: 3) == expected)
  }

  @Test(arguments: [
    (0.9, 2, "0.90"), (0.005, 2, "0.01"), (-0.25, 1, "−0.3"), (3, 0, "3"), (0, 3, "0.000"),
    (12.3456, 3, "12.346"), (1e20, 2, "1e20"), (.nan, 2, "NaN"), (-0.001, 2, "0.00"),
  ])
  func fixed(value: Double, decimals: Int, expected: String) {
    #expect(NumberText.fixed(value, decimals: decimals) == expected)
  }

  @Test func percent() {
    #expect(NumberText.percent(0.8734) == "87.3 %")
    #expect(NumberText.percent(1, decimals: 0) == "100 %")
    #expect(NumberText.percent(.nan) == "NaN")
  }
}

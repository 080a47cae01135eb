import Plotting
import Testing

@testable import anneal

@Suite struct NumberTextTerminalTests {
  @Test(arguments: [(0, "0"), (999, "999"), (272_474, "272 474"), (-1_000_000, "−1 000 000")])
  func groupsThousands(value: Int, text: String) {
    #expect(NumberText.grouped(value) == text)
  }

  @Test(arguments: [
    (7.4, "0:07"), (59.6, "1:00"), (750, "12:30"), (3723, "1:02:03"), (.infinity, "?"), (-1, "?"),
    (.nan, "?"),
  ])
  func tellsTheTime(seconds: Double, text: String) {
    #expect(NumberText.duration(seconds) == text)
  }

  @Test(arguments: [
    (0.004, "0.00"), (1.234, "1.23"), (9.999, "10.0"), (41.67, "41.7"), (99.97, "100"),
    (12_345.6, "12 346"), (.infinity, "?"), (.nan, "?"),
  ])
  func tellsRates(value: Double, text: String) {
    #expect(NumberText.rate(value) == text)
  }
}

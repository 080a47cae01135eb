import Plotting
import Testing

@Suite struct SmoothingTests {
  @Test func theStartIsNotPulledToZero() {
    let smoothed = Smoothing.exponential([4, 4, 4, 4], weight: 0.9)
    #expect(smoothed.allSatisfy { abs($0 - 4) < 1e-12 })
  }

  @Test func meansAreWeighted() {
    let smoothed = Smoothing.exponential([1, 2, 4], weight: 0.5)
    // Weights 1; 1, 2; 1, 2, 4 towards the latest.
    let expected = [1, 5 / 3.0, 21 / 7.0]
    for (value, mean) in zip(smoothed, expected) { #expect(abs(value - mean) < 1e-12) }
    #expect(Smoothing.exponential([3, 1, 2], weight: 0) == [3, 1, 2])
  }

  @Test func gapsStayAndDoNotCount() {
    let smoothed = Smoothing.exponential([1, .nan, 2, .infinity, 4], weight: 0.5)
    #expect(smoothed[1].isNaN && smoothed[3] == .infinity)
    #expect(abs(smoothed[4] - 3) < 1e-12)
  }

  @Test func aLineBecomesTwo() {
    let lines = LineMark(x: [0, 1], y: [1, 2], ink: .series(2), name: "a").smoothed(weight: 0.5)
    #expect(lines.map(\.weight) == [.faint, .regular])
    #expect(lines.map(\.name) == [nil, "a"] && lines.map(\.run) == ["a", "a"])
    #expect(lines[0].y == [1, 2] && lines[1].y[0] == 1)
  }

  @Test func weightsOfOneAreTheCallersMistake() async {
    await #expect(processExitsWith: .failure) { _ = Smoothing.exponential([1], weight: 1) }
  }
}

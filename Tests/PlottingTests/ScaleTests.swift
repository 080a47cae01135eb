import TestSupport
import Testing

@testable import Plotting

/// Ticks, their texts and their places on each kind of scale.
@Suite struct ScaleTests {
  private func labels(_ scale: any Scale, _ count: Int) -> String {
    scale.ticks(atMost: count).compactMap(\.label).joined(separator: " ")
  }

  @Test(arguments: [
    (0.0, 1.0, 5, "0 0.2 0.4 0.6 0.8 1.0"),
    (0.845, 0.955, 3, "0.85 0.90 0.95"),
    (-1, 1, 4, "−1.0 −0.5 0 0.5 1.0"),
    (0, 1000, 5, "0 200 400 600 800 1000"),
    (0, 8000, 4, "0 2000 4000 6000 8000"),
    (0, 12_500, 6, "0 5k 10k"),
    (0, 60_000, 3, "0 20k 40k 60k"),
    (0, 2_500_000, 5, "0 0.5M 1.0M 1.5M 2.0M 2.5M"),
    (0, 3e9, 3, "0 1e9 2e9 3e9"),
    (0, 0.0004, 4, "0 1e-4 2e-4 3e-4 4e-4"),
    (0, 0.004, 4, "0 0.001 0.002 0.003 0.004"),
    (0.9, 0.9, 3, "0.90"),
    (-.leastNonzeroMagnitude, .leastNonzeroMagnitude, 2, "−1 0 1"),
    (1e300, 1e300, 2, "9.5e299 1e300 1.05e300"),
  ])
  func linearTicks(lower: Double, upper: Double, count: Int, expected: String) {
    #expect(labels(LinearScale(domain: lower...upper), count) == expected)
  }

  @Test(arguments: [
    (1e-5, 10.0, 10, "1e-5 1e-4 0.001 0.01 0.1 1 10"),
    (1e-5, 10.0, 3, "1e-4 0.01 1"),
    (0.01, 1.0, 8, "0.01 0.02 0.05 0.1 0.2 0.5 1"),
    (0.2, 0.6, 5, "0.2 0.3 0.4 0.5 0.6"),
    (1, 1e6, 7, "1 10 100 1000 1e4 1e5 1e6"),
    (-5, -1, 4, "0.1 0.2 0.5 1"),
    (-1, 10, 4, "0.01 0.1 1 10"),
  ])
  func logTicks(lower: Double, upper: Double, count: Int, expected: String) {
    #expect(labels(LogScale(domain: lower...upper), count) == expected)
  }

  @Test func wholeTicks() {
    #expect(labels(LinearScale(domain: 0...3, usesWholeTicks: true), 10) == "0 1 2 3")
    #expect(labels(LinearScale(domain: 0...3), 10) == "0 0.5 1.0 1.5 2.0 2.5 3.0")
  }

  @Test func percentTicks() {
    #expect(labels(LinearScale(domain: 0.85...0.95, style: .percent), 2) == "85% 90% 95%")
    #expect(labels(LinearScale(domain: 0.9...0.91, style: .percent), 2) == "90.0% 90.5% 91.0%")
  }

  @Test func epochsStandAtTheirSteps() {
    let scale = EpochScale(domain: 0...790, stepsPerEpoch: 79)
    #expect(scale.ticks(atMost: 5).map(\.value) == [0, 158, 316, 474, 632, 790])
    #expect(labels(scale, 5) == "0 2 4 6 8 10")
    #expect(scale.fraction(of: 395) == 0.5)
  }

  @Test func tickValuesAreWhatTheirLabelsSay() {
    for tick in LinearScale(domain: 0...1).ticks(atMost: 10) {
      #expect(tick.label.flatMap(Double.init) == tick.value)
    }
    for tick in LogScale(domain: 1e-7...1e7).ticks(atMost: 20) {
      if let label = tick.label { #expect(Double(label) == tick.value) }
    }
  }

  @Test func minorTicksHaveNoText() {
    let ticks = LogScale(domain: 1...100).ticks(atMost: 3)
    #expect(ticks.count == 19)
    #expect(ticks.count { $0.label != nil } == 3)
  }

  @Test func fractions() {
    let linear = LinearScale(domain: 2...4)
    #expect([2, 3, 4, 5].map(linear.fraction) == [0, 0.5, 1, 1.5])
    #expect(linear.fraction(of: .nan) == nil)
    #expect(linear.fraction(of: .infinity) == nil)
    let log = LogScale(domain: 0.01...1)
    #expect(log.fraction(of: 0.1) == 0.5)
    #expect(log.fraction(of: 0) == nil)
    #expect(log.fraction(of: -1) == nil)
    #expect(log.fraction(of: .leastNonzeroMagnitude).map { $0 < 0 } == true)
  }

  @Test func anyDomainHasFewTicksInOrder() {
    let ends = [
      -1.7e308, -1, -1e-9, 0, .leastNonzeroMagnitude, 1e-300, 1, 1.0000000001, 7e9, 1.7e308,
    ]
    for lower in ends {
      for upper in ends where lower <= upper {
        let scales: [any Scale] = [
          LinearScale(domain: lower...upper), LogScale(domain: lower...upper),
          LinearScale(domain: lower...upper, usesWholeTicks: true),
        ]
        for scale in scales {
          for count in [1, 2, 5, 12] {
            let ticks = scale.ticks(atMost: count)
            #expect(ticks.count { $0.label != nil } <= count + 1, "\(scale) \(count)")
            #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.value < $1.value })
            #expect(ticks.allSatisfy { scale.fraction(of: $0.value) != nil })
          }
        }
      }
    }
  }

  @Test func anEpochWithoutStepsIsTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = EpochScale(domain: 0...1, stepsPerEpoch: 0)
    }
  }
}

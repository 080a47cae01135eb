import Foundation
import Schedules
import Testing

@Suite struct GradientNoiseScaleTests {
  /// Norms whose expectation is |G|² + tr Σ / b.
  private func scale(gradient: Double, variance: Double) throws -> GradientNoiseScale {
    func measured(_ batch: Int) -> GradientNoiseScale.Measurement {
      .init(batchSize: batch, squaredNorm: gradient + variance / Double(batch))
    }
    return try GradientNoiseScale(small: measured(32), large: measured(512))
  }

  @Test(arguments: [(1.0, 100.0), (0.25, 1.0), (3.0, 0.5), (1e-6, 0.4)])
  func bothEstimatesAreExactOnExpectations(gradient: Double, variance: Double) throws {
    let found = try scale(gradient: gradient, variance: variance)
    #expect(abs(found.squaredGradient - gradient) <= 1e-9 * max(gradient, variance))
    #expect(abs(found.variance - variance) <= 1e-9 * max(gradient, variance))
    let expected = variance / gradient
    #expect(abs(try #require(found.batchSize) - expected) <= 1e-6 * expected)
  }

  @Test func halfTheProgressIsAtTheNoiseScale() throws {
    let found = try scale(gradient: 1, variance: 128)
    #expect(abs(try #require(found.progress(ofBatch: 128)) - 0.5) < 1e-9)
    #expect(
      found.advice(forBatch: 128)
        == "the noise scale is 128 samples: an update of 128 makes 50 % of a noiseless one's "
        + "progress; this batch balances updates and samples")
    #expect(
      found.advice(forBatch: 16).hasSuffix(
        "a larger batch saves updates at almost no cost in samples"))
    #expect(
      found.advice(forBatch: 1024).hasSuffix(
        "a smaller batch saves samples at almost no cost in updates"))
  }

  @Test func estimatesThatNoiseSpoilsAreNone() throws {
    let hidden = try GradientNoiseScale(
      small: .init(batchSize: 1, squaredNorm: 10), large: .init(batchSize: 2, squaredNorm: 1))
    #expect(hidden.batchSize == nil)
    #expect(hidden.advice(forBatch: 8).hasPrefix("the noise hides the gradient"))
    let silent = try GradientNoiseScale(
      small: .init(batchSize: 1, squaredNorm: 1), large: .init(batchSize: 2, squaredNorm: 2))
    #expect(silent.batchSize == nil && silent.progress(ofBatch: 8) == nil)
    #expect(silent.advice(forBatch: 8).hasPrefix("no noise was measured"))
  }

  @Test(arguments: [
    (0, 1.0, 2, 1.0, "two batch sizes, the smaller one first, found 0 and 2"),
    (2, 1, 2, 1, "two batch sizes, the smaller one first, found 2 and 2"),
    (1, -1, 2, 1, "squared norms of at least 0, found -1"),
    (1, 1, 2, .infinity, "squared norms of at least 0, found inf"),
  ])
  func refusesWhatIsNoMeasurement(
    small: Int, smallNorm: Double, large: Int, largeNorm: Double, message: String
  ) {
    let error = #expect(throws: ScheduleError.self) {
      try GradientNoiseScale(
        small: .init(batchSize: small, squaredNorm: smallNorm),
        large: .init(batchSize: large, squaredNorm: largeNorm))
    }
    #expect(error?.description == "range test: expected \(message)")
  }

  @Test func jsonReadsBackAndIsChecked() throws {
    let found = try scale(gradient: 1, variance: 128)
    let data = try JSONEncoder().encode(found)
    #expect(try JSONDecoder().decode(GradientNoiseScale.self, from: data) == found)
    let wrong =
      #"{"small":{"batchSize":2,"squaredNorm":1},"large":{"batchSize":1,"squaredNorm":1}}"#
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(GradientNoiseScale.self, from: Data(wrong.utf8))
    }
  }

  /// The ratio of two averages, not the average of ratios.
  @Test func severalAreAveragedByTheirNorms() throws {
    let parts = [try scale(gradient: 1, variance: 100), try scale(gradient: 3, variance: 20)]
    let mean = try GradientNoiseScale(averaging: parts)
    #expect(abs(mean.squaredGradient - 2) < 1e-9 && abs(mean.variance - 60) < 1e-9)
    #expect(abs(try #require(mean.batchSize) - 30) < 1e-9)
    let none = #expect(throws: ScheduleError.self) { try GradientNoiseScale(averaging: []) }
    #expect(none?.description == "range test: expected at least one noise scale, found none")
    let other = try GradientNoiseScale(
      small: .init(batchSize: 8, squaredNorm: 2), large: .init(batchSize: 16, squaredNorm: 1))
    let mixed = #expect(throws: ScheduleError.self) {
      try GradientNoiseScale(averaging: [parts[0], other])
    }
    #expect(mixed?.description == "range test: expected batches of 32 and 512, found 8 and 16")
  }
}

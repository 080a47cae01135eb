import Schedules
import Training

/// The noise of the gradients of one or several range tests, and what it says of the batch.
struct GradientNoiseReport: Encodable {
  struct Place: Encodable {
    var seed: UInt64
    var update: Int
    /// Samples; nothing where noise hides the gradient.
    var noiseScale: Double?
    /// An estimate of |G|².
    var squaredGradient: Double
    /// An estimate of tr Σ.
    var variance: Double
    var small: GradientNoiseScale.Measurement
    var large: GradientNoiseScale.Measurement
    /// Whether the place goes into the noise scale of the whole.
    var counts: Bool
  }

  var batch: Int
  var noiseScale: Double?
  var advice: String
  var places: [Place]

  /// What the tests measured, one for each seed.
  init(_ tests: [(seed: UInt64, result: HyperparameterFinder.Result)], batch: Int) throws {
    self.batch = batch
    places = tests.flatMap { seed, result in
      let telling = Set(result.tellingPlaces.map(\.update))
      return result.noise.map { place in
        Place(
          seed: seed, update: place.update, noiseScale: place.scale.batchSize,
          squaredGradient: place.scale.squaredGradient, variance: place.scale.variance,
          small: place.scale.small, large: place.scale.large,
          counts: telling.contains(place.update))
      }
    }
    let scales = tests.flatMap { $0.result.tellingPlaces.map(\.scale) }
    guard !scales.isEmpty else {
      advice = "no gradient was finite, so there is no noise scale"
      return
    }
    let scale = try GradientNoiseScale(averaging: scales)
    noiseScale = scale.batchSize
    advice = scale.advice(forBatch: batch)
  }
}

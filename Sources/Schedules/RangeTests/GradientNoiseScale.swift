/// How noisy gradients are, as a batch size (McCandlish and others 2018, arXiv 1812.06162).
///
/// The simple noise scale (equation 2.9) is the batch size at which the noise of a gradient is as
/// large as the gradient:
///
///     B = tr Σ / |G|²
///
/// with Σ the covariance of one sample's gradient and G the true gradient. Both are estimated without
/// bias from the squared norms of gradients at two batch sizes (appendix A.1):
///
///     |G|² = (B₂ |g₂|² − B₁ |g₁|²) / (B₂ − B₁)
///     tr Σ = (|g₁|² − |g₂|²) / (1 / B₁ − 1 / B₂)
///
/// One pair of norms is a rough estimate: average the squared norms over many updates first, as the
/// ratio of two averages and not the average of ratios.
public struct GradientNoiseScale: Hashable, Sendable, Codable {
  /// A squared gradient norm and the batch that it was measured on.
  public struct Measurement: Hashable, Sendable, Codable {
    /// Samples in the batch, ≥ 1.
    public let batchSize: Int
    /// The mean over updates of |g|², the sum of the squares of the mean gradient; finite, ≥ 0.
    public let squaredNorm: Double

    /// A measurement.
    public init(batchSize: Int, squaredNorm: Double) {
      self.batchSize = batchSize
      self.squaredNorm = squaredNorm
    }
  }

  /// The smaller batch.
  public let small: Measurement
  /// The larger batch.
  public let large: Measurement

  /// Two measurements of one network at one place, the smaller batch first.
  ///
  /// - Throws: `ScheduleError.rangeTest` for a batch below 1, batches in the wrong order, or a
  ///   squared norm that is negative or not finite.
  public init(small: Measurement, large: Measurement) throws(ScheduleError) {
    guard small.batchSize >= 1, large.batchSize > small.batchSize else {
      throw .rangeTest(
        expected: "two batch sizes, the smaller one first",
        found: "\(small.batchSize) and \(large.batchSize)")
    }
    for norm in [small.squaredNorm, large.squaredNorm] where !(norm >= 0 && norm.isFinite) {
      throw .rangeTest(expected: "squared norms of at least 0", found: formatted(norm))
    }
    self.small = small
    self.large = large
  }

  /// One estimate of several: their squared norms averaged, which is what is without bias.
  ///
  /// - Parameter scales: At least one, all of the same two batch sizes.
  /// - Throws: `ScheduleError.rangeTest` for none, or for other batch sizes than the first one's.
  public init(averaging scales: [GradientNoiseScale]) throws(ScheduleError) {
    guard let first = scales.first else {
      throw .rangeTest(expected: "at least one noise scale", found: "none")
    }
    for scale in scales
    where scale.small.batchSize != first.small.batchSize
      || scale.large.batchSize != first.large.batchSize
    {
      throw .rangeTest(
        expected: "batches of \(first.small.batchSize) and \(first.large.batchSize)",
        found: "\(scale.small.batchSize) and \(scale.large.batchSize)")
    }
    func mean(_ measurement: (GradientNoiseScale) -> Measurement) -> Measurement {
      let sum = scales.reduce(0) { $0 + measurement($1).squaredNorm }
      return Measurement(
        batchSize: measurement(first).batchSize, squaredNorm: sum / Double(scales.count))
    }
    try self.init(small: mean(\.small), large: mean(\.large))
  }

  /// Reads and checks two measurements.
  ///
  /// - Parameter decoder: Where to read from.
  /// - Throws: `DecodingError` when they make no estimate.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let (small, large) = (
      try container.decode(Measurement.self, forKey: .small),
      try container.decode(Measurement.self, forKey: .large)
    )
    do {
      self = try GradientNoiseScale(small: small, large: large)
    } catch {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: container.codingPath, debugDescription: error.description))
    }
  }

  // MARK: - Estimates

  /// The squared norm of the true gradient, |G|²; by chance below 0 where noise hides it.
  public var squaredGradient: Double {
    let (first, second) = (Double(small.batchSize), Double(large.batchSize))
    return (second * large.squaredNorm - first * small.squaredNorm) / (second - first)
  }

  /// The sum of the variances of one sample's gradient, tr Σ; by chance below 0 where there is none.
  public var variance: Double {
    let (first, second) = (Double(small.batchSize), Double(large.batchSize))
    return (small.squaredNorm - large.squaredNorm) / (1 / first - 1 / second)
  }

  /// The simple noise scale in samples; nothing where the estimates leave it undefined.
  public var batchSize: Double? {
    guard squaredGradient > 0, variance >= 0 else { return nil }
    let scale = variance / squaredGradient
    return scale.isFinite ? scale : nil
  }

  // MARK: - Advice

  /// The share of the progress of noiseless updates that updates of a batch make, `1 / (1 + B / b)`
  /// (equation 2.7, each batch with the rate that is best for it); nothing without a noise scale.
  public func progress(ofBatch samples: Int) -> Double? {
    batchSize.map { scale in samples >= 1 ? 1 / (1 + scale / Double(samples)) : 0 }
  }

  /// What the noise scale says of a batch size, in a sentence.
  ///
  /// - Parameter samples: The batch size in use, ≥ 1.
  /// - Returns: Whether a larger batch would save updates, or a smaller one samples.
  public func advice(forBatch samples: Int) -> String {
    guard let scale = batchSize, let progress = progress(ofBatch: samples) else {
      return squaredGradient > 0
        ? "no noise was measured: average over more updates, or at batches farther apart"
        : "the noise hides the gradient: average over more updates, or at a larger batch"
    }
    let share = threeDigits(progress * 100)
    let measured =
      "the noise scale is \(threeDigits(scale)) samples: an update of \(samples) makes "
      + "\(share) % of a noiseless one's progress"
    switch Double(samples) / max(scale, 1) {
    case ..<0.5: return measured + "; a larger batch saves updates at almost no cost in samples"
    case 2...: return measured + "; a smaller batch saves samples at almost no cost in updates"
    default: return measured + "; this batch balances updates and samples"
    }
  }
}

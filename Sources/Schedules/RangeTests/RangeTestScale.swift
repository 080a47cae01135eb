// How the values of each hyper-parameter compare: over what a range test sweeps it, what its rules
// say "per" and "a tenth of", and what a factor between two of their answers means.

extension Hyperparameter {
  /// The name in words, for tables and axes: `weight decay`.
  public var title: String { wordsOfName(name) }
}

extension Hyperparameter<Double> {
  /// Whether the value is the share of an average that its past keeps: momentum, β₂, averaging.
  ///
  /// Such a value acts by how many steps it remembers, 1 / (1 − value): from 0.9 to 0.99 is as much
  /// as from a learning rate of 0.1 to one of 1.
  public var isMemory: Bool {
    self == .momentum || self == .beta2 || self == .averagingDecay
  }

  /// How often the larger of two values goes into the other: the ratio, and for a memory the ratio
  /// of the steps remembered, 1 / (1 − value).
  ///
  /// - Returns: The factor, ≥ 1; nothing where the smaller of the two is 0.
  public func factor(from least: Double, to most: Double) -> Double? {
    let ratio = isMemory ? (1 - least) / (1 - most) : most / least
    return least == most ? 1 : ratio.isFinite ? ratio : nil
  }

  /// The value that sentences speak of.
  var noun: String { self == .learningRate ? "rate" : title }

  /// Several of them.
  var plural: String { title + "s" }

  /// Whether equal ratios of the value are equal changes, so that "per decade" and "a tenth of" mean
  /// something.
  var isCountedInDecades: Bool {
    self == .learningRate || self == .weightDecay || self == .augmentationStrength
  }

  /// The range in words for several values at once.
  var pluralExpectation: String {
    isCountedInDecades ? "finite \(plural) of at least 0" : "\(plural) of \(key.expectation)"
  }
}

extension RangeTest {
  /// Where a test sweeps, unless told otherwise.
  ///
  /// Learning rates rise from 1e-7 to 10 and weight decays from 1e-6 to 1, each by a constant ratio;
  /// momentum and the other averages from 0.7 to 0.99, and shares from 0 to 0.5, each by a constant
  /// difference.
  public static func defaultSweep(
    of hyperparameter: Hyperparameter<Double>
  ) -> (from: Double, to: Double, curve: Sweep) {
    if hyperparameter == .learningRate { return (1e-7, 10, .exponential) }
    if hyperparameter.isMemory { return (0.7, 0.99, .linear) }
    return hyperparameter.isCountedInDecades ? (1e-6, 1, .exponential) : (0, 0.5, .linear)
  }
}

/// The name of something that a plan schedules, with the type and the range of its values.
public struct Hyperparameter<Value: Sendable>: Hashable, Sendable {
  let key: HyperparameterKey

  /// The name in JSON and in reports, in lower camel case: `learningRate`.
  public var name: String { key.rawValue }

  init(_ key: HyperparameterKey) { self.key = key }
}

extension Hyperparameter<Double> {
  /// The step size of the optimiser, finite and ≥ 0.
  public static let learningRate = Hyperparameter(.learningRate)
  /// Momentum of SGD, or Adam's β₁; in 0..<1.
  public static let momentum = Hyperparameter(.momentum)
  /// Adam's β₂, in 0..<1.
  public static let beta2 = Hyperparameter(.beta2)
  /// The factor of the weights in their own decay, ≥ 0.
  public static let weightDecay = Hyperparameter(.weightDecay)
  /// The share of the label that is spread over the other classes, in 0..<1.
  public static let labelSmoothing = Hyperparameter(.labelSmoothing)
  /// How strongly images are changed, ≥ 0.
  public static let augmentationStrength = Hyperparameter(.augmentationStrength)
  /// The share that an average of weights keeps per step, in 0...1.
  public static let averagingDecay = Hyperparameter(.averagingDecay)
  /// The share of a batch's statistics in batch norm's running ones, in 0...1.
  public static let batchNormMomentum = Hyperparameter(.batchNormMomentum)
}

extension Hyperparameter<Int> {
  /// Samples per step, ≥ 1.
  public static let batchSize = Hyperparameter(.batchSize)
  /// The side of the images in pixels, ≥ 1.
  public static let imageSize = Hyperparameter(.imageSize)
}

// MARK: - Keys

/// A hyper-parameter without the type of its values: what plans store and print.
enum HyperparameterKey: String, Hashable, Sendable, Codable, CaseIterable {
  case learningRate
  case momentum
  case beta2
  case weightDecay
  case labelSmoothing
  case augmentationStrength
  case averagingDecay
  case batchNormMomentum
  case batchSize
  case imageSize

  /// The name in text.
  var word: String { self == .learningRate ? "lr" : rawValue }

  init?(word: String) {
    guard
      let key = HyperparameterKey.allCases.first(where: { $0.word == word || $0.rawValue == word })
    else { return nil }
    self = key
  }

  var isInteger: Bool { self == .batchSize || self == .imageSize }

  /// The largest integer that is scheduled, far beyond any batch and far below overflow.
  static let largestInteger = 1_000_000_000.0

  func accepts(_ value: Double) -> Bool {
    switch self {
    case .learningRate, .weightDecay, .augmentationStrength: value >= 0 && value.isFinite
    case .momentum, .beta2, .labelSmoothing: value >= 0 && value < 1
    case .averagingDecay, .batchNormMomentum: value >= 0 && value <= 1
    case .batchSize, .imageSize: value >= 1 && value <= HyperparameterKey.largestInteger
    }
  }

  /// The range in words, for errors.
  var expectation: String {
    switch self {
    case .learningRate, .weightDecay, .augmentationStrength: "a finite number of at least 0"
    case .momentum, .beta2, .labelSmoothing: "at least 0 and less than 1"
    case .averagingDecay, .batchNormMomentum: "0 to 1"
    case .batchSize, .imageSize: "1 to \(formatted(HyperparameterKey.largestInteger))"
    }
  }
}

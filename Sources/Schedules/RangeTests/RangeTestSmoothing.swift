/// An exponential moving average of losses, as the learning-rate finders compute it.
///
///     aᵢ = w·aᵢ₋₁ + (1 − w)·xᵢ
///
/// fastai starts from a₋₁ = 0 and divides by `1 − wⁱ⁺¹`, which removes the pull towards zero;
/// pytorch-lr-finder starts from a₀ = x₀ and divides by nothing.
public struct RangeTestSmoothing: Sendable, Hashable, Codable {
  /// The weight of the past, *w*, in 0..<1; 0 does not smooth.
  public let weight: Double

  /// Whether the average starts from zero and is corrected for it, rather than from the first loss.
  public let isDebiased: Bool

  /// fastai's: weight 0.98, debiased.
  public static let fastai = RangeTestSmoothing(weight: 0.98, isDebiased: true)

  /// pytorch-lr-finder's: weight 0.95 (its `smooth_f` is 0.05), started from the first loss.
  public static let torchLRFinder = RangeTestSmoothing(weight: 0.95, isDebiased: false)

  /// Creates a moving average.
  ///
  /// - Parameters:
  ///   - weight: The weight of the past, in 0..<1.
  ///   - isDebiased: Whether to start from zero and to correct for it.
  /// - Precondition: `weight` is in 0..<1.
  public init(weight: Double, isDebiased: Bool) {
    precondition(weight >= 0 && weight < 1, "a smoothing weight is in 0..<1, found \(weight)")
    self.weight = weight
    self.isDebiased = isDebiased
  }

  /// Reads and checks a moving average.
  ///
  /// - Parameter decoder: Where to read from.
  /// - Throws: `DecodingError` when the weight is outside 0..<1.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let weight = try container.decode(Double.self, forKey: .weight)
    guard weight >= 0 && weight < 1 else {
      throw DecodingError.dataCorruptedError(
        forKey: .weight, in: container,
        debugDescription: "expected a weight in 0..<1, found \(weight)")
    }
    self.weight = weight
    isDebiased = try container.decode(Bool.self, forKey: .isDebiased)
  }

  /// The smoothed values, as many as there are losses.
  ///
  /// - Parameter losses: Raw losses, in the order of the updates.
  /// - Returns: One average per loss.
  public func smoothed(_ losses: [Double]) -> [Double] {
    var average = Average(self)
    return losses.map { average.adding($0) }
  }

  /// The smoothed values of readings that were not made after every update.
  ///
  /// The average's memory is counted in updates: a reading k updates after the one before weighs
  /// `1 − wᵏ`, so that a curve is smoothed alike however often it was measured.
  ///
  /// - Parameters:
  ///   - readings: Raw values, in the order of the updates.
  ///   - updates: The update of each of them, rising.
  /// - Returns: One average per reading.
  /// - Precondition: There are as many updates as readings.
  public func smoothed(_ readings: [Double], at updates: [Int]) -> [Double] {
    precondition(readings.count == updates.count, "every reading has an update")
    var average = Average(self)
    var previous: Int?
    return zip(readings, updates).map { reading, update in
      defer { previous = update }
      return average.adding(reading, after: previous.map { update - $0 } ?? 1)
    }
  }
}

extension RangeTestSmoothing {
  /// The average so far, for losses that arrive one at a time.
  struct Average: Sendable, Hashable {
    private let smoothing: RangeTestSmoothing
    private var average = 0.0
    private var remainingBias = 1.0
    private var isEmpty = true

    init(_ smoothing: RangeTestSmoothing) {
      self.smoothing = smoothing
    }

    /// Takes in one loss, some updates after the one before, and returns the average with it.
    mutating func adding(_ loss: Double, after updates: Int = 1) -> Double {
      let weight = (1..<max(updates, 1)).reduce(smoothing.weight) { product, _ in
        product * smoothing.weight
      }
      average =
        isEmpty && !smoothing.isDebiased ? loss : average * weight + loss * (1 - weight)
      isEmpty = false
      guard smoothing.isDebiased else { return average }
      remainingBias *= weight
      return average / (1 - remainingBias)
    }
  }
}

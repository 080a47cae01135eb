/// The updates of every epoch in a run whose epochs differ in length, as they do where the batch size
/// changes: what turns epochs into steps.
public struct EpochLengths: Hashable, Sendable {
  private let totals: RunningTotal

  /// The number of epochs.
  public var epochCount: Int { totals.count }

  /// The number of updates in all of them.
  public var stepCount: Int { Int(totals.total) }

  /// The updates of every epoch, in order.
  ///
  /// - Precondition: There is at least one epoch, and each has at least one update.
  public init(_ lengths: some Sequence<Int>) { totals = RunningTotal(lengths) }

  /// The epochs done by an instant in steps; the first and the last length go on for ever.
  public func epochs(by step: Double) -> Double { totals.count(by: step) }

  /// The instant, in steps, by which so many epochs are done.
  public func step(byEpochs count: Double) -> Double { totals.total(by: count) }
}

extension EpochLengths: Codable {
  /// Writes the stretches of equal epochs: `{"counts": [5, 10], "sizes": [391, 196]}`.
  public func encode(to encoder: any Encoder) throws { try totals.encode(to: encoder) }

  /// Reads what `encode(to:)` writes.
  ///
  /// - Throws: A `DecodingError` where the lists do not fit each other or are out of range.
  public init(from decoder: any Decoder) throws { totals = try RunningTotal(from: decoder) }
}

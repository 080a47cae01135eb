/// The samples of every update in a run whose batch size changes: what turns samples into steps.
///
/// With one batch size, samples are steps times a number. With several, a length in samples depends on
/// where it begins, and is found by walking from there.
public struct BatchSizes: Hashable, Sendable {
  private let totals: RunningTotal

  /// The number of updates.
  public var stepCount: Int { totals.count }

  /// The batch size of every update, in order.
  ///
  /// - Precondition: There is at least one, and all are ≥ 1.
  public init(_ batches: some Sequence<Int>) { totals = RunningTotal(batches) }

  /// The samples seen by an instant in steps; the first and the last batch size go on for ever.
  public func samples(by step: Double) -> Double { totals.total(by: step) }

  /// The instant, in steps, by which so many samples are seen.
  public func step(bySamples count: Double) -> Double { totals.count(by: count) }
}

extension BatchSizes: Codable {
  /// Writes the stretches of equal batches: `{"counts": [100, 50], "sizes": [32, 64]}`.
  public func encode(to encoder: any Encoder) throws { try totals.encode(to: encoder) }

  /// Reads what `encode(to:)` writes.
  ///
  /// - Throws: A `DecodingError` where the lists do not fit each other or are out of range.
  public init(from decoder: any Decoder) throws { totals = try RunningTotal(from: decoder) }
}

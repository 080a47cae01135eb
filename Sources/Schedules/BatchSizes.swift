/// The samples of every update in a run whose batch size changes: what turns samples into steps.
///
/// With one batch size, samples are steps times a number. With several, a length in samples depends on
/// where it begins, and is found by walking from there.
public struct BatchSizes: Hashable, Sendable {
  /// Stretches of updates with equal batches: where each begins, in steps and in samples.
  private var starts: [Double] = []
  private var totals: [Double] = []
  private var sizes: [Double] = []

  /// The number of updates.
  public private(set) var stepCount = 0

  /// The batch size of every update, in order.
  ///
  /// - Precondition: There is at least one, and all are ≥ 1.
  public init(_ batches: some Sequence<Int>) {
    var total = 0.0
    for size in batches {
      precondition(size >= 1, "a batch has at least 1 sample, found \(size)")
      if sizes.last != Double(size) {
        starts.append(Double(stepCount))
        totals.append(total)
        sizes.append(Double(size))
      }
      total += Double(size)
      stepCount += 1
    }
    precondition(stepCount > 0, "a run has at least 1 batch")
  }

  /// The samples seen by an instant in steps; the first and the last batch size go on for ever.
  public func samples(by step: Double) -> Double {
    let run = index(of: step, in: starts)
    return totals[run] + (step - starts[run]) * sizes[run]
  }

  /// The instant, in steps, by which so many samples are seen.
  public func step(bySamples count: Double) -> Double {
    let run = index(of: count, in: totals)
    return starts[run] + (count - totals[run]) / sizes[run]
  }

  /// The last stretch that begins at or before an instant, or the first.
  private func index(of place: Double, in beginnings: [Double]) -> Int {
    var low = 1
    var high = beginnings.count
    while low < high {
      let middle = (low + high) / 2
      if beginnings[middle] <= place { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }
}

extension BatchSizes: Codable {
  private enum CodingKeys: String, CodingKey {
    case counts, sizes
  }

  /// Writes the stretches of equal batches: `{"counts": [100, 50], "sizes": [32, 64]}`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let ends = starts.dropFirst() + [Double(stepCount)]
    try container.encode(zip(ends, starts).map { Int($0 - $1) }, forKey: .counts)
    try container.encode(sizes.map { Int($0) }, forKey: .sizes)
  }

  /// Reads what `encode(to:)` writes.
  ///
  /// - Throws: A `DecodingError` where the lists do not fit each other or are out of range.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let counts = try container.decode([Int].self, forKey: .counts)
    let batches = try container.decode([Int].self, forKey: .sizes)
    let range = 1...Int(HyperparameterKey.largestInteger)
    guard !counts.isEmpty, counts.count == batches.count,
      (counts + batches).allSatisfy({ range.contains($0) })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .sizes, in: container,
        debugDescription: "expected as many sizes as counts, each at least 1")
    }
    var total = 0.0
    for (count, size) in zip(counts, batches) {
      if sizes.last != Double(size) {
        starts.append(Double(stepCount))
        totals.append(total)
        sizes.append(Double(size))
      }
      total += Double(count) * Double(size)
      stepCount += count
    }
  }
}

/// What a run has gone through by each count of something whose share is not always the same: samples
/// by updates, updates by epochs.
///
/// A table of stretches with equal shares; between their ends it is linear both ways.
struct RunningTotal: Hashable, Sendable {
  /// Where each stretch begins, as a count and as a total.
  private var starts: [Double] = []
  private var totals: [Double] = []
  private var shares: [Double] = []

  /// How many there are.
  private(set) var count = 0
  /// The sum of all shares.
  private(set) var total = 0.0

  /// The share of each, in order.
  ///
  /// - Precondition: There is at least one, and all are ≥ 1.
  init(_ shares: some Sequence<Int>) {
    for share in shares {
      precondition(share >= 1, "a share is at least 1, found \(share)")
      append(1, of: Double(share))
    }
    precondition(count > 0, "a total has at least 1 share")
  }

  private mutating func append(_ number: Int, of share: Double) {
    if shares.last != share {
      starts.append(Double(count))
      totals.append(total)
      shares.append(share)
    }
    count += number
    total += Double(number) * share
  }

  /// The total by a count; the first and the last share go on for ever.
  func total(by count: Double) -> Double {
    let stretch = index(of: count, in: starts)
    return totals[stretch] + (count - starts[stretch]) * shares[stretch]
  }

  /// The count by which a total is reached.
  func count(by total: Double) -> Double {
    let stretch = index(of: total, in: totals)
    return starts[stretch] + (total - totals[stretch]) / shares[stretch]
  }

  /// The last stretch that begins at or before a place, or the first.
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

extension RunningTotal: Codable {
  private enum CodingKeys: String, CodingKey {
    case counts, sizes
  }

  /// Writes the stretches: `{"counts": [100, 50], "sizes": [32, 64]}`.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let ends = starts.dropFirst() + [Double(count)]
    try container.encode(zip(ends, starts).map { Int($0 - $1) }, forKey: .counts)
    try container.encode(shares.map { Int($0) }, forKey: .sizes)
  }

  /// Reads what `encode(to:)` writes.
  ///
  /// - Throws: A `DecodingError` where the lists do not fit each other or are out of range.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let counts = try container.decode([Int].self, forKey: .counts)
    let sizes = try container.decode([Int].self, forKey: .sizes)
    let range = 1...Int(HyperparameterKey.largestInteger)
    guard !counts.isEmpty, counts.count == sizes.count,
      (counts + sizes).allSatisfy({ range.contains($0) })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .sizes, in: container,
        debugDescription: "expected as many sizes as counts, each at least 1")
    }
    for (number, size) in zip(counts, sizes) { append(number, of: Double(size)) }
  }
}

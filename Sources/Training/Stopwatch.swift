/// Seconds since it was made.
struct Stopwatch {
  private let start = ContinuousClock.now

  /// The time so far; never 0, so that rates are finite.
  var seconds: Double {
    let elapsed = ContinuousClock.now - start
    return max(elapsed / .seconds(1), 1e-9)
  }
}

/// The mean of those of some numbers that are there.
struct Mean {
  private var sum = 0.0
  private var count = 0

  mutating func add(_ value: Double?) {
    guard let value else { return }
    sum += value
    count += 1
  }

  /// The mean; nil of nothing.
  var value: Double? { count == 0 ? nil : sum / Double(count) }
}

/// Seconds since it was made.
struct Stopwatch {
  private let start = ContinuousClock.now

  /// The time so far; never 0, so that rates are finite.
  var seconds: Double {
    let elapsed = ContinuousClock.now - start
    return max(elapsed / .seconds(1), 1e-9)
  }
}

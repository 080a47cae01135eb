/// A schedule that repeats: the cycle at an instant is found by arithmetic, so that a million cycles
/// cost as much as one.
struct Cycles: Sendable {
  /// One cycle on its own time axis.
  var cycle: Timeline
  /// The first cycle's length in steps; cycles of no length are never entered.
  var length: Double
  /// The length of all of them.
  var total: Double
  var repetition: Schedule.Repetition
  /// The value a cycle comes to rest at, which amplitudes are measured from.
  let rest: Double
  /// The first cycle's largest value.
  let peak: Double

  init(cycle: Timeline, length: Double, total: Double, repetition: Schedule.Repetition) {
    self.cycle = cycle
    self.length = length
    self.total = total
    self.repetition = repetition
    rest = cycle.restValue
    peak = cycle.bounds.upper
  }

  /// Where a cycle begins.
  func start(of index: Double) -> Double {
    let stretch = repetition.stretch
    if stretch == 1 { return length * index }
    return length * (Elementary.power(stretch, index) - 1) / (stretch - 1)
  }

  func value(at offset: Double, tolerance: Double) -> Double {
    guard length > 0 else { return rest }
    var index = self.index(at: offset, tolerance: tolerance)
    let near = abs(tolerance)
    if offset >= total - near, index > 0, start(of: index) >= total - near {
      // The end of the last cycle, not the beginning of one that is never entered.
      index -= 1
    }
    let scale = repetition.stretch == 1 ? 1 : Elementary.power(repetition.stretch, index)
    let local = scale > 0 ? min((offset - start(of: index)) / scale, length) : length
    let value = cycle.value(at: local, tolerance: tolerance / max(scale, 1e-3))
    return decayed(value, in: index)
  }

  /// The last cycle that has begun at an instant.
  private func index(at offset: Double, tolerance: Double) -> Double {
    let last = repetition.count.map { Double($0 - 1) } ?? .infinity
    let stretch = repetition.stretch
    let time = offset + tolerance
    var index: Double
    if stretch == 1 {
      index = (time / length).rounded(.down)
    } else {
      // start(index) ≤ time, solved for the index. Shrinking cycles may never get there.
      let power = 1 + time * (stretch - 1) / length
      index =
        power > 0
        ? (Elementary.logarithm(power) / Elementary.logarithm(stretch)).rounded(.down)
        : Cycles.manyCycles
    }
    index = max(0, min(index, last, Cycles.manyCycles))
    // Where a stretch is close to 1, the estimate may be just below a whole number.
    if index < last, start(of: index + 1) <= time { index += 1 }
    return index
  }

  /// More cycles than a double tells apart when they shrink.
  private static let manyCycles = 1e15

  /// A value of the cycle, as it is in a later one.
  private func decayed(_ value: Double, in index: Double) -> Double {
    guard repetition.decay != 1, index > 0 else { return value }
    switch repetition.target {
    case .values:
      return Elementary.scaling(value, by: repetition.decay, times: index)
    case .amplitude:
      return rest + Elementary.scaling(value - rest, by: repetition.decay, times: index)
    case .peak:
      guard peak > rest else { return value }
      let top = max(Elementary.scaling(peak, by: repetition.decay, times: index), rest)
      let share = (value - rest) / (peak - rest)
      return rest * (1 - share) + top * share
    }
  }

  var bounds: Bounds {
    var bounds = cycle.bounds
    guard repetition.decay != 1 else { return bounds }
    // A decayed value changes in one direction from cycle to cycle: the first and last ones bound it.
    let last = index(at: total, tolerance: 0)
    bounds.form(union: cycle.bounds.mapped { decayed($0, in: last) })
    return bounds
  }
}

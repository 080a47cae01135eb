extension Schedule {
  /// The schedule with a function applied to the ends of its ramps and the values of its holds and
  /// tables; nothing where values come from arithmetic between schedules.
  func mappingKnots(_ transform: (Double) -> Double) -> Schedule? {
    switch node {
    case .hold(let value, let span):
      return Schedule(node: .hold(value: transform(value), span: span))
    case .ramp(let from, let to, let span, let curve):
      return Schedule(
        node: .ramp(from: transform(from), to: transform(to), span: span, curve: curve))
    case .table(let values, let span):
      return Schedule(node: .table(values: values.map(transform), span: span))
    case .sequence(let parts):
      let mapped = parts.compactMap { $0.mappingKnots(transform) }
      // A factor around a sequence is taken into it, and the sequence becomes part of this one.
      return mapped.count == parts.count ? Schedule.sequence(mapped) : nil
    case .repeated(let inner, let repetition):
      // A decay about the resting value is the same upside down; the others are not.
      guard repetition.decay == 1 || repetition.target == .amplitude else { return nil }
      return inner.mappingKnots(transform).map { Schedule(node: .repeated(of: $0, repetition)) }
    case .limited(let inner, let span, let run):
      return inner.mappingKnots(transform).map { $0.limited(to: span, ofRun: run) }
    case .reversed(let inner):
      return inner.mappingKnots(transform)?.reversed()
    case .scaled(let inner, let factor):
      return inner.mappingKnots { transform($0 * factor) }
    case .combined, .clamped, .rounded:
      return nil
    }
  }

  /// The schedule with a function applied to the schedules that it is made of.
  func mappingParts(_ transform: (Schedule) -> Schedule) -> Schedule {
    switch node {
    case .hold, .ramp, .table:
      return self
    case .sequence(let parts):
      return .sequence(parts.map(transform))
    case .repeated(let inner, let repetition):
      return Schedule(node: .repeated(of: transform(inner), repetition))
    case .scaled(let inner, let factor):
      return Schedule(node: .scaled(of: transform(inner), by: factor))
    case .combined(let operation, let parts):
      return .combined(operation, parts.map(transform))
    case .clamped(let inner, let lower, let upper):
      return Schedule(node: .clamped(of: transform(inner), lower: lower, upper: upper))
    case .limited(let inner, let span, let run):
      return transform(inner).limited(to: span, ofRun: run)
    case .reversed(let inner):
      return transform(inner).reversed()
    case .rounded(let inner, let multiple):
      return transform(inner).rounded(toMultipleOf: multiple)
    }
  }

  /// The value that the first phase begins with.
  var firstValue: Double {
    switch node {
    case .hold(let value, _): value
    case .ramp(let from, _, _, _): from
    case .table(let values, _): values.first ?? 0
    case .sequence(let parts): parts.first?.firstValue ?? 0
    case .repeated(let inner, _), .limited(let inner, _, _): inner.firstValue
    case .scaled(let inner, let factor): inner.firstValue * factor
    case .combined(let operation, let parts): operation(parts.map(\.firstValue))
    case .clamped(let inner, let lower, let upper): min(max(inner.firstValue, lower), upper)
    case .reversed(let inner): inner.lastValue
    case .rounded(let inner, let multiple): inner.firstValue.rounded(toMultipleOf: multiple)
    }
  }

  /// The value that the last phase ends with, if nothing cuts it short.
  private var lastValue: Double {
    switch node {
    case .hold(let value, _): return value
    case .ramp(_, let to, _, _): return to
    case .table(let values, _): return values.last ?? 0
    case .sequence(let parts): return parts.last?.lastValue ?? 0
    case .repeated(let inner, let repetition):
      guard repetition.target == .values, let count = repetition.count else {
        return inner.lastValue
      }
      return Elementary.scaling(inner.lastValue, by: repetition.decay, times: Double(count - 1))
    case .limited(let inner, _, _): return inner.lastValue
    case .scaled(let inner, let factor): return inner.lastValue * factor
    case .combined(let operation, let parts): return operation(parts.map(\.lastValue))
    case .clamped(let inner, let lower, let upper):
      return min(max(inner.lastValue, lower), upper)
    case .reversed(let inner): return inner.firstValue
    case .rounded(let inner, let multiple): return inner.lastValue.rounded(toMultipleOf: multiple)
    }
  }

  /// The ends of all ramps and the values of all holds and tables, or bounds of what is made of them.
  var knotValues: [Double] {
    switch node {
    case .hold(let value, _): return [value]
    case .ramp(let from, let to, _, _): return [from, to]
    case .table(let values, _): return values
    case .sequence(let parts): return parts.flatMap(\.knotValues)
    case .repeated(let inner, _), .limited(let inner, _, _), .reversed(let inner):
      return inner.knotValues
    case .rounded(let inner, let multiple):
      return inner.knotValues.map { $0.rounded(toMultipleOf: multiple) }
    case .scaled(let inner, let factor): return inner.knotValues.map { $0 * factor }
    case .clamped(let inner, let lower, let upper):
      return inner.knotValues.map { min(max($0, lower), upper) }
    case .combined(let operation, let parts):
      let bounds = Bounds.combined(operation, parts.map(\.extremes))
      return [bounds.lower, bounds.upper]
    }
  }

  private var extremes: Bounds {
    knotValues.reduce(into: Bounds.none) { $0.form(union: Bounds($1, $1)) }
  }
}

extension Double {
  /// The nearest multiple of a whole number, at least one times it.
  func rounded(toMultipleOf multiple: Int) -> Double {
    Swift.max(1, (self / Double(multiple)).rounded()) * Double(multiple)
  }
}

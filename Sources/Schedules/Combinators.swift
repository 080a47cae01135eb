// MARK: - Time

extension Schedule {
  /// What a repeated schedule's decay multiplies from cycle to cycle.
  public enum Decay: String, Hashable, Sendable, Codable, CaseIterable {
    /// The distance from the value that a cycle comes to rest at: the floor stays where it is, and
    /// a mirrored schedule repeats like its original. Keras' `m_mul` and CyclicLR's `triangular2`.
    case amplitude
    /// The peak, while the floor stays where it is. timm's `cycle_decay`.
    case peak
    /// Every value, the floor too. Ignite's `start_value_mult` and `end_value_mult`; step decay.
    case values
  }

  /// The schedule several times, or without end until the run is over.
  ///
  /// Cycle `i`, counted from 0, is `stretchⁱ` times as long as the first; its `decaying` part is
  /// `decayⁱ` times the first's.
  ///
  /// - Parameters:
  ///   - count: The number of cycles, ≥ 1; without it they fill the remainder of the run, and the
  ///     last may be cut short.
  ///   - stretch: The ratio of a cycle's length to the one before, > 0.
  ///   - decay: The ratio of a cycle's height to the one before, ≥ 0.
  ///   - target: What the decay multiplies.
  /// - Returns: The repetition; a repetition of one is the schedule itself.
  public func repeated(
    _ count: Int? = nil, stretchingBy stretch: Double = 1, decayingBy decay: Double = 1,
    of target: Decay = .amplitude
  ) -> Schedule {
    if count == 1 { return self }
    // Without a decay its target means nothing, and equal schedules are equal values.
    let repetition = Repetition(
      count: count, stretch: stretch, decay: decay, target: decay == 1 ? .amplitude : target)
    return Schedule(node: .repeated(of: self, repetition))
  }

  /// The same values over stated lengths multiplied by a factor; remainders stay remainders.
  ///
  /// - Precondition: The factor is positive and finite.
  public func stretched(by factor: Double) -> Schedule {
    precondition(factor > 0 && factor.isFinite, "a schedule is stretched by a positive factor")
    guard factor != 1 else { return self }
    return mappingSpans { span in
      factor * span.withoutRemainder + Span(remainders: span.remainders)
    }
  }

  /// The beginning of the schedule, as it would be in a run of its own, for exactly a span.
  ///
  /// A schedule that is longer is cut; one that is shorter holds its last value.
  public func limited(to span: Span = .remainder) -> Schedule {
    Schedule(node: .limited(of: self, span: span))
  }

  /// The schedule until an instant, with its past unchanged, and then another.
  public func spliced(at span: Span, with continuation: Schedule) -> Schedule {
    .sequence([limited(to: span), continuation])
  }

  /// The schedule after a ramp up to it.
  ///
  /// - Parameters:
  ///   - span: The length of the warm-up.
  ///   - start: The value of the first update.
  ///   - peak: The value at the warm-up's end.
  ///   - curve: The warm-up's shape.
  /// - Returns: The warm-up, then the schedule.
  public func warmedUp(
    over span: Span, from start: Double = 0, to peak: Double, curve: Curve = .linear
  ) -> Schedule {
    .sequence([Ramp(from: start, to: peak, over: span, curve: curve).schedule, self])
  }

  /// The schedule after a time at its first value.
  public func delayed(by span: Span) -> Schedule {
    .sequence([Hold(firstValue, for: span).schedule, self])
  }

  private func mappingSpans(_ transform: (Span) -> Span) -> Schedule {
    switch node {
    case .hold(let value, let span):
      return Schedule(node: .hold(value: value, span: transform(span)))
    case .ramp(let from, let to, let span, let curve):
      return Schedule(
        node: .ramp(
          from: from, to: to, span: transform(span), curve: curve.mappingSpans(transform)))
    case .table(let values, let span):
      return Schedule(node: .table(values: values, span: transform(span)))
    case .limited(let inner, let span):
      return Schedule(
        node: .limited(of: inner.mappingSpans(transform), span: transform(span)))
    case .sequence, .repeated, .scaled, .combined, .clamped:
      return mappingParts { $0.mappingSpans(transform) }
    }
  }
}

// MARK: - Values

extension Schedule {
  /// Every value times a factor.
  public func scaled(by factor: Double) -> Schedule {
    if factor == 1 { return self }
    if case .scaled(let inner, let first) = node { return inner.scaled(by: first * factor) }
    return Schedule(node: .scaled(of: self, by: factor))
  }

  /// Every value kept inside a range.
  public func clamped(to range: ClosedRange<Double>) -> Schedule {
    Schedule(node: .clamped(of: self, lower: range.lowerBound, upper: range.upperBound))
  }

  /// The product of two schedules, step by step; it lasts as long as the longer one.
  public static func * (left: Schedule, right: Schedule) -> Schedule {
    Schedule(node: .combined(.product, left, right))
  }

  /// The sum of two schedules, step by step; it lasts as long as the longer one.
  public static func + (left: Schedule, right: Schedule) -> Schedule {
    Schedule(node: .combined(.sum, left, right))
  }

  /// The schedule turned upside down into a band, with the same phases and curves: momentum against
  /// the learning rate, so that both turn at the same instants.
  ///
  /// The largest value becomes the band's floor. The first value, or the smallest if the schedule
  /// begins at its largest, becomes the band's ceiling, and so does everything below it: after
  /// 1cycle's annealing far below its start the momentum is back at the ceiling, not beyond it.
  public func mirrored(into band: ClosedRange<Double>) -> Schedule {
    let values = knotValues
    let high = values.max() ?? 0
    let first = firstValue
    let low = first < high ? first : values.min() ?? 0
    guard high > low else {
      return mappingKnots { _ in band.upperBound } ?? .constant(band.upperBound)
    }
    let reflect: (Double) -> Double = { value in
      let share = min(max((value - low) / (high - low), 0), 1)
      return band.upperBound * (1 - share) + band.lowerBound * share
    }
    if let mirrored = mappingKnots(reflect) { return mirrored }
    // No knots to reflect: the same straight line through the values themselves.
    let slope = -(band.upperBound - band.lowerBound) / (high - low)
    let shift = Schedule.constant(band.upperBound - slope * low)
    return (scaled(by: slope) + shift).clamped(to: band)
  }

  /// The schedule with a function applied to the ends of its ramps and the values of its holds and
  /// tables; nothing where values come from arithmetic between schedules.
  private func mappingKnots(_ transform: (Double) -> Double) -> Schedule? {
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
      return mapped.count == parts.count ? Schedule(node: .sequence(mapped)) : nil
    case .repeated(let inner, let repetition):
      // A decay about the resting value is the same upside down; the others are not.
      guard repetition.decay == 1 || repetition.target == .amplitude else { return nil }
      return inner.mappingKnots(transform).map { Schedule(node: .repeated(of: $0, repetition)) }
    case .limited(let inner, let span):
      return inner.mappingKnots(transform).map { Schedule(node: .limited(of: $0, span: span)) }
    case .scaled(let inner, let factor):
      return inner.mappingKnots { transform($0 * factor) }
    case .combined, .clamped:
      return nil
    }
  }

  private func mappingParts(_ transform: (Schedule) -> Schedule) -> Schedule {
    switch node {
    case .hold, .ramp, .table:
      return self
    case .sequence(let parts):
      return .sequence(parts.map(transform))
    case .repeated(let inner, let repetition):
      return Schedule(node: .repeated(of: transform(inner), repetition))
    case .scaled(let inner, let factor):
      return Schedule(node: .scaled(of: transform(inner), by: factor))
    case .combined(let operation, let left, let right):
      return Schedule(node: .combined(operation, transform(left), transform(right)))
    case .clamped(let inner, let lower, let upper):
      return Schedule(node: .clamped(of: transform(inner), lower: lower, upper: upper))
    case .limited(let inner, let span):
      return Schedule(node: .limited(of: transform(inner), span: span))
    }
  }

  /// The value that the first phase begins with.
  var firstValue: Double {
    switch node {
    case .hold(let value, _): value
    case .ramp(let from, _, _, _): from
    case .table(let values, _): values.first ?? 0
    case .sequence(let parts): parts.first?.firstValue ?? 0
    case .repeated(let inner, _), .limited(let inner, _): inner.firstValue
    case .scaled(let inner, let factor): inner.firstValue * factor
    case .combined(.product, let left, let right): left.firstValue * right.firstValue
    case .combined(.sum, let left, let right): left.firstValue + right.firstValue
    case .clamped(let inner, let lower, let upper): min(max(inner.firstValue, lower), upper)
    }
  }

  /// The ends of all ramps and the values of all holds and tables, or bounds of what is made of them.
  private var knotValues: [Double] {
    switch node {
    case .hold(let value, _): return [value]
    case .ramp(let from, let to, _, _): return [from, to]
    case .table(let values, _): return values
    case .sequence(let parts): return parts.flatMap(\.knotValues)
    case .repeated(let inner, _), .limited(let inner, _): return inner.knotValues
    case .scaled(let inner, let factor): return inner.knotValues.map { $0 * factor }
    case .clamped(let inner, let lower, let upper):
      return inner.knotValues.map { min(max($0, lower), upper) }
    case .combined(let operation, let left, let right):
      let (a, b) = (left.extremes, right.extremes)
      let bounds = operation == .product ? a * b : a + b
      return [bounds.lower, bounds.upper]
    }
  }

  private var extremes: Bounds {
    knotValues.reduce(into: Bounds.none) { $0.form(union: Bounds($1, $1)) }
  }
}

// MARK: - Tables

extension Schedule {
  /// Sampled values, each in force for an equal share of a span: any function of your own.
  ///
  /// A table of a resolved schedule's values over as many steps has the same values at every step.
  public static func table(_ values: [Double], over span: Span = .remainder) -> Schedule {
    Schedule(node: .table(values: values, span: span))
  }

  /// Sampled values, each in force for a span.
  public static func table(_ values: [Double], each span: Span) -> Schedule {
    .table(values, over: Double(values.count) * span)
  }
}

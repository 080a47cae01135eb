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
  ///
  /// - Parameters:
  ///   - span: The length of the beginning.
  ///   - run: The length in steps of the run that the schedule was made for; this run's unless given.
  /// - Returns: The beginning.
  public func limited(to span: Span = .remainder, ofRun run: Int? = nil) -> Schedule {
    Schedule(node: .limited(of: self, span: span, run: run))
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
    span == .zero ? self : .sequence([Hold(firstValue, for: span).schedule, self])
  }

  /// The schedule backwards in time: it begins with its last value.
  ///
  /// Where a boundary lies on a step, the phase that begins owns the step here too.
  public func reversed() -> Schedule {
    switch node {
    case .hold:
      return self
    case .ramp(let from, let to, let span, let curve) where curve.form.isSymmetric:
      return Schedule(node: .ramp(from: to, to: from, span: span, curve: curve))
    case .table(let values, let span):
      return Schedule(node: .table(values: values.reversed(), span: span))
    case .sequence(let parts):
      return .sequence(parts.reversed().map { $0.reversed() })
    case .scaled, .clamped, .rounded:
      return mappingParts { $0.reversed() }
    case .reversed(let inner):
      return inner
    case .ramp, .repeated, .combined, .limited:
      return Schedule(node: .reversed(of: self))
    }
  }

  /// Whether some length is stated in updates.
  public var isMeasuredInSteps: Bool { containsSpan { $0.steps != 0 } }

  /// Whether some length satisfies a condition.
  func containsSpan(where condition: (Span) -> Bool) -> Bool {
    var isFound = false
    _ = mappingSpans { span in
      if condition(span) { isFound = true }
      return span
    }
    return isFound
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
    case .limited(let inner, let span, let run):
      return Schedule(
        node: .limited(of: inner.mappingSpans(transform), span: transform(span), run: run))
    case .sequence, .repeated, .scaled, .combined, .clamped, .reversed, .rounded:
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

  /// Every value rounded to the nearest multiple of a whole number, and at least one times it.
  public func rounded(toMultipleOf multiple: Int) -> Schedule {
    Schedule(node: .rounded(of: self, multiple: multiple))
  }

  /// The product of two schedules, step by step; it lasts as long as the longer one.
  public static func * (left: Schedule, right: Schedule) -> Schedule {
    .combined(.product, [left, right])
  }

  /// The sum of two schedules, step by step; it lasts as long as the longer one.
  public static func + (left: Schedule, right: Schedule) -> Schedule {
    .combined(.sum, [left, right])
  }

  /// The smaller value of two schedules, step by step; it lasts as long as the longer one.
  public static func minimum(_ left: Schedule, _ right: Schedule) -> Schedule {
    .combined(.minimum, [left, right])
  }

  /// The larger value of two schedules, step by step; it lasts as long as the longer one.
  public static func maximum(_ left: Schedule, _ right: Schedule) -> Schedule {
    .combined(.maximum, [left, right])
  }

  /// Several schedules at a time; brackets between equal operations are taken away, so that neither the
  /// value nor its last bit depends on them.
  static func combined(_ operation: Operation, _ parts: [Schedule]) -> Schedule {
    let flat = parts.flatMap { part in
      if case .combined(operation, let inner) = part.node { inner } else { [part] }
    }
    return Schedule(node: .combined(operation, flat))
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

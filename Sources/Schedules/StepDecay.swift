extension Schedule {
  /// Step decay without end: the value is multiplied by `decay` after every `period`.
  public static func step(
    from start: Double, every period: Span, decayingBy decay: Double = 0.1
  ) -> Schedule {
    Hold(start, for: period).schedule.repeated(decayingBy: decay, of: .values)
  }

  /// Step decay at milestones: the value is multiplied by `decay` at each of them.
  ///
  /// A milestone is counted from the beginning of the run and is the first instant of the new value,
  /// as in PyTorch's `MultiStepLR`; milestones ascend.
  public static func multiStep(
    from start: Double, at milestones: [Span], decayingBy decay: Double = 0.1
  ) -> Schedule {
    .piecewise(
      (0...milestones.count).map {
        Elementary.scaling(start, by: decay, times: Double($0))
      }, at: milestones)
  }

  /// Values that change at boundaries: `values` has one element more than `boundaries`.
  ///
  /// A boundary is counted from the beginning of the run and is the first instant of the next value.
  ///
  /// - Precondition: There is one value more than there are boundaries.
  public static func piecewise(_ values: [Double], at boundaries: [Span]) -> Schedule {
    precondition(
      values.count == boundaries.count + 1,
      "expected \(boundaries.count + 1) values for \(boundaries.count) boundaries")
    var parts: [Schedule] = []
    var previous = Span.zero
    for (value, boundary) in zip(values, boundaries) {
      parts.append(Hold(value, for: boundary - previous).schedule)
      previous = boundary
    }
    parts.append(Hold(values[boundaries.count]).schedule)
    return .sequence(parts)
  }
}

/// The values of a schedule over one run: a random-access collection with an element per update.
///
/// Element `t` is the value in force during update `t`. Nothing is stored per step; an element is
/// computed from the phase it falls into.
public struct ResolvedSchedule: RandomAccessCollection, Sendable {
  /// The phases on the time axis.
  let timeline: Timeline
  private let length: Double
  let tolerance: Double

  /// The number of updates in the run.
  public let count: Int

  /// The index of the first update, 0.
  public var startIndex: Int { 0 }

  /// One past the index of the last update.
  public var endIndex: Int { count }

  init(timeline: Timeline, horizon: Horizon) {
    self.timeline = timeline
    length = horizon.length
    tolerance = horizon.tolerance
    count = horizon.stepCount
  }

  private init(timeline: Timeline, of run: ResolvedSchedule) {
    self.timeline = timeline
    length = run.length
    tolerance = run.tolerance
    count = run.count
  }

  /// The values times those of another schedule in the same run, and a factor.
  func product(with other: ResolvedSchedule, scaledBy factor: Double) -> ResolvedSchedule {
    var product = Timeline()
    product.append(
      Segment(
        length: length, limit: length, content: .combined(.product, [timeline, other.timeline]),
        transforms: [.scale(factor)]), at: 0)
    return ResolvedSchedule(timeline: product, of: self)
  }

  /// The value in force during an update.
  ///
  /// - Precondition: `step` is in `0 ..< count`.
  public subscript(step: Int) -> Double {
    precondition(
      step >= 0 && step < count, "step \(step) is outside the run's steps 0..<\(count)")
    return timeline.value(at: Double(step), tolerance: tolerance)
  }

  /// Goes through the updates in order, phase by phase, which is faster than looking each one up.
  public struct Iterator: IteratorProtocol, Sendable {
    private let timeline: Timeline
    private let tolerance: Double
    private let count: Int
    private var step = 0
    private var segment = 0
    private var segmentEnd = 0

    fileprivate init(_ values: ResolvedSchedule) {
      timeline = values.timeline
      tolerance = values.tolerance
      count = values.count
      segmentEnd = end(of: 0)
    }

    /// The first update that the next segment may have.
    private func end(of segment: Int) -> Int {
      guard segment + 1 < timeline.starts.count else { return count }
      let start = timeline.starts[segment + 1]
      return start < Double(count) ? Swift.max(0, Int((start - tolerance).rounded(.down))) : count
    }

    /// The value in force during the next update.
    public mutating func next() -> Double? {
      guard step < count else { return nil }
      let time = Double(step)
      while step >= segmentEnd, segment + 1 < timeline.starts.count,
        timeline.starts[segment + 1] <= time + tolerance
      {
        segment += 1
        segmentEnd = end(of: segment)
      }
      step += 1
      return timeline.value(at: time, tolerance: tolerance, in: segment)
    }
  }

  /// The values in the order of the updates.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// All values at once, which is faster than one after the other.
  public func allValues() -> [Double] {
    var values = [Double](repeating: 0, count: count)
    timeline.fill(&values, tolerance: tolerance)
    return values
  }

  /// The value at any instant, in steps; the first value before the run and the last after it.
  ///
  /// At the schedule's end, and after it, this is the value that the last phase ends with, which a
  /// half-open run does not reach in any update.
  public func value(at time: Double) -> Double {
    timeline.value(at: time.isNaN ? 0 : Swift.min(Swift.max(time, 0), length), tolerance: tolerance)
  }

  /// The instants at which a phase begins, in steps, ascending; they may lie between updates.
  public var knots: [Double] { timeline.starts }

  /// An interval that no value leaves; the smallest one for plain phases, maybe larger for products.
  var bounds: Bounds { timeline.bounds }

  /// The first update whose value lies outside what is acceptable.
  ///
  /// Phases that lead one way are searched by halves, and those that cannot leave the acceptable
  /// values are passed over, so that a run of any length is searched quickly.
  ///
  /// - Parameter isUnacceptable: Whether a value is; acceptable values form one interval.
  /// - Returns: The update, or `nil` if every value is acceptable.
  func firstStep(where isUnacceptable: (Double) -> Bool) -> Int? {
    var first = 0
    for index in timeline.segments.indices where first < count {
      let end =
        index + 1 < timeline.starts.count ? firstStep(from: timeline.starts[index + 1]) : count
      defer { first = Swift.max(first, end) }
      guard first < end else { continue }
      let segment = timeline.segments[index]
      let bounds = segment.bounds
      if !isUnacceptable(bounds.lower), !isUnacceptable(bounds.upper) { continue }
      guard segment.isMonotonic else {
        if let step = (first..<end).first(where: { isUnacceptable(self[$0]) }) { return step }
        continue
      }
      if isUnacceptable(self[first]) { return first }
      // What has left an interval on a way that does not turn stays outside.
      var (inside, outside) = (first, end)
      while outside - inside > 1 {
        let middle = inside + (outside - inside) / 2
        if isUnacceptable(self[middle]) { outside = middle } else { inside = middle }
      }
      if outside < end { return outside }
    }
    return nil
  }

  /// The first update at or after an instant.
  private func firstStep(from time: Double) -> Int {
    let step = (time - tolerance).rounded(.up)
    return step < Double(count) ? Swift.max(0, Int(step)) : count
  }
}

// MARK: - Resolving

extension Schedule {
  /// The schedule's values over a run.
  ///
  /// - Throws: A ``ScheduleError`` that names the phase where a unit has no ratio, a phase would
  ///   have a negative length or end after the run, an exponential passes zero, or a value is not
  ///   finite.
  public func resolved(over horizon: Horizon) throws(ScheduleError) -> ResolvedSchedule {
    try horizon.validate()
    try validate(for: horizon)
    var phaseCount = 0
    let (timeline, _) = try Resolution.timeline(
      of: self, over: horizon.length, from: 0, horizon: horizon, isBoundByRun: true,
      phaseCount: &phaseCount)
    let resolved = ResolvedSchedule(timeline: timeline, horizon: horizon)
    if !resolved.bounds.isFinite, let step = resolved.firstStep(where: { !$0.isFinite }) {
      throw .notFinite(step: step, value: resolved[step])
    }
    return resolved
  }
}

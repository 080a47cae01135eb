/// The values of a schedule over one run: a random-access collection with an element per update.
///
/// Element `t` is the value in force during update `t`. Nothing is stored per step; an element is
/// computed from the phase it falls into.
public struct ResolvedSchedule: RandomAccessCollection, Sendable {
  let timeline: Timeline
  private let length: Double
  private let tolerance: Double

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

  /// The first update whose value is not acceptable.
  func firstStep(where isUnacceptable: (Double) -> Bool) -> Int? {
    indices.first { isUnacceptable(self[$0]) }
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

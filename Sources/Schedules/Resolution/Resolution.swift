/// Places the phases of a schedule on the time axis of one run.
///
/// Lengths are added from left to right, phase by phase, whatever the bracketing, so that a nested
/// schedule has the same boundaries as a flat one to the last bit.
struct Resolution {
  let horizon: Horizon
  /// Whether a phase that ends after the run is an error here.
  var isBoundByRun = true
  /// Phases met so far, for naming them.
  var phaseCount = 0
  /// Where the next phase begins.
  var cursor = 0.0
  /// One share of the remainder, in steps.
  var share = 0.0
  var transforms: [Segment.Transform] = []
  var timeline = Timeline()
  /// The end value of the last empty phase, for a schedule that has no other.
  private var emptyValue: Double?

  /// Where the time axis begins in the run; nothing for a cycle, which is in many places.
  let origin: Double?

  init(horizon: Horizon, origin: Double?) {
    self.horizon = horizon
    self.origin = origin
  }

  /// A schedule's length: so many steps and so many shares of the remainder.
  struct Extent {
    var steps = 0.0
    var shares = 0.0
  }

  /// Lays a whole schedule out over a stretch of time that begins at an instant of the run.
  static func timeline(
    of schedule: Schedule, over length: Double, from origin: Double?, horizon: Horizon,
    isBoundByRun: Bool, phaseCount: inout Int
  ) throws(ScheduleError) -> (timeline: Timeline, end: Double) {
    var resolution = Resolution(horizon: horizon, origin: origin)
    resolution.isBoundByRun = isBoundByRun
    resolution.phaseCount = phaseCount
    try resolution.shareOut(length, in: schedule)
    try resolution.place(schedule)
    if resolution.timeline.segments.isEmpty {
      let held = Segment.Content.hold(resolution.emptyValue ?? 0)
      resolution.timeline.append(
        Segment(length: 0, limit: 0, content: held, transforms: []), at: 0)
    }
    phaseCount = resolution.phaseCount
    return (resolution.timeline, resolution.cursor)
  }
}

// MARK: - Lengths

extension Resolution {
  /// Finds the share of the remainder with which a schedule fills a length.
  private mutating func shareOut(
    _ length: Double, in schedule: Schedule
  ) throws(ScheduleError) {
    let extent = try extent(of: schedule)
    guard extent.shares > 0 else { return }
    if !horizon.isWalked(by: schedule) {
      share = max(0, length - extent.steps) / extent.shares
      return
    }
    // A longer share moves what comes after it to other batches and so changes its length too; the end
    // of everything never moves back. Halving an interval 60 times leaves less than a tolerance.
    var (low, high) = (0.0, length / extent.shares)
    for _ in 0..<60 {
      share = (low + high) / 2
      let longer = try self.extent(of: schedule)
      if longer.steps + longer.shares * share > length { high = share } else { low = share }
    }
    share = low
  }

  /// The length of a schedule that begins at the cursor.
  func extent(of schedule: Schedule) throws(ScheduleError) -> Extent {
    try extent(of: schedule, from: origin.map { $0 + cursor })
  }

  private func extent(
    of schedule: Schedule, from start: Double?
  ) throws(ScheduleError) -> Extent {
    var extent = Extent()
    try add(schedule, to: &extent, from: start)
    return extent
  }

  private func add(
    _ schedule: Schedule, to extent: inout Extent, from start: Double?
  ) throws(ScheduleError) {
    let place = start.map { $0 + extent.steps + extent.shares * share }
    switch schedule.node {
    case .hold(_, let span), .ramp(_, _, let span, _), .table(_, let span),
      .limited(_, let span, _):
      extent.steps += try horizon.steps(
        of: span, from: place, phase: Resolution.name(schedule))
      extent.shares += span.remainders
    case .sequence(let parts):
      for part in parts { try add(part, to: &extent, from: start) }
    case .scaled(let inner, _), .clamped(let inner, _, _), .rounded(let inner, _):
      try add(inner, to: &extent, from: start)
    case .reversed(let inner):
      try add(inner, to: &extent, from: nil)
    case .repeated(let inner, let repetition):
      guard let multiple = repetition.multiple else {
        extent.shares += 1
        return
      }
      let cycle = try self.extent(of: inner, from: nil)
      if cycle.steps != 0 { extent.steps += cycle.steps * multiple }
      if cycle.shares != 0 { extent.shares += cycle.shares * multiple }
    case .combined(_, let parts):
      let longest = try longest(of: parts, from: place)
      extent.steps += longest.steps
      extent.shares += longest.shares > 0 ? 1 : 0
    }
  }

  /// The most steps and the most shares of several schedules at a time.
  private func longest(
    of parts: [Schedule], from start: Double?
  ) throws(ScheduleError) -> Extent {
    var longest = Extent(steps: -.infinity, shares: 0)
    for part in parts {
      let extent = try extent(of: part, from: start)
      longest.steps = max(longest.steps, extent.steps)
      longest.shares = max(longest.shares, extent.shares)
    }
    return longest
  }

  private func length(of span: Span, phase: Schedule) throws(ScheduleError) -> Double {
    let steps = try horizon.steps(
      of: span, from: origin.map { $0 + cursor }, phase: Resolution.name(phase))
    return span.remainders == 0 ? steps : steps + span.remainders * share
  }
}

extension Schedule.Repetition {
  /// How many times as long as one cycle all of them are; nothing where they have no end.
  var multiple: Double? {
    guard let count else { return nil }
    if stretch == 1 { return Double(count) }
    return (Elementary.power(stretch, Double(count)) - 1) / (stretch - 1)
  }
}

// MARK: - Placement

extension Resolution {
  private mutating func place(_ schedule: Schedule) throws(ScheduleError) {
    switch schedule.node {
    case .hold(let value, let span):
      try append(schedule, span, .hold(value))
    case .ramp(let from, let to, let span, let curve):
      if case .law(let law) = curve.form {
        let law = try placed(law, of: schedule)
        try append(schedule, span, .law(from: from, to: to, law))
      } else {
        try append(schedule, span, .ramp(from: from, to: to, form: curve.form))
      }
    case .table(let values, let span):
      try append(schedule, span, .table(values))
    case .sequence(let parts):
      for part in parts { try place(part) }
    case .scaled(let inner, let factor):
      try place(inner, through: .scale(factor))
    case .clamped(let inner, let lower, let upper):
      try place(inner, through: .clamp(lower: lower, upper: upper))
    case .repeated(let inner, let repetition):
      try place(schedule, cyclesOf: inner, repetition)
    case .combined(let operation, let parts):
      try place(schedule, operation, parts)
    case .rounded(let inner, let multiple):
      try place(inner, through: .round(multiple: multiple))
    case .reversed(let inner):
      try place(schedule, backwards: inner)
    case .limited(let inner, let span, let run):
      try place(schedule, beginningOf: inner, for: span, of: run)
    }
  }

  /// A law with its lengths in steps.
  private func placed(
    _ law: TimeLaw<Span>, of phase: Schedule
  ) throws(ScheduleError) -> TimeLaw<Double> {
    let name = Resolution.name(phase, number: phaseCount + 1)
    let placed = try law.mapped { (span) throws(ScheduleError) in
      try horizon.steps(of: span, from: origin.map { $0 + cursor }, phase: name)
    }
    let unit = placed.unit
    guard unit.length > horizon.tolerance, unit.length.isFinite else {
      throw .parameter(
        phase: name, name: unit.name, value: unit.length, expected: "a length of more than 0 steps")
    }
    return placed
  }

  /// The transform of an outer schedule acts after those of the schedules inside it.
  private mutating func place(
    _ inner: Schedule, through transform: Segment.Transform
  )
    throws(ScheduleError)
  {
    transforms.insert(transform, at: 0)
    defer { transforms.removeFirst() }
    try place(inner)
  }

  private mutating func place(
    _ schedule: Schedule, cyclesOf inner: Schedule, _ repetition: Schedule.Repetition
  ) throws(ScheduleError) {
    let extent = try extent(of: inner, from: nil)
    let stretch = repetition.multiple == nil ? share : extent.steps + extent.shares * share
    var phases = phaseCount
    let (cycle, length) = try Resolution.timeline(
      of: inner, over: stretch, from: nil, horizon: horizon, isBoundByRun: false,
      phaseCount: &phases)
    let total: Double
    if let multiple = repetition.multiple {
      total = length == 0 ? 0 : length * multiple
    } else {
      total = share
      // A cycle far shorter than the time axis can tell apart is one of no length.
      guard length > share * 1e-12 || share == 0 else {
        throw .emptyCycle(phase: Resolution.name(schedule, number: phaseCount + 1))
      }
    }
    let cycles = Cycles(cycle: cycle, length: length, total: total, repetition: repetition)
    try append(schedule, length: total, .cycles(cycles))
    phaseCount = max(phaseCount, phases)
  }

  private mutating func place(
    _ schedule: Schedule, _ operation: Schedule.Operation, _ parts: [Schedule]
  ) throws(ScheduleError) {
    let longest = try longest(of: parts, from: origin.map { $0 + cursor })
    let length = longest.steps + (longest.shares > 0 ? share : 0)
    var phases = phaseCount
    var timelines: [Timeline] = []
    for part in parts {
      let placed = try Resolution.timeline(
        of: part, over: length, from: origin.map { $0 + cursor }, horizon: horizon,
        isBoundByRun: false, phaseCount: &phases)
      timelines.append(placed.timeline)
    }
    try append(schedule, length: length, .combined(operation, timelines))
    phaseCount = max(phaseCount, phases)
  }

  private mutating func place(
    _ schedule: Schedule, backwards inner: Schedule
  ) throws(ScheduleError) {
    let extent = try extent(of: inner, from: nil)
    let length = extent.steps + extent.shares * share
    var phases = phaseCount
    let (timeline, _) = try Resolution.timeline(
      of: inner, over: length, from: nil, horizon: horizon, isBoundByRun: false, phaseCount: &phases
    )
    try append(schedule, length: length, .reversed(timeline, length: max(length, 0)))
    phaseCount = max(phaseCount, phases)
  }

  /// The beginning of a schedule, as it would be in a run that has nothing else.
  private mutating func place(
    _ schedule: Schedule, beginningOf inner: Schedule, for span: Span, of run: Int?
  ) throws(ScheduleError) {
    let length = try length(of: span, phase: schedule)
    try check(length: length, schedule, number: phaseCount + 1)
    var own = horizon
    if let run { own.stepCount = run }
    let (beginning, _) = try Resolution.timeline(
      of: inner, over: own.length, from: origin.map { $0 + cursor }, horizon: own,
      isBoundByRun: false, phaseCount: &phaseCount)
    guard length > horizon.tolerance else {
      let first = Segment.Content.hold(beginning.value(at: 0, tolerance: horizon.tolerance))
      emptyValue = Segment(length: 0, limit: 0, content: first, transforms: transforms)
        .value(at: 0, tolerance: 0)
      cursor += length
      return
    }
    for (start, var segment) in zip(beginning.starts, beginning.segments)
    where start < length - horizon.tolerance {
      segment.limit = min(segment.limit, length - start)
      segment.lead = max(0, -start)
      segment.transforms += transforms
      timeline.append(segment, at: cursor + max(0, start))
    }
    cursor += length
  }

  private mutating func append(
    _ phase: Schedule, _ span: Span, _ content: Segment.Content
  ) throws(ScheduleError) {
    try append(phase, length: try length(of: span, phase: phase), content)
  }

  private mutating func append(
    _ phase: Schedule, length: Double, _ content: Segment.Content
  ) throws(ScheduleError) {
    phaseCount += 1
    try check(length: length, phase, number: phaseCount)
    if length <= horizon.tolerance {
      timeline.emptyPhases.append(Resolution.name(phase, number: phaseCount))
    }
    append(length: length, content)
  }

  private mutating func append(length: Double, _ content: Segment.Content) {
    let segment = Segment(
      length: max(length, 0), limit: max(length, 0), content: content, transforms: transforms)
    if length > horizon.tolerance {
      timeline.append(segment, at: cursor)
    } else {
      emptyValue = segment.value(at: segment.limit, tolerance: 0)
    }
    cursor += length
  }

  private func check(
    length: Double, _ phase: Schedule, number: Int
  ) throws(ScheduleError) {
    let name = { Resolution.name(phase, number: number) }
    // Up to one step less than nothing is PyTorch's boundary on a short run; see `Schedule`.
    guard length >= -1 - horizon.tolerance else {
      throw .negativeSpan(phase: name(), steps: length)
    }
    let slack = horizon.tolerance + Double(horizon.stepCount) * 1e-12
    if isBoundByRun, !(cursor + length <= Double(horizon.stepCount) + slack) {
      throw .longerThanRun(phase: name(), end: cursor + length, steps: horizon.stepCount)
    }
  }

  /// A phase as errors name it.
  static func name(_ phase: Schedule, number: Int? = nil) -> String {
    let text = phase.description
    let short = text.utf8.count > 60 ? String(text.prefix(57)) + "…" : text
    return "phase \(number.map { "\($0) " } ?? "")(\(short))"
  }
}

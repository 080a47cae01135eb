/// Phases with their places on one time axis, in steps: flat, and found by binary search.
struct Timeline: Sendable {
  /// Where each segment begins, which is where the one before ends; ascending.
  private(set) var starts: [Double] = []
  private(set) var segments: [Segment] = []
  /// The same segments where they are plain, as numbers alone.
  private var plain: [PlainRamp?] = []
  /// An interval that no value leaves.
  private(set) var bounds = Bounds.none
  /// The phases that have no length here, by name.
  var emptyPhases: [String] = []

  /// Appends a segment; the segments that would begin at or after it are never entered and go.
  mutating func append(_ segment: Segment, at start: Double) {
    while let last = starts.last, last >= start {
      starts.removeLast()
      segments.removeLast()
      plain.removeLast()
    }
    starts.append(start)
    segments.append(segment)
    plain.append(PlainRamp(segment))
    bounds.form(union: segment.bounds)
  }

  /// The value at an instant; the last value is held for ever.
  ///
  /// An instant closer to a boundary than `tolerance` counts as on it, and the phase that begins there
  /// has it; with a negative tolerance it is the one that ends, for time that runs backwards.
  func value(at time: Double, tolerance: Double) -> Double {
    // Without a branch that depends on the data, which a random instant would mispredict.
    var index = 0
    var count = starts.count
    while count > 1 {
      let half = count / 2
      index += starts[index + half] <= time + tolerance ? half : 0
      count -= half
    }
    return value(at: time, tolerance: tolerance, in: index)
  }

  /// The values at the instants 0, 1, 2 …, segment by segment.
  func fill(_ values: inout [Double], tolerance: Double) {
    var step = 0
    for index in segments.indices {
      let start = starts[index]
      let next = index + 1 < starts.count ? starts[index + 1] : .infinity
      let ramp = plain[index]
      while step < values.count, !(next <= Double(step) + tolerance) {
        let offset = Double(step) - start
        values[step] =
          ramp?.value(at: offset, tolerance: tolerance)
          ?? segments[index].value(at: offset, tolerance: tolerance)
        step += 1
      }
    }
  }

  /// The value at an instant that is known to be in a segment.
  @inline(__always)
  func value(at time: Double, tolerance: Double, in index: Int) -> Double {
    let offset = time - starts[index]
    if let ramp = plain[index] { return ramp.value(at: offset, tolerance: tolerance) }
    return segments[index].value(at: offset, tolerance: tolerance)
  }

  /// The value that the last phase comes to rest at: where a ramp is going, even if its curve does
  /// not quite arrive there.
  var restValue: Double {
    guard let last = segments.last else { return 0 }
    if case .ramp(_, let to, .tanh) = last.content, last.limit == last.length {
      return last.transformed(to)
    }
    return last.value(at: last.limit - last.lead, tolerance: 0)
  }
}

// MARK: - Segment

/// One phase on a time axis.
struct Segment: Sendable {
  /// What a segment's value is made of.
  indirect enum Content: Sendable {
    case hold(Double)
    case ramp(from: Double, to: Double, form: Curve.Form)
    case law(from: Double, to: Double, TimeLaw<Double>)
    case table([Double])
    case cycles(Cycles)
    case combined(Schedule.Operation, [Timeline])
    case reversed(Timeline, length: Double)
  }

  /// What is done to a value on its way out of a scaled or clamped schedule.
  enum Transform: Sendable {
    case scale(Double)
    case clamp(lower: Double, upper: Double)
    case round(multiple: Int)

    func callAsFunction(_ value: Double) -> Double {
      switch self {
      case .scale(let factor): value * factor
      case .clamp(let lower, let upper): min(max(value, lower), upper)
      case .round(let multiple): value.rounded(toMultipleOf: multiple)
      }
    }
  }

  /// The length over which the content takes place, in steps.
  var length: Double
  /// How far it gets before its last value is held, ≤ `length`.
  var limit: Double
  /// How far it is already when it is entered.
  var lead = 0.0
  var content: Content
  /// Innermost first.
  var transforms: [Transform]

  func value(at offset: Double, tolerance: Double) -> Double {
    let near = abs(tolerance)
    var offset = (offset < near ? 0 : offset) + lead
    offset = min(offset, limit)
    if length - offset < near, limit == length { offset = length }
    var value: Double
    switch content {
    case .hold(let held):
      value = held
    case .ramp(let from, let to, let form):
      value = form.value(from: from, to: to, at: length > 0 ? offset / length : 1)
    case .law(let from, let to, let law):
      value = law.value(from: from, to: to, at: offset, tolerance: tolerance)
    case .table(let values):
      let place = length > 0 ? (offset + tolerance) / length * Double(values.count) : .infinity
      value = place < Double(values.count) ? values[Int(place)] : values[values.count - 1]
    case .cycles(let cycles):
      value = cycles.value(at: offset, tolerance: tolerance)
    case .combined(let operation, let parts):
      value = parts[0].value(at: offset, tolerance: tolerance)
      for part in parts.dropFirst() {
        value = operation(value, part.value(at: offset, tolerance: tolerance))
      }
    case .reversed(let timeline, let length):
      value = timeline.value(at: max(length - offset, 0), tolerance: -tolerance)
    }
    return transformed(value)
  }

  /// Whether the values never turn back.
  var isMonotonic: Bool {
    switch content {
    case .hold, .law(_, _, .inverse), .law(_, _, .sigmoid): true
    case .ramp(_, _, let form): form.isBounded
    case .law(_, _, .noise), .table, .cycles, .combined, .reversed: false
    }
  }

  /// What the schedules around the segment make of a value.
  fileprivate func transformed(_ value: Double) -> Double {
    var value = value
    for transform in transforms { value = transform(value) }
    return value
  }

  var bounds: Bounds {
    var bounds: Bounds
    switch content {
    case .hold(let value): bounds = Bounds(value, value)
    case .ramp(let from, let to, let form):
      bounds = form.isBounded ? Bounds(from, to) : .all
    case .law(let from, let to, _): bounds = Bounds(from, to)
    case .table(let values):
      bounds = values.reduce(into: Bounds.none) { $0.form(union: Bounds($1, $1)) }
    case .cycles(let cycles): bounds = cycles.bounds
    case .combined(let operation, let parts):
      bounds = .combined(operation, parts.map(\.bounds))
    case .reversed(let timeline, _): bounds = timeline.bounds
    }
    for transform in transforms { bounds = bounds.mapped { transform($0) } }
    return bounds
  }
}

/// A ramp or a hold with nothing around it: numbers that are copied without counting references.
struct PlainRamp: BitwiseCopyable, Sendable {
  private let length: Double
  private let limit: Double
  private let lead: Double
  private let from: Double
  private let to: Double
  private let formula: CurveFormula

  /// The segment as numbers; nothing where it is more than that.
  init?(_ segment: Segment) {
    guard segment.transforms.isEmpty else { return nil }
    switch segment.content {
    case .hold(let value):
      (from, to, formula) = (value, value, .linear)
    case .ramp(let from, let to, let form):
      guard let formula = form.formula else { return nil }
      (self.from, self.to, self.formula) = (from, to, formula)
    case .law, .table, .cycles, .combined, .reversed:
      return nil
    }
    (length, limit, lead) = (segment.length, segment.limit, segment.lead)
  }

  /// The same as the segment's value, to the last bit.
  @inline(__always)
  func value(at offset: Double, tolerance: Double) -> Double {
    let near = abs(tolerance)
    var offset = (offset < near ? 0 : offset) + lead
    offset = min(offset, limit)
    if length - offset < near, limit == length { offset = length }
    return formula.value(from: from, to: to, at: length > 0 ? offset / length : 1)
  }
}

// MARK: - Bounds

/// An interval of values; not necessarily the smallest one.
struct Bounds: Hashable, Sendable {
  var lower: Double
  var upper: Double

  static let none = Bounds(lower: .infinity, upper: -.infinity)
  static let all = Bounds(lower: -.infinity, upper: .infinity)

  private init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// The interval between two values; everything if one of them is not a number.
  init(_ a: Double, _ b: Double) {
    self = a.isNaN || b.isNaN ? .all : Bounds(lower: min(a, b), upper: max(a, b))
  }

  var isFinite: Bool { lower.isFinite && upper.isFinite }

  mutating func form(union other: Bounds) {
    lower = min(lower, other.lower)
    upper = max(upper, other.upper)
  }

  func mapped(_ transform: (Double) -> Double) -> Bounds {
    Bounds(transform(lower), transform(upper))
  }

  /// What an operation makes of values in at least one interval.
  static func combined(_ operation: Schedule.Operation, _ parts: [Bounds]) -> Bounds {
    parts.dropFirst().reduce(parts.first ?? .all) { left, right in
      var result = Bounds(
        operation(left.lower, right.lower), operation(left.upper, right.upper))
      guard operation == .product else { return result }
      result.form(union: Bounds(left.lower * right.upper, left.upper * right.lower))
      return result
    }
  }
}

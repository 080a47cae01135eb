/// How one hyper-parameter changes during training: an immutable value, a pure function of time.
///
/// A schedule is a list of phases, put together with a result builder, from text, from JSON or by a
/// preset; all of them make equal values.
///
///     let oneCycle = Schedule {
///       Ramp(from: 0.004, to: 0.1, over: 30.percent, curve: .cosine)
///       Ramp(from: 0.1, to: 4e-7, curve: .cosine)
///     }
///     let rates = try oneCycle.resolved(over: Horizon(steps: 1000))
///
/// ## Conventions
///
/// These hold for every preset, plot and document of the package.
///
/// - Element `t` of a resolved schedule is the value in force *during* update `t`, `t = 0 … N − 1`.
/// - Time runs from 0 to `N`. With ``Horizon/End/halfOpen``, the default, the schedule ends at `N` and
///   the last update is one step short of it; with ``Horizon/End/closed`` the schedule ends at
///   `N − 1` and the last update has the end value.
/// - At a boundary the phase that begins owns the step. An empty phase is never entered.
/// - A boundary may lie between two steps. One within a billionth of a step is on that step.
/// - Per cent are of the `N` steps of the run.
/// - A phase may be up to one step shorter than nothing (`30% - 1 step` of two steps): it is never
///   entered, and the next phase begins that much earlier. PyTorch's `OneCycleLR` has such
///   boundaries on short runs. Anything shorter is an error.
/// - A schedule shorter than the run holds its last value. A schedule longer than the run is an
///   error, which names the phase.
public struct Schedule: Hashable, Sendable {
  /// The closed algebra behind every schedule; a new case makes the compiler list what to extend.
  indirect enum Node: Hashable, Sendable {
    case hold(value: Double, span: Span)
    case ramp(from: Double, to: Double, span: Span, curve: Curve)
    case table(values: [Double], span: Span)
    case sequence([Schedule])
    case repeated(of: Schedule, Repetition)
    case scaled(of: Schedule, by: Double)
    case combined(Operation, [Schedule])
    case clamped(of: Schedule, lower: Double, upper: Double)
    /// The beginning of a schedule; `run` is the length in steps of the run that it was made for,
    /// where that is another one.
    case limited(of: Schedule, span: Span, run: Int?)
    case reversed(of: Schedule)
    case rounded(of: Schedule, multiple: Int)
  }

  /// How a schedule is repeated.
  struct Repetition: Hashable, Sendable {
    /// The number of cycles; nothing for as many as fit.
    var count: Int?
    var stretch: Double
    var decay: Double
    var target: Decay
  }

  /// How the values of several schedules at a time become one.
  enum Operation: String, Hashable, Sendable {
    case product = "*"
    case sum = "+"
    case minimum = "min"
    case maximum = "max"

    func callAsFunction(_ left: Double, _ right: Double) -> Double {
      switch self {
      case .product: left * right
      case .sum: left + right
      case .minimum: min(left, right)
      case .maximum: max(left, right)
      }
    }

    /// The values of at least one schedule, from left to right.
    func callAsFunction(_ values: [Double]) -> Double {
      values.dropFirst().reduce(values.first ?? 0) { self($0, $1) }
    }
  }

  let node: Node

  init(node: Node) { self.node = node }
}

// MARK: - Phases

/// Something that fills a stretch of time in a schedule.
public protocol Phase: Sendable {
  /// The phase on its own.
  var schedule: Schedule { get }
}

extension Schedule: Phase {
  /// The schedule itself.
  public var schedule: Schedule { self }
}

/// A phase that goes from one value to another along a curve.
public struct Ramp: Phase, Hashable {
  /// The phase on its own.
  public let schedule: Schedule

  /// A ramp from one value to another.
  ///
  /// - Parameters:
  ///   - start: The value at the first instant.
  ///   - end: The value that is reached at the end of `span`.
  ///   - span: The length; the remainder of the run unless stated.
  ///   - curve: The shape on the way.
  public init(
    from start: Double, to end: Double, over span: Span = .remainder, curve: Curve = .linear
  ) {
    schedule = Schedule(node: .ramp(from: start, to: end, span: span, curve: curve))
  }
}

/// A phase of one value.
public struct Hold: Phase, Hashable {
  /// The phase on its own.
  public let schedule: Schedule

  /// A value for a stretch of time, or for the remainder of the run.
  public init(_ value: Double, for span: Span = .remainder) {
    schedule = Schedule(node: .hold(value: value, span: span))
  }
}

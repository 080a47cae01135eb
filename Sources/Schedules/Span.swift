/// An amount of training, in any unit and in sums of units: `30.percent - 1.step` is a span.
///
/// A span means something only together with a ``Horizon``, which says how long the run is and how
/// many steps an epoch has. Per cent are of the run's number of steps. ``remainder`` is what the other
/// phases leave; several remainders share it.
public struct Span: Hashable, Sendable, AdditiveArithmetic {
  /// Per cent of the run's number of steps.
  public var percent: Double
  /// Optimiser updates.
  public var steps: Double
  /// Passes over the training data.
  public var epochs: Double
  /// Training samples.
  public var samples: Double
  /// Tokens, for data whose samples are sequences.
  public var tokens: Double
  /// Shares of what the phases with a stated length leave of the run.
  public var remainders: Double

  init(
    percent: Double = 0, steps: Double = 0, epochs: Double = 0, samples: Double = 0,
    tokens: Double = 0, remainders: Double = 0
  ) {
    self.percent = percent
    self.steps = steps
    self.epochs = epochs
    self.samples = samples
    self.tokens = tokens
    self.remainders = remainders
  }

  /// No training at all.
  public static let zero = Span()

  /// What the other phases leave of the run.
  public static let remainder = Span(remainders: 1)

  /// A number of optimiser updates.
  public static func steps(_ count: Double) -> Span { Span(steps: count) }

  /// A number of passes over the training data.
  public static func epochs(_ count: Double) -> Span { Span(epochs: count) }

  /// A number of training samples.
  public static func samples(_ count: Double) -> Span { Span(samples: count) }

  /// A number of tokens.
  public static func tokens(_ count: Double) -> Span { Span(tokens: count) }

  /// A share of the run's number of steps, in per cent.
  public static func percent(_ share: Double) -> Span { Span(percent: share) }
}

// MARK: - Arithmetic

extension Span {
  /// The sum, unit by unit.
  public static func + (left: Span, right: Span) -> Span { left.combined(with: right, +) }

  /// The difference, unit by unit.
  public static func - (left: Span, right: Span) -> Span { left.combined(with: right, -) }

  /// A multiple of a span.
  public static func * (factor: Double, span: Span) -> Span {
    span.combined(with: span) { amount, _ in factor * amount }
  }

  private func combined(with other: Span, _ operation: (Double, Double) -> Double) -> Span {
    Span(
      percent: operation(percent, other.percent),
      steps: operation(steps, other.steps),
      epochs: operation(epochs, other.epochs),
      samples: operation(samples, other.samples),
      tokens: operation(tokens, other.tokens),
      remainders: operation(remainders, other.remainders))
  }

  /// The span without its shares of the remainder.
  var withoutRemainder: Span { self - Span(remainders: remainders) }

  /// Whether some of it is in samples or tokens.
  var isMeasuredInSamples: Bool { samples != 0 || tokens != 0 }

  var isFinite: Bool {
    percent.isFinite && steps.isFinite && epochs.isFinite && samples.isFinite && tokens.isFinite
      && remainders.isFinite
  }
}

// MARK: - Literals

extension Int {
  /// This many optimiser updates.
  public var steps: Span { .steps(Double(self)) }
  /// One optimiser update, as in `1.step`.
  public var step: Span { .steps(Double(self)) }
  /// This many passes over the training data.
  public var epochs: Span { .epochs(Double(self)) }
  /// One pass over the training data, as in `1.epoch`.
  public var epoch: Span { .epochs(Double(self)) }
  /// This many training samples.
  public var samples: Span { .samples(Double(self)) }
  /// This many tokens.
  public var tokens: Span { .tokens(Double(self)) }
  /// This many per cent of the run.
  public var percent: Span { .percent(Double(self)) }
}

extension Double {
  /// This many optimiser updates; phases may begin between two of them.
  public var steps: Span { .steps(self) }
  /// This many passes over the training data.
  public var epochs: Span { .epochs(self) }
  /// This many per cent of the run.
  public var percent: Span { .percent(self) }
}

// MARK: - Units

extension Span {
  /// The units in the order in which they are printed.
  enum Unit: String, CaseIterable {
    case percent = "%"
    case steps = "st"
    case epochs = "ep"
    case samples = "sp"
    case tokens = "tok"
    case remainders = "rest"

    var keyPath: WritableKeyPath<Span, Double> {
      switch self {
      case .percent: \.percent
      case .steps: \.steps
      case .epochs: \.epochs
      case .samples: \.samples
      case .tokens: \.tokens
      case .remainders: \.remainders
      }
    }
  }
}

extension Span: CustomStringConvertible {
  /// The text form: `30%-1st`, `2000st`, `10ep`, `50000sp`, `375000tok`, `rest`.
  public var description: String {
    var text = ""
    for unit in Unit.allCases {
      let amount = self[keyPath: unit.keyPath]
      guard amount != 0 else { continue }
      if amount > 0, !text.isEmpty { text += "+" }
      let isPlainRemainder = unit == .remainders && amount == 1
      text += (isPlainRemainder ? "" : formatted(amount)) + unit.rawValue
    }
    return text.isEmpty ? "0st" : text
  }
}

/// A number in the shortest form that reads back as the same value, without a trailing `.0`.
func formatted(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
}

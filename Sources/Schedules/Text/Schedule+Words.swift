extension Schedule {
  /// The schedule as one reads it aloud, for captions and reports; it does not read back.
  ///
  /// `from 0.004 up to 0.1 over 30% of the run along a cosine, then from 0.1 down to 4e-07 over the
  /// rest along a cosine`
  public var inWords: String {
    switch node {
    case .hold(let value, let span):
      return "\(formatted(value)) for \(span.inWords)"
    case .ramp(let from, let to, let span, let curve):
      let direction = to < from ? "down to" : "up to"
      return "from \(formatted(from)) \(direction) \(formatted(to)) over \(span.inWords) "
        + curve.inWords
    case .table(let values, let span):
      return "\(values.count) sampled value\(values.count == 1 ? "" : "s") over \(span.inWords)"
    case .sequence(let parts):
      return parts.map(\.inWords).joined(separator: ", then ")
    case .repeated(let inner, let repetition):
      return repetition.inWords(of: "(\(inner.inWords))")
    case .scaled(let inner, let factor):
      return "\(formatted(factor)) times (\(inner.inWords))"
    case .combined(let operation, let parts):
      let words = parts.map { "(\($0.inWords))" }
      return switch operation {
      case .product: words.joined(separator: " times ")
      case .sum: words.joined(separator: " plus ")
      case .minimum: "the smallest of \(words.joined(separator: " and "))"
      case .maximum: "the largest of \(words.joined(separator: " and "))"
      }
    case .reversed(let inner):
      return "(\(inner.inWords)) backwards in time"
    case .rounded(let inner, let multiple):
      return "(\(inner.inWords)) rounded to multiples of \(multiple)"
    case .clamped(let inner, let lower, let upper):
      return "(\(inner.inWords)) kept between \(formatted(lower)) and \(formatted(upper))"
    case .limited(let inner, let span, _):
      return "(\(inner.inWords)) for \(span.inWords)"
    }
  }
}

extension Schedule.Repetition {
  fileprivate func inWords(of cycle: String) -> String {
    var words = "\(cycle) " + (count.map { "\($0) times" } ?? "again and again")
    var changes: [String] = []
    if stretch != 1 { changes.append("\(formatted(stretch)) times as long") }
    if decay != 1 {
      let target =
        switch target {
        case .amplitude: "as high above its end"
        case .peak: "as high at its peak"
        case .values: "as large"
        }
      changes.append("\(formatted(decay)) times \(target)")
    }
    if !changes.isEmpty {
      words += ", each \(changes.joined(separator: " and ")) as the one before"
    }
    return words
  }
}

extension Curve {
  fileprivate var inWords: String {
    switch form {
    case .linear: "in a straight line"
    case .cosine(1, 1): "along a cosine"
    case .cosine(let exponent, 1): "along a cosine to the power of \(formatted(exponent))"
    case .cosine(let exponent, let k):
      "along a cosine to the power of \(formatted(exponent)) with k = \(formatted(k))"
    case .exponential: "exponentially"
    case .polynomial(let power, 1): "along a polynomial of power \(formatted(power))"
    case .polynomial(let power, let k):
      "along a polynomial of power \(formatted(power)) with k = \(formatted(k))"
    case .oneMinusRoot: "along one minus a square root"
    case .rex: "along the REX curve"
    case .tanh(let lower, let upper):
      "along a hyperbolic tangent from \(formatted(lower)) to \(formatted(upper))"
    case .law(.inverse(let power, let every)):
      "as the inverse of time in units of \(every.inWords) to the power of \(formatted(power))"
    case .law(.sigmoid(let midpoint, let width)):
      "along a sigmoid of width \(width.inWords) around \(midpoint.inWords)"
    case .law(.noise(let seed, let every)):
      "at random with seed \(seed), anew every \(every.inWords)"
    case .named(let shape): "along '\(shape.name)'"
    }
  }
}

extension Span {
  /// The span as one reads it aloud: `30% of the run minus 1 step`.
  public var inWords: String {
    var words = ""
    for unit in Unit.allCases {
      let amount = self[keyPath: unit.keyPath]
      guard amount != 0 else { continue }
      if !words.isEmpty { words += amount < 0 ? " minus " : " plus " }
      words += unit.inWords(words.isEmpty ? amount : abs(amount))
    }
    return words.isEmpty ? "no time" : words
  }
}

extension Span.Unit {
  fileprivate func inWords(_ amount: Double) -> String {
    let number = formatted(amount)
    let ending = amount == 1 ? "" : "s"
    return switch self {
    case .percent: "\(number)% of the run"
    case .steps: "\(number) step\(ending)"
    case .epochs: "\(number) epoch\(ending)"
    case .samples: "\(number) sample\(ending)"
    case .tokens: "\(number) token\(ending)"
    case .remainders: amount == 1 ? "the rest" : "\(number) shares of the rest"
    }
  }
}

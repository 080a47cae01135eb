extension Curve: LosslessStringConvertible {
  static let builtInNames = [
    "linear", "cosine", "exp", "poly2", "1-sqrt", "rex", "tanh", "inverse", "sigmoid", "noise",
  ]

  /// The form in text and JSON: `linear`, `cosine`, `cosine(2,1.5)`, `exp`, `poly2`, `1-sqrt`, `rex`,
  /// `tanh(-6,3)`, `inverse(0.5,1000st)` or a name of your own.
  public var description: String {
    switch form {
    case .linear: return "linear"
    case .cosine(1, 1): return "cosine"
    case .cosine(let exponent, 1): return "cosine(\(formatted(exponent)))"
    case .cosine(let exponent, let k): return "cosine(\(formatted(exponent)),\(formatted(k)))"
    case .exponential: return "exp"
    case .polynomial(let power, let k):
      // A curve's name has no plus sign: `1e300` and not `1e+300`.
      let name = "poly\(formatted(power).filter { $0 != "+" })"
      return k == 1 ? name : "\(name)(\(formatted(k)))"
    case .oneMinusRoot: return "1-sqrt"
    case .rex: return "rex"
    case .tanh(-7, 3): return "tanh"
    case .tanh(let lower, let upper): return "tanh(\(formatted(lower)),\(formatted(upper)))"
    case .law(let law): return law.description
    case .named(let shape): return shape.name
    }
  }

  /// Reads a built-in curve's text form; nothing if it is none.
  public init?(_ description: String) {
    guard let curve = try? Curve(parsing: description, curves: []) else { return nil }
    self = curve
  }

  init(parsing text: String, curves: [Curve]) throws(ScheduleError) {
    var parser = ScheduleParser(text, curves: curves)
    self = try parser.curve()
    guard parser.scanner.isAtEnd else { throw parser.scanner.failure(expected: "the end") }
  }

  /// A built-in curve that needs no parameters.
  static func builtIn(named name: String) -> Curve? {
    switch name {
    case "linear": return .linear
    case "cosine", "cos": return .cosine
    case "exp", "exponential": return .exponential
    case "1-sqrt": return .oneMinusRoot
    case "rex": return .rex
    case "tanh": return .tanh()
    default:
      guard name.hasPrefix("poly"), let power = Double(name.dropFirst(4)), power > 0,
        power.isFinite
      else { return nil }
      return .polynomial(power: power)
    }
  }

  static func named(_ name: String, among curves: [Curve]) -> Curve? {
    builtIn(named: name) ?? curves.first { $0.description == name }
  }

  static func names(with curves: [Curve]) -> [String] {
    builtInNames + curves.map(\.description)
  }
}

extension TimeLaw<Span>: CustomStringConvertible {
  var description: String {
    switch self {
    case .inverse(let power, let every): "inverse(\(formatted(power)),\(every))"
    case .sigmoid(let midpoint, let width): "sigmoid(\(midpoint),\(width))"
    case .noise(let seed, let every):
      every == 1.step ? "noise(\(seed))" : "noise(\(seed),\(every))"
    }
  }
}

// MARK: - Reading

extension ScheduleParser {
  /// A curve by its name, built in or handed to the parser, with its parameters.
  mutating func curve() throws(ScheduleError) -> Curve {
    scanner.skipSpaces()
    let start = scanner.position
    let word = scanner.word { byte in
      Scanner.isLetter(byte) || Scanner.isDigit(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
    guard !word.isEmpty else { throw scanner.failure(expected: "a curve's name") }
    if let law = try law(named: word) { return law }
    guard let curve = Curve.named(word, among: curves) else {
      throw scanner.unknown("curve", word, among: Curve.names(with: curves), at: start)
    }
    return try parameters(of: curve)
  }

  private mutating func law(named word: String) throws(ScheduleError) -> Curve? {
    guard ["inverse", "sigmoid", "noise"].contains(word) else { return nil }
    try scanner.require("(")
    let curve: Curve
    switch word {
    case "inverse":
      let power = try scanner.number()
      try scanner.require(",")
      curve = .inverse(power: power, every: try span())
    case "sigmoid":
      let midpoint = try span()
      try scanner.require(",")
      curve = .sigmoid(midpoint: midpoint, width: try span())
    default:
      scanner.skipSpaces()
      let before = scanner
      guard let seed = UInt64(scanner.word(where: Scanner.isDigit)) else {
        throw before.failure(expected: "a seed, a whole number below 2^64")
      }
      curve = .noise(seed: seed, every: scanner.take(",") ? try span() : 1.step)
    }
    try scanner.require(")")
    return curve
  }

  /// The numbers in parentheses that some shapes may have.
  private mutating func parameters(of curve: Curve) throws(ScheduleError) -> Curve {
    let isParametric =
      switch curve.form {
      case .cosine, .polynomial, .tanh: true
      case .linear, .exponential, .oneMinusRoot, .rex, .law, .named: false
      }
    guard isParametric, scanner.peek() == UInt8(ascii: "(") else { return curve }
    try scanner.require("(")
    let first = try scanner.number()
    let result: Curve
    switch curve.form {
    case .cosine:
      result = .cosine(exponent: first, kDecay: scanner.take(",") ? try scanner.number() : 1)
    case .polynomial(let power, _):
      result = .polynomial(power: power, kDecay: first)
    default:
      try scanner.require(",")
      result = .tanh(from: first, to: try scanner.number())
    }
    try scanner.require(")")
    return result
  }
}

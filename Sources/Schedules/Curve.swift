/// The shape of a ramp: how it gets from its first value to its last as `u` goes from 0 to 1.
///
/// Every built-in curve reaches both ends exactly and stays between them.
public struct Curve: Hashable, Sendable {
  enum Form: Hashable, Sendable {
    case linear
    case cosine
    case exponential
    case polynomial(power: Double)
    case oneMinusRoot
    case rex
    case named(Shape)
  }

  /// A shape from outside the module, known by its name.
  struct Shape: Hashable, Sendable {
    let name: String
    let weight: @Sendable (Double) -> Double

    static func == (left: Shape, right: Shape) -> Bool { left.name == right.name }
    func hash(into hasher: inout Hasher) { hasher.combine(name) }
  }

  let form: Form

  init(form: Form) { self.form = form }

  /// A straight line.
  public static let linear = Curve(form: .linear)

  /// Half a cosine: flat at both ends (Loshchilov and Hutter 2017, arXiv 1608.03983, equation 5).
  public static let cosine = Curve(form: .cosine)

  /// A constant ratio per step; both ends must be of one sign and not zero.
  public static let exponential = Curve(form: .exponential)

  /// A share `1 − √u` of the start is left at `u`: a cooldown (Hägele and others 2024, arXiv 2405.18392).
  public static let oneMinusRoot = Curve(form: .oneMinusRoot)

  /// REX (Chen, Wolfe and Kyrillidis 2021, arXiv 2107.04197): with `z = 1 − u`, a share
  /// `z / (½ + ½z)` of the start is left.
  public static let rex = Curve(form: .rex)

  /// A share `(1 − u)ᵖᵒʷᵉʳ` of the start is left at `u`; the power is > 0.
  public static func polynomial(power: Double) -> Curve { Curve(form: .polynomial(power: power)) }

  /// A curve of your own.
  ///
  /// It is printed, stored and compared by its name. To read it back from text or JSON, hand it to
  /// the parser or the decoder; there is no list of curves behind the scenes.
  ///
  /// - Parameters:
  ///   - name: A letter, then letters, digits, `-` and `_`; not the name of a built-in curve.
  ///   - weight: The share of the last value at `u` in 0…1; 0 at 0 and 1 at 1 for exact ends.
  /// - Precondition: The name is of that form.
  public init(named name: String, _ weight: @escaping @Sendable (Double) -> Double) {
    precondition(
      Curve.isName(name),
      "a curve's name is a letter, then letters, digits, '-' and '_', and not a built-in curve's")
    form = .named(Shape(name: name, weight: weight))
  }

  private static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, isLetter(first) else { return false }
    let plain = name.utf8.allSatisfy {
      isLetter($0) || (48...57).contains($0) || $0 == 45 || $0 == 95
    }
    return plain && builtIn(named: name) == nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte)
  }
}

// MARK: - Values

extension Curve.Form {
  /// The value at a share `u` of the way from `a` to `b`, `u` in 0…1.
  ///
  /// A convex combination, so that both ends are exact; `b + (a − b) · w` is not. Rounding is kept
  /// from leaving the interval between the ends.
  func value(from a: Double, to b: Double, at u: Double) -> Double {
    if case .named(let shape) = self {
      let weight = shape.weight(u)
      return a * (1 - weight) + b * weight
    }
    if u <= 0 || a == b { return a }
    if u >= 1 { return b }
    let value: Double
    switch self {
    case .linear:
      value = a * (1 - u) + b * u
    case .cosine:
      let weights = Elementary.halfCosine(u)
      value = a * weights.start + b * weights.end
    case .exponential:
      value = a * Elementary.power(b / a, u)
    case .polynomial(let power):
      let left = Elementary.power(1 - u, power)
      value = a * left + b * (1 - left)
    case .oneMinusRoot:
      let reached = u.squareRoot()
      value = a * (1 - reached) + b * reached
    case .rex:
      // z / (½ + ½z) with z = 1 − u; its complement is u / (2 − u).
      value = a * (2 * (1 - u) / (2 - u)) + b * (u / (2 - u))
    case .named:
      return a
    }
    return a < b ? min(max(value, a), b) : min(max(value, b), a)
  }

  /// Whether every value lies between the two ends.
  var isBounded: Bool {
    if case .named = self { false } else { true }
  }
}

// MARK: - Names

extension Curve: CustomStringConvertible {
  static let builtInNames = ["linear", "cosine", "exp", "1-sqrt", "rex"]

  /// The name in text and JSON: `linear`, `cosine`, `exp`, `poly2`, `1-sqrt`, `rex` or a name of your own.
  public var description: String {
    switch form {
    case .linear: "linear"
    case .cosine: "cosine"
    case .exponential: "exp"
    // A curve's name has no plus sign: `1e300` and not `1e+300`.
    case .polynomial(let power): "poly\(formatted(power).filter { $0 != "+" })"
    case .oneMinusRoot: "1-sqrt"
    case .rex: "rex"
    case .named(let shape): shape.name
    }
  }

  static func builtIn(named name: String) -> Curve? {
    switch name {
    case "linear": return .linear
    case "cosine", "cos": return .cosine
    case "exp", "exponential": return .exponential
    case "1-sqrt": return .oneMinusRoot
    case "rex": return .rex
    default:
      guard name.hasPrefix("poly"), let power = Double(name.dropFirst(4)), power > 0,
        power.isFinite
      else { return nil }
      return .polynomial(power: power)
    }
  }
}

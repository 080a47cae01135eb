/// The shape of a ramp: how it gets from its first value to its last as `u` goes from 0 to 1.
///
/// Every built-in curve stays between the two ends. Shapes reach both of them exactly, but for
/// ``tanh(from:to:)``, which comes close. Laws, ``inverse(power:every:)``, ``sigmoid(midpoint:width:)``
/// and ``noise(seed:every:)``, do not depend on the ramp's length: they are functions of the time since
/// the ramp began, and their last value is the one that the law tends to.
public struct Curve: Hashable, Sendable {
  enum Form: Hashable, Sendable {
    case linear
    case cosine(exponent: Double, k: Double)
    case exponential
    case polynomial(power: Double, k: Double)
    case oneMinusRoot
    case rex
    case tanh(lower: Double, upper: Double)
    case law(TimeLaw<Span>)
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
  public static let cosine = Curve(form: .cosine(exponent: 1, k: 1))

  /// A share `(½ + ½ cos πuᵏ)ᵉˣᵖᵒⁿᵉⁿᵗ` of the start is left at `u`; both numbers are > 0.
  ///
  /// The exponent is optax's; `kDecay` is the *k* of k-decay (Zhang and Li 2020, arXiv 2004.05909), with
  /// which the value stays up for longer and falls faster at the end.
  public static func cosine(exponent: Double = 1, kDecay: Double = 1) -> Curve {
    Curve(form: .cosine(exponent: exponent, k: kDecay))
  }

  /// A constant ratio per step; both ends must be of one sign and not zero.
  public static let exponential = Curve(form: .exponential)

  /// A share `1 − √u` of the start is left at `u`: a cooldown (Hägele and others 2024, arXiv 2405.18392).
  public static let oneMinusRoot = Curve(form: .oneMinusRoot)

  /// REX (Chen, Wolfe and Kyrillidis 2021, arXiv 2107.04197): with `z = 1 − u`, a share
  /// `z / (½ + ½z)` of the start is left.
  public static let rex = Curve(form: .rex)

  /// A share `(1 − uᵏ)ᵖᵒʷᵉʳ` of the start is left at `u`; both numbers are > 0.
  ///
  /// A power of 1 is ``linear``. `kDecay` is the *k* of k-decay (Zhang and Li 2020, arXiv 2004.05909).
  public static func polynomial(power: Double, kDecay: Double = 1) -> Curve {
    power == 1 && kDecay == 1 ? .linear : Curve(form: .polynomial(power: power, k: kDecay))
  }

  /// A share `½ − ½ tanh(lower (1 − u) + upper u)` of the start is left at `u`
  /// (Hsueh, Li and Wu 2018, arXiv 1806.01593).
  ///
  /// The paper and timm go from −7 or −6 to 3. The first and the last value are only nearly those of the
  /// ramp: a share of `½ + ½ tanh 7` and one of `½ − ½ tanh 3`, 0.0025.
  public static func tanh(from lower: Double = -7, to upper: Double = 3) -> Curve {
    Curve(form: .tanh(lower: lower, upper: upper))
  }

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
    return plain && builtIn(named: name) == nil && !builtInNames.contains(name)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte)
  }
}

// MARK: - Values

extension Curve.Form {
  /// The formula of a built-in shape; nothing for laws of time and curves of one's own.
  var formula: CurveFormula? {
    switch self {
    case .linear: .linear
    case .cosine(let exponent, let k): .cosine(exponent: exponent, k: k)
    case .exponential: .exponential
    case .polynomial(let power, let k): .polynomial(power: power, k: k)
    case .oneMinusRoot: .oneMinusRoot
    case .rex: .rex
    case .tanh(let lower, let upper): .tanh(lower: lower, upper: upper)
    case .law, .named: nil
    }
  }

  /// The value at a share `u` of the way from `a` to `b`, `u` in 0…1.
  func value(from a: Double, to b: Double, at u: Double) -> Double {
    if let formula { return formula.value(from: a, to: b, at: u) }
    // A law has no length of its own: its place in time is the segment's affair.
    guard case .named(let shape) = self else { return u <= 0 ? a : b }
    let weight = shape.weight(u)
    return a * (1 - weight) + b * weight
  }

  /// Whether backwards is the same as upside down.
  var isSymmetric: Bool {
    switch self {
    case .linear, .cosine(1, 1), .exponential: true
    default: false
    }
  }

  /// Whether every value lies between the two ends.
  var isBounded: Bool {
    if case .named = self { false } else { true }
  }
}

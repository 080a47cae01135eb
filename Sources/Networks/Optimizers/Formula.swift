/// A number worked out from tensors and step inputs: what optimisers are written in.
///
///     let g = update.named(update.gradient + update.weightDecay * update.parameter)
///     update.set(velocity, to: update.momentum * velocity + g)
///     update.set(update.parameter, to: update.parameter - update.learningRate * velocity)
///
/// A formula without a tensor is a scalar: it is worked out once an update, in `Double`. The others
/// become instructions, one for each operation, that a backend carries out element by element.
public indirect enum Formula: Hashable, Sendable {
  /// A number.
  case constant(Double)
  /// One value of a slot: a step input, a norm.
  case element(Slot, Int)
  /// The sum of some values of a slot, from the first.
  case sumOfElements(Slot, count: Int)
  /// A tensor, by its position among the update's.
  case tensor(Int)
  /// An intermediate result, by its number.
  case temporary(Int)
  /// a + b.
  case sum(Formula, Formula)
  /// a − b.
  case difference(Formula, Formula)
  /// a · b.
  case product(Formula, Formula)
  /// a / b.
  case quotient(Formula, Formula)
  /// √a.
  case squareRoot(Formula)
  /// aⁿ of a scalar for a whole number n ≥ 0.
  case power(Formula, Formula)
  /// The smaller of two scalars.
  case minimum(Formula, Formula)
  /// A scalar where another one is positive, else a third one.
  case whenPositive(Formula, Formula, otherwise: Formula)

  /// a + b.
  public static func + (a: Formula, b: Formula) -> Formula { .sum(a, b) }
  /// a − b.
  public static func - (a: Formula, b: Formula) -> Formula { .difference(a, b) }
  /// a · b.
  public static func * (a: Formula, b: Formula) -> Formula { .product(a, b) }
  /// a / b.
  public static func / (a: Formula, b: Formula) -> Formula { .quotient(a, b) }
}

extension Formula: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A constant.
  public init(floatLiteral value: Double) { self = .constant(value) }
  /// A constant.
  public init(integerLiteral value: Int) { self = .constant(Double(value)) }
}

// MARK: - Scalars

extension Formula {
  /// Whether the formula reads no tensor.
  var isScalar: Bool {
    switch self {
    case .constant, .element, .sumOfElements: true
    case .tensor, .temporary: false
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b),
      .quotient(let a, let b):
      a.isScalar && b.isScalar
    case .squareRoot(let a): a.isScalar
    case .power, .minimum, .whenPositive: true
    }
  }

  /// The slots that a scalar reads.
  var slots: Set<Slot> {
    switch self {
    case .constant, .tensor, .temporary: []
    case .element(let slot, _), .sumOfElements(let slot, _): [slot]
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b),
      .quotient(let a, let b), .power(let a, let b), .minimum(let a, let b):
      a.slots.union(b.slots)
    case .squareRoot(let a): a.slots
    case .whenPositive(let a, let b, let c): a.slots.union(b.slots).union(c.slots)
    }
  }

  /// The value of a scalar.
  ///
  /// - Parameter element: Gives one value of a slot.
  /// - Returns: The value, in `Double`.
  /// - Precondition: The formula reads no tensor.
  public func value(_ element: (Slot, Int) -> Double) -> Double {
    switch self {
    case .constant(let value): return value
    case .element(let slot, let index): return element(slot, index)
    case .sumOfElements(let slot, let count):
      var sum = 0.0
      for index in 0..<count { sum += element(slot, index) }
      return sum
    case .tensor, .temporary: preconditionFailure("a tensor has no single value")
    case .sum(let a, let b): return a.value(element) + b.value(element)
    case .difference(let a, let b): return a.value(element) - b.value(element)
    case .product(let a, let b): return a.value(element) * b.value(element)
    case .quotient(let a, let b): return a.value(element) / b.value(element)
    case .squareRoot(let a): return a.value(element).squareRoot()
    case .power(let a, let b): return Self.power(a.value(element), b.value(element))
    case .minimum(let a, let b):
      let (x, y) = (a.value(element), b.value(element))
      // What is not a number does not win: a norm that is none leaves gradients as they are.
      return y < x ? y : x
    case .whenPositive(let a, let b, let c):
      return a.value(element) > 0 ? b.value(element) : c.value(element)
    }
  }

  /// By repeated squaring: the same bits on every machine.
  private static func power(_ base: Double, _ exponent: Double) -> Double {
    guard exponent >= 0, exponent <= 1e15 else { return .nan }
    var (result, factor, rest) = (1.0, base, UInt64(exponent))
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}

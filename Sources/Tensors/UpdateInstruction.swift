/// One instruction of an update: the same arithmetic on every element of some dense arrays.
///
/// An optimiser's step, an average of weights or the adding up of gradients is a short list of these.
/// A backend carries the list out in one pass over the arrays, so that a new optimiser needs no
/// kernel of its own. Operands are numbered: first the arrays, then the scalars, then the
/// temporaries; no instruction writes to a scalar.
public struct UpdateInstruction: Hashable, Sendable {
  /// What is computed.
  public enum Operation: Int, CaseIterable, Sendable {
    /// a · b + c, rounded once where the processor can.
    case multiplyAdd
    /// a + b.
    case add
    /// a − b.
    case subtract
    /// a · b.
    case multiply
    /// a / b.
    case divide
    /// √a.
    case squareRoot
    /// a.
    case copy
  }

  /// What is computed.
  public let operation: Operation
  /// The operand that is overwritten.
  public let result: Int
  /// The first operand.
  public let a: Int
  /// The second operand; of no meaning where the operation has one.
  public let b: Int
  /// The third operand; of no meaning where the operation has fewer.
  public let c: Int

  /// Makes an instruction.
  public init(_ operation: Operation, result: Int, a: Int, b: Int = 0, c: Int = 0) {
    self.operation = operation
    self.result = result
    self.a = a
    self.b = b
    self.c = c
  }
}

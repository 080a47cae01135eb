public import Tensors

/// What an update does to each element: instructions, and the scalars that they use.
public struct UpdateRule: Hashable, Sendable {
  /// The instructions in order; operands as `UpdateInstruction` numbers them.
  public let instructions: [UpdateInstruction]
  /// The scalars, none of which reads a tensor.
  public let scalars: [Formula]
  /// How many tensors there are.
  public let tensorCount: Int
  /// How many temporaries there are.
  public let temporaryCount: Int
}

/// Writes an update down, statement by statement; a later one reads what earlier ones have set.
struct UpdateBuilder {
  private enum Operand: Hashable {
    case tensor(Int)
    case scalar(Int)
    case temporary(Int)
  }

  private struct Line {
    let operation: UpdateInstruction.Operation
    let result: Operand
    let operands: [Operand]
  }

  private let tensorCount: Int
  private var lines: [Line] = []
  private var scalars: [Formula] = []
  private var temporaryCount = 0

  init(tensorCount: Int) { self.tensorCount = tensorCount }

  /// Sets every element of a tensor.
  mutating func set(_ target: Formula, to formula: Formula) {
    guard case .tensor(let index) = target else {
      preconditionFailure("an update sets tensors")
    }
    emit(formula, into: .tensor(index))
  }

  /// An intermediate result that is worked out here and now, for later statements.
  mutating func named(_ formula: Formula) -> Formula {
    if formula.isScalar { return formula }
    let index = newTemporary()
    emit(formula, into: .temporary(index))
    return .temporary(index)
  }

  /// The rule.
  var rule: UpdateRule {
    func number(_ operand: Operand) -> Int {
      switch operand {
      case .tensor(let index): index
      case .scalar(let index): tensorCount + index
      case .temporary(let index): tensorCount + scalars.count + index
      }
    }
    return UpdateRule(
      instructions: lines.map { line in
        let operands = line.operands.map(number)
        return UpdateInstruction(
          line.operation, result: number(line.result), a: operands[0],
          b: operands.count > 1 ? operands[1] : operands[0],
          c: operands.count > 2 ? operands[2] : operands[0])
      }, scalars: scalars, tensorCount: tensorCount, temporaryCount: temporaryCount)
  }

  // MARK: - Instructions

  private mutating func newTemporary() -> Int {
    temporaryCount += 1
    return temporaryCount - 1
  }

  private mutating func operand(_ formula: Formula) -> Operand {
    if formula.isScalar {
      if let index = scalars.firstIndex(of: formula) { return .scalar(index) }
      scalars.append(formula)
      return .scalar(scalars.count - 1)
    }
    switch formula {
    case .tensor(let index): return .tensor(index)
    case .temporary(let index): return .temporary(index)
    default:
      let index = newTemporary()
      emit(formula, into: .temporary(index))
      return .temporary(index)
    }
  }

  private mutating func emit(_ formula: Formula, into result: Operand) {
    func line(_ operation: UpdateInstruction.Operation, _ operands: Operand...) -> Line {
      Line(operation: operation, result: result, operands: operands)
    }
    if formula.isScalar { return lines.append(line(.copy, operand(formula))) }
    switch formula {
    case .sum(.product(let a, let b), let c), .sum(let c, .product(let a, let b)):
      let (a, b, c) = (operand(a), operand(b), operand(c))
      lines.append(line(.multiplyAdd, a, b, c))
    case .difference(let c, .product(let a, let b)) where a.isScalar:
      let (a, b, c) = (operand(0 - a), operand(b), operand(c))
      lines.append(line(.multiplyAdd, a, b, c))
    case .sum(let a, let b):
      let (a, b) = (operand(a), operand(b))
      lines.append(line(.add, a, b))
    case .difference(let a, let b):
      let (a, b) = (operand(a), operand(b))
      lines.append(line(.subtract, a, b))
    case .product(let a, let b):
      let (a, b) = (operand(a), operand(b))
      lines.append(line(.multiply, a, b))
    case .quotient(let a, let b):
      let (a, b) = (operand(a), operand(b))
      lines.append(line(.divide, a, b))
    case .squareRoot(let a):
      let a = operand(a)
      lines.append(line(.squareRoot, a))
    default:
      let value = operand(formula)
      lines.append(line(.copy, value))
    }
  }
}

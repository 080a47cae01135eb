import Networks

extension Formula {
  /// The words of `Update.cu`'s stack machine.
  private enum Word: Int32 {
    case constant = 16
    case element, sumOfElements, plus, minus, times, over, root, power, minimum, whenPositive, end
  }

  /// `STACK` in `Update.cu`.
  private static let stackCapacity = 12

  /// A scalar as words of a stack machine: operands, then what is done with them.
  ///
  /// - Parameter offset: Where a slot begins, in floats.
  /// - Returns: The words, the last one ``Word/end``.
  /// - Precondition: The formula reads no tensor, and fits the machine's stack.
  func words(_ offset: (Slot) -> Int) -> [Int32] {
    var words: [Int32] = []
    let depth = append(to: &words, offset)
    precondition(
      depth <= Self.stackCapacity,
      "a scalar may need \(Self.stackCapacity) intermediate results, found \(depth)")
    return words + [Word.end.rawValue]
  }

  /// The words of a number, the upper half first.
  private static func halves(_ bits: UInt64) -> [Int32] {
    [Int32(truncatingIfNeeded: bits >> 32), Int32(truncatingIfNeeded: bits)]
  }

  /// Appends the formula's words; gives the depth of stack that they need.
  private func append(to words: inout [Int32], _ offset: (Slot) -> Int) -> Int {
    func operation(_ word: Word, _ operands: Formula..., words: inout [Int32]) -> Int {
      var depth = 1
      for (position, operand) in operands.enumerated() {
        depth = max(depth, position + operand.append(to: &words, offset))
      }
      words.append(word.rawValue)
      return depth
    }
    switch self {
    case .constant(let value):
      words += [Word.constant.rawValue] + Self.halves(value.bitPattern)
      return 1
    case .element(let slot, let index):
      words += [Word.element.rawValue] + Self.halves(UInt64(offset(slot) + index))
      return 1
    case .sumOfElements(let slot, let count):
      words += [Word.sumOfElements.rawValue] + Self.halves(UInt64(offset(slot))) + [Int32(count)]
      return 1
    case .tensor, .temporary: preconditionFailure("a tensor has no single value")
    case .sum(let a, let b): return operation(.plus, a, b, words: &words)
    case .difference(let a, let b): return operation(.minus, a, b, words: &words)
    case .product(let a, let b): return operation(.times, a, b, words: &words)
    case .quotient(let a, let b): return operation(.over, a, b, words: &words)
    case .squareRoot(let a): return operation(.root, a, words: &words)
    case .power(let a, let b): return operation(.power, a, b, words: &words)
    case .minimum(let a, let b): return operation(.minimum, a, b, words: &words)
    case .whenPositive(let a, let b, let c):
      return operation(.whenPositive, a, b, c, words: &words)
    }
  }
}

import Networks
import Tensors

extension ReferenceProgram {
  /// Carries an update out element by element.
  func update(_ op: Update) {
    func value(_ scalar: Formula) -> Double { scalar.value { slot, index in self[slot][index] } }
    if let condition = op.condition, !(value(condition) > 0) { return }
    let scalars = op.rule.scalars.map(value)
    let temporaries = [Double](repeating: .nan, count: op.rule.temporaryCount)
    var tensors = op.tensors.map { self[$0] }
    for index in tensors[0].indices {
      var operands = tensors.map { $0[index] } + scalars + temporaries
      for instruction in op.rule.instructions {
        let (a, b, c) = (operands[instruction.a], operands[instruction.b], operands[instruction.c])
        operands[instruction.result] =
          switch instruction.operation {
          case .multiplyAdd: a * b + c
          case .add: a + b
          case .subtract: a - b
          case .multiply: a * b
          case .divide: a / b
          case .squareRoot: a.squareRoot()
          case .copy: a
          }
      }
      for tensor in tensors.indices { tensors[tensor][index] = operands[tensor] }
    }
    for (slot, values) in zip(op.tensors, tensors) { self[slot] = values }
  }
}

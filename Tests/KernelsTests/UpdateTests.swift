import Kernels
import Tensors
import Testing

@Suite("Update")
struct UpdateTests {
  private static let counts = [1, 15, 16, 255, 256, 257, 1000, 40_000]

  @Test("Momentum descent, twice", arguments: counts)
  func descent(count: Int) {
    let (w, v, dw) = (randomValues(count, 1), randomValues(count, 2), randomValues(count, 3))
    let (rate, momentum, decay): (Float, Float, Float) = (0.1, 0.9, 5e-4)
    var (parameters, velocities) = (w.map(Double.init), v.map(Double.init))
    for _ in 0..<2 {
      for index in w.indices {
        let g = Double(dw[index]) + Double(decay) * parameters[index]
        velocities[index] = Double(momentum) * velocities[index] + g
        parameters[index] -= Double(rate) * velocities[index]
      }
    }
    let expected = (parameters + velocities).map {
      Expected(value: $0, magnitude: 4, length: 10)
    }
    check(expected, "\(count) parameters") { library, scope in
      // Operands: 0 to 2 the arrays w, dw, v; 3 to 5 scalars; 6 the gradient with decay.
      let program = UpdateProgram(
        [
          UpdateInstruction(.multiplyAdd, result: 6, a: 3, b: 0, c: 1),
          UpdateInstruction(.multiplyAdd, result: 2, a: 4, b: 2, c: 6),
          UpdateInstruction(.multiplyAdd, result: 0, a: 5, b: 2, c: 0),
        ], arrayCount: 3, scalarCount: 3, temporaryCount: 1)
      let (w, v) = (scope.floats(w), scope.floats(v))
      for (index, array) in [w, scope.floats(dw), v].enumerated() {
        program.setArray(index, array)
      }
      for (index, scalar) in [decay, momentum, -rate].enumerated() {
        program.setScalar(index, scalar)
      }
      for _ in 0..<2 { library.update(program, count: count) }
      return values(w, count) + values(v, count)
    }
  }

  @Test("Each operation on arrays, scalars and temporaries", arguments: counts)
  func operations(count: Int) {
    let x = randomValues(count, 4)
    let y = randomValues(count, 5).map { abs($0) + 0.5 }
    let s: Float = 0.75
    func expected(_ operation: UpdateInstruction.Operation, _ x: Double, _ y: Double) -> Double {
      let s = Double(s)
      return switch operation {
      case .multiplyAdd: s * x + y
      case .add: x + y
      case .subtract: s - y
      case .multiply: x * s
      case .divide: x / y
      case .squareRoot: y.squareRoot()
      case .copy: s
      }
    }
    // Operands: 0 and 1 the arrays x and y, 2 the result, 3 the scalar, 4 a temporary.
    let operands: [UpdateInstruction.Operation: (Int, Int, Int)] = [
      .multiplyAdd: (3, 0, 1), .add: (0, 1, 0), .subtract: (3, 1, 0), .multiply: (0, 3, 0),
      .divide: (0, 1, 0), .squareRoot: (1, 0, 0), .copy: (3, 0, 0),
    ]
    for operation in UpdateInstruction.Operation.allCases {
      let (a, b, c) = operands[operation] ?? (0, 0, 0)
      let wanted = zip(x, y).map { x, y in
        Expected(value: expected(operation, Double(x), Double(y)), magnitude: 4)
      }
      check(wanted, "\(operation), \(count)") { library, scope in
        let program = UpdateProgram(
          [
            UpdateInstruction(operation, result: 4, a: a, b: b, c: c),
            UpdateInstruction(.copy, result: 2, a: 4),
          ], arrayCount: 3, scalarCount: 1, temporaryCount: 1)
        let result = scope.floats(count: count)
        program.setArray(0, scope.floats(x))
        program.setArray(1, scope.floats(y))
        program.setArray(2, result)
        program.setScalar(0, s)
        library.update(program, count: count)
        return values(result, count)
      }
    }
  }

  /// A square root or a quotient of what lies behind the end must not matter, and must not be changed.
  @Test("Nothing beyond the end is touched")
  func bounds() {
    for variant in KernelVariant.available {
      let library = KernelLibrary(variant: variant, pool: ThreadPool(threadCount: 1))
      let scope = Scope()
      let array = scope.floats([4, 9, 16, -1, 0])
      let program = UpdateProgram(
        [UpdateInstruction(.squareRoot, result: 0, a: 0)], arrayCount: 1, scalarCount: 0,
        temporaryCount: 0)
      program.setArray(0, array)
      library.update(program, count: 3)
      #expect(values(array, 5) == [2, 3, 4, -1, 0])
    }
  }

  @Test("The sum of squares", arguments: counts)
  func norm(count: Int) {
    let x = randomValues(count, 6)
    var expected = Expected(value: 0, magnitude: 0, length: 40)
    for value in x {
      expected.value += Double(value) * Double(value)
      expected.magnitude += Double(value) * Double(value)
    }
    // A stretch of 2¹⁴ elements is added up in 64 lanes of 256 additions each.
    expected.length = 300
    check([expected], "\(count) squares") { library, scope in
      let workspace = scope.floats(count: library.squaredNormWorkspaceCount(count))
      return [Float(library.squaredNorm(x: scope.floats(x), count: count, workspace: workspace))]
    }
  }
}

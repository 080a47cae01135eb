import CKernels
public import Tensors

/// Instructions over dense arrays, made ready to be carried out again and again.
///
/// What changes from one time to the next, the arrays' places and the scalars, is stored in place:
/// nothing is allocated while a training runs.
@safe
public final class UpdateProgram {
  private let instructions: UnsafeMutableBufferPointer<VectorInstruction>
  private let arrays: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>?>
  private let scalars: UnsafeMutableBufferPointer<Float>
  private let temporaryCount: Int

  /// The temporaries that a list of instructions may use; a variant has them on its stack.
  public static let largestTemporaryCount = 16

  /// Makes a program.
  ///
  /// - Parameters:
  ///   - instructions: What is carried out, in order.
  ///   - arrayCount: Operands that are arrays.
  ///   - scalarCount: Operands that are scalars.
  ///   - temporaryCount: Operands that are temporaries, at most ``largestTemporaryCount``.
  /// - Precondition: Every operand is one of these, and no result a scalar.
  public init(
    _ instructions: [UpdateInstruction], arrayCount: Int, scalarCount: Int, temporaryCount: Int
  ) {
    precondition(
      temporaryCount <= Self.largestTemporaryCount,
      "an update has at most \(Self.largestTemporaryCount) temporaries, found \(temporaryCount)")
    let operands = 0..<arrayCount + scalarCount + temporaryCount
    self.instructions = .allocate(capacity: instructions.count)
    for (index, instruction) in instructions.enumerated() {
      precondition(
        [instruction.result, instruction.a, instruction.b, instruction.c].allSatisfy {
          operands.contains($0)
        }, "an instruction has operands in \(operands)")
      precondition(
        !(arrayCount..<arrayCount + scalarCount).contains(instruction.result),
        "no instruction writes to a scalar")
      self.instructions.initializeElement(
        at: index,
        to: VectorInstruction(
          operation: instruction.operation.rawValue, result: instruction.result,
          a: instruction.a, b: instruction.b, c: instruction.c))
    }
    arrays = .allocate(capacity: arrayCount)
    arrays.initialize(repeating: nil)
    scalars = .allocate(capacity: scalarCount)
    scalars.initialize(repeating: 0)
    self.temporaryCount = temporaryCount
  }

  deinit {
    instructions.deallocate()
    arrays.deallocate()
    scalars.deallocate()
  }

  /// Tells where an array is.
  public func setArray(_ index: Int, _ address: UnsafeMutablePointer<Float>) {
    precondition(arrays.indices.contains(index), "an update has no array \(index)")
    arrays[index] = address
  }

  /// Sets a scalar.
  public func setScalar(_ index: Int, _ value: Float) {
    precondition(scalars.indices.contains(index), "an update has no scalar \(index)")
    scalars[index] = value
  }

  /// The program as the variants see it, or nothing without instructions.
  fileprivate func task(count: Int, countPerTask: Int) -> UpdateTask? {
    precondition(arrays.allSatisfy { $0 != nil }, "an update is told where its arrays are")
    guard let first = instructions.baseAddress, let array = arrays.baseAddress,
      let scalar = scalars.baseAddress
    else { return nil }
    return UpdateTask(
      instructions: first, arrays: array, scalars: scalar, instructionCount: instructions.count,
      arrayCount: arrays.count, scalarCount: scalars.count, temporaryCount: temporaryCount,
      count: count, countPerTask: countPerTask)
  }
}

extension KernelLibrary {
  private static let updateCountPerTask = 1 << 14

  private static func updateTasks(_ count: Int) -> Int {
    (count + updateCountPerTask - 1) / updateCountPerTask
  }

  /// Carries out an update: every instruction on every element, in one pass over the arrays.
  ///
  /// - Parameters:
  ///   - program: The instructions, with places and scalars set; arrays do not overlap.
  ///   - count: Elements of each array.
  public func update(_ program: UpdateProgram, count: Int) {
    guard let task = program.task(count: count, countPerTask: Self.updateCountPerTask) else {
      return
    }
    run(table.update, Self.updateTasks(count), task)
  }

  /// The floats of workspace that ``squaredNorm(x:count:workspace:)`` needs.
  public func squaredNormWorkspaceCount(_ count: Int) -> Int { Self.updateTasks(count) }

  /// The sum of squares, Σ x².
  ///
  /// - Parameters:
  ///   - x: `[count]`.
  ///   - count: How many.
  ///   - workspace: ``squaredNormWorkspaceCount(_:)`` floats of any content; overwritten.
  /// - Returns: The sum; stretches of 2¹⁴ elements are added up in `Float`, their sums in `Double`.
  public func squaredNorm(
    x: UnsafePointer<Float>, count: Int, workspace: UnsafeMutablePointer<Float>
  ) -> Double {
    let tasks = Self.updateTasks(count)
    run(
      table.squaredNorm, tasks,
      NormTask(x: x, partials: workspace, count: count, countPerTask: Self.updateCountPerTask))
    var total = 0.0
    for index in 0..<tasks { total += Double(workspace[index]) }
    return total
  }
}

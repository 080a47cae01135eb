import Networks
import Tensors

extension Lowering {
  /// Updates of disjoint tensors: one pass over memory for all that do the same.
  ///
  /// An interpreter on the device and not a kernel written for each rule: what is tested is then what
  /// runs, a new optimiser needs no compilation, and the pass waits for memory either way.
  mutating func lower(_ updates: [Update]) {
    var batch: [Update] = []
    var written: Set<Slot> = []
    var touched: Set<Slot> = []
    for update in updates {
      let writes = Set(Op.update(update).writes)
      let uses = Set(Op.update(update).reads).union(writes)
      if !written.isDisjoint(with: uses) || !touched.isDisjoint(with: writes) {
        lower(disjoint: batch)
        (batch, written, touched) = ([], [], [])
      }
      batch.append(update)
      written.formUnion(writes)
      touched.formUnion(uses)
    }
    lower(disjoint: batch)
  }

  private mutating func lower(disjoint updates: [Update]) {
    var conditions: [Formula] = []
    for case let condition? in updates.map(\.condition) where !conditions.contains(condition) {
      conditions.append(condition)
    }
    let formulas = conditions + updates.flatMap(\.rule.scalars)
    let values = formulas.isEmpty ? nil : evaluate(formulas)
    var firstScalar = conditions.count
    var groups: [(program: UpdateProgram, condition: Formula?, segments: [Segment])] = []
    for update in updates {
      let segment = Segment(
        count: shape(update.tensors[0]).count, firstScalar: firstScalar,
        tensors: update.tensors.map(floatOffset))
      firstScalar += update.rule.scalars.count
      let program = UpdateProgram(update.rule)
      if let index = groups.firstIndex(where: {
        $0.program == program && $0.condition == update.condition
      }) {
        groups[index].segments.append(segment)
      } else {
        groups.append((program, update.condition, [segment]))
      }
    }
    func pointer(_ index: Int) -> Launch.Argument {
      values.map { .address($0 + 4 * index) } ?? .none
    }
    for (program, condition, segments) in groups {
      launch(
        program, segments, scalars: pointer(0),
        condition: condition.flatMap(conditions.firstIndex).map(pointer) ?? .none)
    }
  }

  /// One pass over segments that all do the same.
  mutating func launch(
    _ program: UpdateProgram, _ segments: [Segment], scalars: Launch.Argument = .none,
    condition: Launch.Argument = .none
  ) {
    let table = SegmentTable(segments)
    launch(
      .update, "update", grid: .init(table.blockCount), block: .init(UpdateProgram.threads),
      .address(DeviceAddress(0)), .address(constant(table.words)),
      .address(constant(table.blocks)), .address(constant(program.words)),
      .integer(program.instructionCount), scalars, condition, .integer(program.tensorCount),
      .integer(program.scalarCount), .integer(program.loads), .integer(program.stores))
  }

  /// Works out scalars from the step inputs and norms; gives where their values are.
  private mutating func evaluate(_ formulas: [Formula]) -> DeviceAddress {
    var starts: [Int32] = []
    var words: [Int32] = []
    for formula in formulas {
      starts.append(Int32(words.count))
      words += formula.words(floatOffset)
    }
    let values = allocate(byteCount: 4 * formulas.count)
    launch(
      .update, "evaluateScalars", grid: .init((formulas.count + 31) / 32), block: .init(32),
      .address(DeviceAddress(0)), .address(constant(starts)), .address(constant(words)),
      .address(values),
      .integer(formulas.count))
    return values
  }

  /// The squared norms of some tensors.
  mutating func lower(_ norms: [SquaredNorm]) {
    var firstPart = 0
    let segments = norms.map { norm in
      let count = shape(norm.x).count
      defer { firstPart += SegmentTable.blockCount(count) }
      return Segment(
        count: count, firstScalar: firstPart,
        tensors: [floatOffset(norm.x), floatOffset(norm.y) + norm.position])
    }
    let table = SegmentTable(segments)
    let partial = Launch.Argument.address(scratch(byteCount: 4 * firstPart))
    let words = Launch.Argument.address(constant(table.words))
    launch(
      .update, "squaredNormParts", grid: .init(table.blockCount), .address(DeviceAddress(0)),
      words, .address(constant(table.blocks)), partial)
    launch(
      .update, "squaredNorms", grid: warps(norms.count), .address(DeviceAddress(0)), words, partial,
      .integer(norms.count))
  }
}

/// The instructions of a rule as `Update.cu` reads them.
struct UpdateProgram: Hashable {
  /// `THREADS` in `Update.cu`.
  static let threads = 128
  /// `REGISTERS` in `Update.cu`.
  static let registers = 12
  /// The scalars that an update has room for.
  static let scalarCapacity = 32

  /// Five words an instruction: operation, result, operands.
  let words: [Int32]
  let tensorCount: Int
  let scalarCount: Int
  /// The bits of the tensors whose values are read before they are set.
  let loads: Int
  /// The bits of the tensors that are set.
  let stores: Int

  var instructionCount: Int { words.count / 5 }

  init(_ rule: UpdateRule) {
    precondition(
      rule.tensorCount + rule.temporaryCount <= Self.registers
        && rule.scalars.count <= Self.scalarCapacity,
      "an update has room for \(Self.registers) tensors and temporaries and for "
        + "\(Self.scalarCapacity) scalars")
    tensorCount = rule.tensorCount
    scalarCount = rule.scalars.count
    var (loads, stores) = (0, 0)
    for instruction in rule.instructions {
      for operand in instruction.operands where operand < rule.tensorCount {
        if stores >> operand & 1 == 0 { loads |= 1 << operand }
      }
      if instruction.result < rule.tensorCount { stores |= 1 << instruction.result }
    }
    self.loads = loads
    self.stores = stores
    words = rule.instructions.flatMap { instruction in
      [
        instruction.operation.rawValue, instruction.result, instruction.a, instruction.b,
        instruction.c,
      ].map { Int32($0) }
    }
  }
}

extension UpdateInstruction {
  /// The operands that count: the kernel reads a and b always, c for one operation.
  fileprivate var operands: [Int] {
    operation == .multiplyAdd ? [a, b, c] : [a, b]
  }
}

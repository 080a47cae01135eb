import CKernels

// An update is a list of instructions that is carried out piece by piece: the arrays' part of a piece
// and the temporaries stay in the first-level cache from one instruction to the next, so that memory
// is read and written once, as by a kernel written for the one optimiser.

/// Elements that all instructions treat before the next ones have their turn; 1 KiB an array.
private let pieceCount = 256

/// Some operand of an instruction within a piece.
private struct Operand {
  let address: UnsafeMutablePointer<Float>
  /// Floats from one vector to the next: none for a scalar.
  let step: Int
}

/// One stretch of an update.
func update(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: UpdateTask.self).pointee
  let scratchCount = task.scalarCount * lanes + task.temporaryCount * pieceCount
  withUnsafeTemporaryFloats(scratchCount) { scratch in
    for scalar in 0..<task.scalarCount {
      store(Vector(repeating: task.scalars[scalar]), scratch + scalar * lanes)
    }
    var first = index * task.countPerTask
    let end = least(first + task.countPerTask, task.count)
    while first < end {
      let count = least(pieceCount, end - first)
      for i in 0..<task.instructionCount {
        carryOut(task.instructions[i], task, scratch, first: first, count: count)
      }
      first += pieceCount
    }
  }
}

/// One instruction on one piece; the numbers are `UpdateInstruction.Operation`'s.
@inline(__always)
private func carryOut(
  _ instruction: VectorInstruction, _ task: UpdateTask, _ scratch: UnsafeMutablePointer<Float>,
  first: Int, count: Int
) {
  let result = operand(instruction.result, task, scratch, first).address
  let a = operand(instruction.a, task, scratch, first)
  let b = operand(instruction.b, task, scratch, first)
  switch instruction.operation {
  case 0:
    let c = operand(instruction.c, task, scratch, first)
    each(count, result, a, b, c) { multiplyAdd($0, $1, $2) }
  case 1: each(count, result, a, b) { $0 + $1 }
  case 2: each(count, result, a, b) { $0 - $1 }
  case 3: each(count, result, a, b) { $0 * $1 }
  case 4: each(count, result, a, b) { $0 / $1 }
  case 5: each(count, result, a, a) { a, _ in squareRoots(a) }
  default: each(count, result, a, a) { a, _ in a }
  }
}

@inline(__always)
private func operand(
  _ number: Int, _ task: UpdateTask, _ scratch: UnsafeMutablePointer<Float>, _ first: Int
) -> Operand {
  if number < task.arrayCount {
    return Operand(address: task.arrays[number].unsafelyUnwrapped + first, step: lanes)
  }
  let number = number - task.arrayCount
  if number < task.scalarCount {
    return Operand(address: scratch + number * lanes, step: 0)
  }
  let temporaries = scratch + task.scalarCount * lanes
  return Operand(
    address: temporaries + (number - task.scalarCount) * pieceCount, step: lanes)
}

@inline(__always)
private func each(
  _ count: Int, _ result: UnsafeMutablePointer<Float>, _ a: Operand, _ b: Operand,
  _ body: (Vector, Vector) -> Vector
) {
  each(count, result, a, b, a) { a, b, _ in body(a, b) }
}

/// Applies `body` to each vector and to what remains.
@inline(__always)
private func each(
  _ count: Int, _ result: UnsafeMutablePointer<Float>, _ a: Operand, _ b: Operand, _ c: Operand,
  _ body: (Vector, Vector, Vector) -> Vector
) {
  var (from, atA, atB, atC) = (0, 0, 0, 0)
  while from + lanes <= count {
    store(body(load(a.address + atA), load(b.address + atB), load(c.address + atC)), result + from)
    from += lanes
    atA += a.step
    atB += b.step
    atC += c.step
  }
  let rest = count - from
  if rest > 0 {
    let values = body(
      loadFirst(rest, a.address + atA), loadFirst(rest, b.address + atB),
      loadFirst(rest, c.address + atC))
    for lane in 0..<rest { result[from + lane] = values[lane] }
  }
}

/// The first values at an address, and 1 in the other lanes, where no operation can fail.
@inline(__always)
private func loadFirst(_ count: Int, _ address: UnsafeMutablePointer<Float>) -> Vector {
  var vector = Vector(repeating: 1)
  for lane in 0..<count { vector[lane] = address[lane] }
  return vector
}

/// The sum of squares of one stretch.
func squaredNorm(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: NormTask.self).pointee
  var i = index * task.countPerTask
  let end = least(i + task.countPerTask, task.count)
  // Four sums in flight: the processor does not wait for an addition's result.
  var (s0, s1, s2, s3) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
  while i + 4 * lanes <= end {
    let (x0, x1) = (load(task.x + i), load(task.x + i + lanes))
    let (x2, x3) = (load(task.x + i + 2 * lanes), load(task.x + i + 3 * lanes))
    s0 = multiplyAdd(x0, x0, s0)
    s1 = multiplyAdd(x1, x1, s1)
    s2 = multiplyAdd(x2, x2, s2)
    s3 = multiplyAdd(x3, x3, s3)
    i += 4 * lanes
  }
  var total = sum((s0 + s1) + (s2 + s3))
  while i < end {
    total += task.x[i] * task.x[i]
    i += 1
  }
  task.partials[index] = total
}

import CKernels

/// The rows of one task, of `rows`.
@inline(__always)
private func rows(_ index: Int, _ perTask: Int, of rows: Int) -> Range<Int> {
  Range(uncheckedBounds: (index * perTask, least((index + 1) * perTask, rows)))
}

/// y[n,k] = scale · Σ_c a[n,c] · b[k,c] + bias[k].
func linearForward(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: LinearTask.self).pointee
  for n in rows(index, task.rowsPerTask, of: task.n) {
    let x = task.a + n * task.c
    for k in 0..<task.k {
      let w = task.b + k * task.c
      var (even, odd) = (Vector.zero, Vector.zero)
      var c = 0
      while c + 2 * lanes <= task.c {
        even = multiplyAdd(load(x + c), load(w + c), even)
        odd = multiplyAdd(load(x + c + lanes), load(w + c + lanes), odd)
        c += 2 * lanes
      }
      if c + lanes <= task.c {
        even = multiplyAdd(load(x + c), load(w + c), even)
        c += lanes
      }
      var total = sum(even + odd)
      while c < task.c {
        total += x[c] * w[c]
        c += 1
      }
      total *= task.scale
      if let bias = task.bias { total += bias[k] }
      task.result[n * task.k + k] = total
    }
  }
}

/// dx[n,c] (+)= scale · Σ_k a[n,k] · b[k,c].
func linearBackwardData(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: LinearTask.self).pointee
  for n in rows(index, task.rowsPerTask, of: task.n) {
    sumRows(
      task.k, scalars: task.a + n * task.k, step: 1, scale: task.scale, rows: task.b, width: task.c,
      into: task.result + n * task.c, accumulates: task.accumulates)
  }
}

/// dw[k,c] = scale · Σ_n b[n,k] · a[n,c], dBias[k] = Σ_n b[n,k].
func linearBackwardFilter(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: LinearTask.self).pointee
  for k in rows(index, task.rowsPerTask, of: task.k) {
    sumRows(
      task.n, scalars: task.b + k, step: task.k, scale: task.scale, rows: task.a, width: task.c,
      into: task.result + k * task.c, accumulates: false)
    if let dBias = task.dBias {
      var total: Float = 0
      for n in 0..<task.n { total += task.b[n * task.k + k] }
      dBias[k] = total
    }
  }
}

/// target[i] (+)= Σ_j scale · scalars[j · step] · rows[j · width + i].
@inline(__always)
private func sumRows(
  _ count: Int, scalars: UnsafePointer<Float>, step: Int, scale: Float, rows: UnsafePointer<Float>,
  width: Int,
  into target: UnsafeMutablePointer<Float>, accumulates: Bool
) {
  var i = 0
  while i + 2 * lanes <= width {
    var left = accumulates ? load(target + i) : .zero
    var right = accumulates ? load(target + i + lanes) : .zero
    for j in 0..<count {
      let scalar = Vector(repeating: scale * scalars[j * step])
      let row = rows + j * width + i
      left = multiplyAdd(scalar, load(row), left)
      right = multiplyAdd(scalar, load(row + lanes), right)
    }
    store(left, target + i)
    store(right, target + i + lanes)
    i += 2 * lanes
  }
  while i + lanes <= width {
    var total = accumulates ? load(target + i) : .zero
    for j in 0..<count {
      total = multiplyAdd(
        Vector(repeating: scale * scalars[j * step]), load(rows + j * width + i), total)
    }
    store(total, target + i)
    i += lanes
  }
  while i < width {
    var total = accumulates ? target[i] : 0
    for j in 0..<count { total += scale * scalars[j * step] * rows[j * width + i] }
    target[i] = total
    i += 1
  }
}

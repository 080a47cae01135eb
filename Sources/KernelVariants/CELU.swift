import CKernels

// CELU: v for v > 0, α · (e^(v/α) − 1) below. About fifteen operations a vector and no call: memory
// stays the limit.
//
// The exponential less one is 2ⁿ · (e^r − 1) + (2ⁿ − 1) with n the whole number next to v/α · log₂e
// and |r| ≤ ln 2/2; e^r − 1 = r · q(r) with the first seven terms of its series, whose error is
// 1.5e-8 of the value. Nothing cancels near 0, where the result is small, and at 0 it is 0 exactly,
// as padding has to stay. The derivative needs the output alone: e^(v/α) = 1 + y/α for v < 0.

/// e^z − 1 for z = −`distance`, `distance` ≥ 0.
@inline(__always)
private func exponentialLessOne(ofMinus distance: Vector) -> Vector {
  // Beyond 80 it is −1 to the last bit.
  let y = bounded(distance, by: Vector(repeating: 80)) * Vector(repeating: -1.442_695_04)
  // Adding 1.5 · 2²³ + 127 rounds y and leaves it, plus the exponent's bias, in the lowest bits.
  let magic = Vector(repeating: 12_583_039)
  let shifted = y + magic
  let r = (y - (shifted - magic)) * Vector(repeating: 0.693_147_18)
  var q = Vector(repeating: 1 / 5_040)
  q = multiplyAdd(q, r, Vector(repeating: 1 / 720))
  q = multiplyAdd(q, r, Vector(repeating: 1 / 120))
  q = multiplyAdd(q, r, Vector(repeating: 1 / 24))
  q = multiplyAdd(q, r, Vector(repeating: 1 / 6))
  q = multiplyAdd(q, r, Vector(repeating: 0.5))
  q = multiplyAdd(q, r, Vector(repeating: 1))
  let power = powerOfTwo(shifted)
  return multiplyAdd(power, r * q, power - Vector(repeating: 1))
}

/// y = max(a, 0) + α · (e^(min(a, 0)/α) − 1).
func celu(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: ElementwiseTask.self).pointee
  let alpha = Vector(repeating: task.alpha)
  let inverse = Vector(repeating: 1 / task.alpha)
  eachRow(task, index) { plane, row in
    let a = task.a.plane(plane) + row * task.a.row
    let y = task.y.plane(plane) + row * task.y.row
    eachPixel(task.y.w) { i in
      let v = load(a + i)
      let below = exponentialLessOne(ofMinus: rectified(Vector.zero - v) * inverse)
      store(multiplyAdd(alpha, below, rectified(v)), y + i)
    }
  }
}

/// y (+)= b · (a > 0 ? 1 : 1 + a/α), a being the forward pass's output.
func celuBackward(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: ElementwiseTask.self).pointee
  let slope = Vector(repeating: -1 / task.alpha)
  let one = Vector(repeating: 1)
  eachRow(task, index) { plane, row in
    let a = task.a.plane(plane) + row * task.a.row
    let b = task.b.plane(plane) + row * task.b.row
    let y = task.y.plane(plane) + row * task.y.row
    eachPixel(task.y.w) { i in
      let derivative = multiplyAdd(rectified(Vector.zero - load(a + i)), slope, one)
      let g = load(b + i) * derivative
      store(task.accumulates ? load(y + i) + g : g, y + i)
    }
  }
}

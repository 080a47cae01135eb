import CKernels

// GELU: v · Φ(v) with the normal distribution function Φ, about 25 operations a vector and no call:
// little more than what memory leaves time for.
//
// For z = |v| both the function and its derivative come from the tail Φ(−z) = e^(−z²/2) · R(z). R is
// the Mills ratio over √2π, smooth and slowly falling, here a quotient of polynomials with positive
// coefficients, so that nothing cancels; its error is 1.2e-9 of Φ. The exponential is a power of
// two by its exponent's bits, times a polynomial of degree 5, exact to 7.5e-8 of its value. Rounding
// then dominates: the error of Φ is at most 1.5e-7, of GELU 1.8e-7 · |v|, and both become 0 with
// their value for large negative v. The coefficients are minimax fits.

/// Φ(−|v|) and what it is made of.
private struct NormalTail {
  /// |v|, at most 12: beyond, the tail is less than 2e-33.
  let distance: Vector
  /// e^(−|v|²/2).
  let exponential: Vector
  /// Φ(−|v|).
  let probability: Vector

  @inline(__always)
  init(_ v: Vector) {
    let z = bounded(magnitude(v), by: Vector(repeating: 12))
    // 2^y with y = −z²/2 · log₂e; adding 1.5 · 2²³ + 127 rounds y to a whole number and leaves it,
    // plus the exponent's bias, in the lowest bits.
    let y = z * z * Vector(repeating: -0.721_347_52)
    let magic = Vector(repeating: 12_583_039)
    let shifted = y + magic
    let r = y - (shifted - magic)
    var power = Vector(repeating: 0.001_327_646_7)
    power = multiplyAdd(power, r, Vector(repeating: 0.009_675_541_3))
    power = multiplyAdd(power, r, Vector(repeating: 0.055_507_133))
    power = multiplyAdd(power, r, Vector(repeating: 0.240_221_2))
    power = multiplyAdd(power, r, Vector(repeating: 0.693_146_97))
    power = multiplyAdd(power, r, Vector(repeating: 1.000_000_1))
    let exponential = power * powerOfTwo(shifted)
    var numerator = Vector(repeating: 0.010_763_556_8)
    numerator = multiplyAdd(numerator, z, Vector(repeating: 0.090_731_379))
    numerator = multiplyAdd(numerator, z, Vector(repeating: 0.307_208_99))
    numerator = multiplyAdd(numerator, z, Vector(repeating: 0.5))
    var denominator = Vector(repeating: 0.027_036_251)
    denominator = multiplyAdd(denominator, z, Vector(repeating: 0.226_269_03))
    denominator = multiplyAdd(denominator, z, Vector(repeating: 0.808_319_47))
    denominator = multiplyAdd(denominator, z, Vector(repeating: 1.412_302_4))
    denominator = multiplyAdd(denominator, z, Vector(repeating: 1))
    distance = z
    self.exponential = exponential
    probability = exponential * numerator / denominator
  }
}

/// v · Φ(v); what is not a number stays.
@inline(__always)
func gelu(_ v: Vector) -> Vector {
  let tail = NormalTail(v)
  return rectified(v) - tail.distance * tail.probability
}

/// Φ(v) + v · φ(v), the derivative of ``gelu(_:)``.
@inline(__always)
func geluDerivative(_ v: Vector) -> Vector {
  let tail = NormalTail(v)
  // For −|v|: Φ(−z) − z · φ(z); the derivatives at v and −v add up to 1.
  let density = tail.exponential * Vector(repeating: 0.398_942_28)
  let left = tail.probability - tail.distance * density
  return chosen(left, Vector(repeating: 1) - left, byNegative: v)
}

/// y = a · Φ(a).
func gelu(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: ElementwiseTask.self).pointee
  eachRow(task, index) { plane, row in
    let a = task.a.plane(plane) + row * task.a.row
    let y = task.y.plane(plane) + row * task.y.row
    eachPixel(task.y.w) { i in store(gelu(load(a + i)), y + i) }
  }
}

/// y (+)= b · gelu′(a).
func geluBackward(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: ElementwiseTask.self).pointee
  eachRow(task, index) { plane, row in
    let a = task.a.plane(plane) + row * task.a.row
    let b = task.b.plane(plane) + row * task.b.row
    let y = task.y.plane(plane) + row * task.y.row
    if task.accumulates {
      eachPixel(task.y.w) { i in
        store(multiplyAdd(load(b + i), geluDerivative(load(a + i)), load(y + i)), y + i)
      }
    } else {
      eachPixel(task.y.w) { i in store(load(b + i) * geluDerivative(load(a + i)), y + i) }
    }
  }
}

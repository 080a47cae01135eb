import CKernels

// The transforms of Winograd convolution F(4×4, 3×3) (Lavin and Gray, 2015, arXiv 1509.09308), at
// the points 0, ±1, ±2 and ∞, sixteen channels at a time:
//
//     y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A     d: 6 × 6 inputs, g: 3 × 3 filter, y: 4 × 4 outputs
//     dg = Gᵀ [(Bᵀ d B) ⊙ (A dy Aᵀ)] G
//
// Each function applies one matrix to a column; a tile is transformed by columns, then by rows.
// The 36 values of a transformed tile go to 36 planes, `stride` floats apart, one for each of the
// 36 independent matrix products.

/// The edge of a transformed tile.
let transformEdge = 6
/// The values of a transformed tile, and so the number of matrix products.
let transformArea = 36
/// The edge of a tile of outputs.
let outputEdge = 4

typealias Three = (Vector, Vector, Vector)
typealias Four = (Vector, Vector, Vector, Vector)
typealias Six = (Vector, Vector, Vector, Vector, Vector, Vector)

@inline(__always)
private func constant(_ value: Float) -> Vector { Vector(repeating: value) }

// MARK: - Matrices

/// Bᵀ d.
@inline(__always)
private func inputColumn(_ d: Six) -> Six {
  let a = multiplyAdd(constant(-4), d.2, d.4)
  let b = multiplyAdd(constant(-4), d.1, d.3)
  let c = d.4 - d.2
  let e = d.3 - d.1
  return (
    multiplyAdd(constant(4), d.0, multiplyAdd(constant(-5), d.2, d.4)), a + b, a - b,
    multiplyAdd(constant(2), e, c), multiplyAdd(constant(-2), e, c),
    multiplyAdd(constant(4), d.1, multiplyAdd(constant(-5), d.3, d.5))
  )
}

/// Aᵀ m.
@inline(__always)
private func outputColumn(_ m: Six) -> Four {
  let (a, b) = (m.1 + m.2, m.1 - m.2)
  let (c, d) = (m.3 + m.4, m.3 - m.4)
  return (
    m.0 + a + c, multiplyAdd(constant(2), d, b), multiplyAdd(constant(4), c, a),
    multiplyAdd(constant(8), d, b) + m.5
  )
}

/// A dy.
@inline(__always)
private func gradientColumn(_ dy: Four) -> Six {
  let (a, b) = (dy.0 + dy.2, dy.1 + dy.3)
  let c = multiplyAdd(constant(4), dy.2, dy.0)
  let d = multiplyAdd(constant(8), dy.3, dy.1 + dy.1)
  return (dy.0, a + b, a - b, c + d, c - d, dy.3)
}

/// G g.
@inline(__always)
private func filterColumn(_ g: Three) -> Six {
  let a = (g.0 + g.2) * constant(-1 / 6)
  let b = g.1 * constant(1 / 6)
  let c = multiplyAdd(constant(1 / 24), g.0, g.2 * constant(1 / 6))
  let d = g.1 * constant(1 / 12)
  return (g.0 * constant(1 / 4), a - b, a + b, c + d, c - d, g.2)
}

/// Gᵀ u.
@inline(__always)
private func filterGradientColumn(_ u: Six) -> Three {
  let (a, b) = (u.1 + u.2, u.2 - u.1)
  let (c, d) = (u.3 + u.4, u.3 - u.4)
  let e = a * constant(-1 / 6)
  return (
    multiplyAdd(constant(1 / 4), u.0, multiplyAdd(constant(1 / 24), c, e)),
    multiplyAdd(constant(1 / 12), d, b * constant(1 / 6)),
    multiplyAdd(constant(1 / 6), c, e) + u.5
  )
}

// MARK: - Tiles

@inline(__always)
private func loadSix<E: Element>(_ address: UnsafePointer<E>, _ step: Int) -> Six {
  (
    load(address), load(address + step), load(address + 2 * step), load(address + 3 * step),
    load(address + 4 * step), load(address + 5 * step)
  )
}

@inline(__always)
private func storeSix(_ six: Six, _ address: UnsafeMutablePointer<Float>, _ step: Int) {
  store(six.0, address)
  store(six.1, address + step)
  store(six.2, address + 2 * step)
  store(six.3, address + 3 * step)
  store(six.4, address + 4 * step)
  store(six.5, address + 5 * step)
}

/// Six columns of six, stored as six rows after a transform of each.
@inline(__always)
private func storeRows(
  _ a: Six, _ b: Six, _ c: Six, _ d: Six, _ e: Six, _ f: Six,
  _ planes: UnsafeMutablePointer<Float>, _ stride: Int
) {
  let row = transformEdge * stride
  storeSix(inputColumn((a.0, b.0, c.0, d.0, e.0, f.0)), planes, stride)
  storeSix(inputColumn((a.1, b.1, c.1, d.1, e.1, f.1)), planes + row, stride)
  storeSix(inputColumn((a.2, b.2, c.2, d.2, e.2, f.2)), planes + 2 * row, stride)
  storeSix(inputColumn((a.3, b.3, c.3, d.3, e.3, f.3)), planes + 3 * row, stride)
  storeSix(inputColumn((a.4, b.4, c.4, d.4, e.4, f.4)), planes + 4 * row, stride)
  storeSix(inputColumn((a.5, b.5, c.5, d.5, e.5, f.5)), planes + 5 * row, stride)
}

/// Bᵀ d B of 6 × 6 pixels whose rows are `row` floats apart.
@inline(__always)
func transformInput(
  _ x: UnsafePointer<Stored>, _ row: Int, _ planes: UnsafeMutablePointer<Float>, _ stride: Int
) {
  storeRows(
    inputColumn(loadSix(x, row)), inputColumn(loadSix(x + lanes, row)),
    inputColumn(loadSix(x + 2 * lanes, row)), inputColumn(loadSix(x + 3 * lanes, row)),
    inputColumn(loadSix(x + 4 * lanes, row)), inputColumn(loadSix(x + 5 * lanes, row)), planes,
    stride)
}

/// Aᵀ m A, four rows of four pixels handed to `emit` with the row's number.
@inline(__always)
func transformOutput(
  _ planes: UnsafePointer<Float>, _ stride: Int, _ emit: (_ row: Int, _ pixels: Four) -> Void
) {
  let row = transformEdge * stride
  let a = outputColumn(loadSix(planes, row))
  let b = outputColumn(loadSix(planes + stride, row))
  let c = outputColumn(loadSix(planes + 2 * stride, row))
  let d = outputColumn(loadSix(planes + 3 * stride, row))
  let e = outputColumn(loadSix(planes + 4 * stride, row))
  let f = outputColumn(loadSix(planes + 5 * stride, row))
  emit(0, outputColumn((a.0, b.0, c.0, d.0, e.0, f.0)))
  emit(1, outputColumn((a.1, b.1, c.1, d.1, e.1, f.1)))
  emit(2, outputColumn((a.2, b.2, c.2, d.2, e.2, f.2)))
  emit(3, outputColumn((a.3, b.3, c.3, d.3, e.3, f.3)))
}

@inline(__always)
private func loadFour(_ address: UnsafePointer<Stored>, _ step: Int) -> Four {
  (load(address), load(address + step), load(address + 2 * step), load(address + 3 * step))
}

/// A dy Aᵀ of 4 × 4 pixels whose rows are `row` floats apart.
@inline(__always)
func transformGradient(
  _ dy: UnsafePointer<Stored>, _ row: Int, _ planes: UnsafeMutablePointer<Float>, _ stride: Int
) {
  let a = gradientColumn(loadFour(dy, row))
  let b = gradientColumn(loadFour(dy + lanes, row))
  let c = gradientColumn(loadFour(dy + 2 * lanes, row))
  let d = gradientColumn(loadFour(dy + 3 * lanes, row))
  let down = transformEdge * stride
  storeSix(gradientColumn((a.0, b.0, c.0, d.0)), planes, stride)
  storeSix(gradientColumn((a.1, b.1, c.1, d.1)), planes + down, stride)
  storeSix(gradientColumn((a.2, b.2, c.2, d.2)), planes + 2 * down, stride)
  storeSix(gradientColumn((a.3, b.3, c.3, d.3)), planes + 3 * down, stride)
  storeSix(gradientColumn((a.4, b.4, c.4, d.4)), planes + 4 * down, stride)
  storeSix(gradientColumn((a.5, b.5, c.5, d.5)), planes + 5 * down, stride)
}

@inline(__always)
private func loadThree(_ address: UnsafePointer<Float>, _ step: Int) -> Three {
  (load(address), load(address + step), load(address + 2 * step))
}

/// G g Gᵀ of 3 × 3 filter positions, each a vector of channels.
@inline(__always)
func transformFilter(
  _ g: UnsafePointer<Float>, _ planes: UnsafeMutablePointer<Float>, _ stride: Int,
  bypassesCaches: Bool
) {
  let a = filterColumn(loadThree(g, 3 * lanes))
  let b = filterColumn(loadThree(g + lanes, 3 * lanes))
  let c = filterColumn(loadThree(g + 2 * lanes, 3 * lanes))
  let down = transformEdge * stride
  put(filterColumn((a.0, b.0, c.0)), planes, stride, bypassesCaches)
  put(filterColumn((a.1, b.1, c.1)), planes + down, stride, bypassesCaches)
  put(filterColumn((a.2, b.2, c.2)), planes + 2 * down, stride, bypassesCaches)
  put(filterColumn((a.3, b.3, c.3)), planes + 3 * down, stride, bypassesCaches)
  put(filterColumn((a.4, b.4, c.4)), planes + 4 * down, stride, bypassesCaches)
  put(filterColumn((a.5, b.5, c.5)), planes + 5 * down, stride, bypassesCaches)
}

@inline(__always)
private func put(
  _ six: Six, _ address: UnsafeMutablePointer<Float>, _ step: Int, _ bypassesCaches: Bool
) {
  if !bypassesCaches { return storeSix(six, address, step) }
  storePastCaches(six.0, address)
  storePastCaches(six.1, address + step)
  storePastCaches(six.2, address + 2 * step)
  storePastCaches(six.3, address + 3 * step)
  storePastCaches(six.4, address + 4 * step)
  storePastCaches(six.5, address + 5 * step)
}

/// Gᵀ u G of 36 vectors, `stride` floats apart, into 3 × 3 vectors one after the other.
@inline(__always)
func transformFilterGradient(
  _ planes: UnsafePointer<Float>, _ stride: Int, _ g: UnsafeMutablePointer<Float>
) {
  let row = transformEdge * stride
  let a = filterGradientColumn(loadSix(planes, row))
  let b = filterGradientColumn(loadSix(planes + stride, row))
  let c = filterGradientColumn(loadSix(planes + 2 * stride, row))
  let d = filterGradientColumn(loadSix(planes + 3 * stride, row))
  let e = filterGradientColumn(loadSix(planes + 4 * stride, row))
  let f = filterGradientColumn(loadSix(planes + 5 * stride, row))
  storeThree(filterGradientColumn((a.0, b.0, c.0, d.0, e.0, f.0)), g)
  storeThree(filterGradientColumn((a.1, b.1, c.1, d.1, e.1, f.1)), g + 3 * lanes)
  storeThree(filterGradientColumn((a.2, b.2, c.2, d.2, e.2, f.2)), g + 6 * lanes)
}

@inline(__always)
private func storeThree(_ three: Three, _ address: UnsafeMutablePointer<Float>) {
  store(three.0, address)
  store(three.1, address + lanes)
  store(three.2, address + 2 * lanes)
}

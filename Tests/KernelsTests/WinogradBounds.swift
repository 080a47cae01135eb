import Tensors

/// How far Winograd's F(4×4, 3×3) in float32 may be from the exact result.
///
/// Every rounding errs by at most 2⁻²⁴ of what is rounded, and what is rounded is never larger than
/// the same computation on absolute values with the absolute values of the three matrices. That
/// gives each result its own magnitude; the roundings a term goes through are those of the product
/// over channels (or tiles) and a few for the transforms.
struct WinogradBounds {
  private typealias Matrix = [[Double]]

  private static let b: Matrix = [
    [4, 0, 5, 0, 1, 0], [0, 4, 4, 1, 1, 0], [0, 4, 4, 1, 1, 0], [0, 2, 1, 2, 1, 0],
    [0, 2, 1, 2, 1, 0], [0, 4, 0, 5, 0, 1],
  ]
  private static let g: Matrix = [
    [1 / 4, 0, 0], [1 / 6, 1 / 6, 1 / 6], [1 / 6, 1 / 6, 1 / 6], [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, 1 / 12, 1 / 6], [0, 0, 1],
  ]
  private static let a: Matrix = [
    [1, 1, 1, 1, 1, 0], [0, 1, 1, 2, 2, 0], [0, 1, 1, 4, 4, 0], [0, 1, 1, 8, 8, 1],
  ]
  /// Roundings of the transforms on the way in and out.
  private static let transformLength = 40.0

  private let geometry: ConvolutionGeometry
  private let x, w, dy: [Float]

  init(_ geometry: ConvolutionGeometry, x: [Float], w: [Float], dy: [Float]) {
    self.geometry = geometry
    (self.x, self.w, self.dy) = (x, w, dy)
  }

  /// Puts magnitudes and lengths in place of those of a direct sum.
  func apply(to y: inout [Expected], _ dx: inout [Expected], _ dw: inout [Expected]) {
    let g = geometry
    let filters = (0..<g.k * g.c).map { pair in
      Self.transformed(Self.g, square(3) { w[(pair * 3 + $0) * 3 + $1] })
    }
    pass(
      &y, inputs: g.c, outputs: g.k, size: (g.p, g.q), padding: g.padding,
      input: { n, c, i, j in value(x, g.inputShape, n, c, i, j) }
    ) { input, output in filters[output * g.c + input] }
    let turned = (0..<g.k * g.c).map { pair in
      Self.transformed(Self.g, square(3) { w[(pair * 3 + 2 - $0) * 3 + 2 - $1] })
    }
    pass(
      &dx, inputs: g.k, outputs: g.c, size: (g.h, g.w), padding: 2 - g.padding,
      input: { n, k, i, j in value(dy, g.outputShape, n, k, i, j) }
    ) { input, output in turned[input * g.c + output] }
    filterGradient(&dw)
  }

  private func pass(
    _ result: inout [Expected], inputs: Int, outputs: Int, size: (Int, Int), padding: Int,
    input: (Int, Int, Int, Int) -> Float, filter: (Int, Int) -> Matrix
  ) {
    forEachTile(size) { n, top, left in
      let tiles = (0..<inputs).map { c in
        Self.transformed(Self.b, square(6) { input(n, c, top + $0 - padding, left + $1 - padding) })
      }
      for output in 0..<outputs {
        var sum = square(6) { _, _ in 0 }
        for c in 0..<inputs {
          let u = filter(c, output)
          for i in 0..<6 { for j in 0..<6 { sum[i][j] += tiles[c][i][j] * u[i][j] } }
        }
        let magnitude = Self.transformed(Self.a, sum)
        for i in 0..<min(4, size.0 - top) {
          for j in 0..<min(4, size.1 - left) {
            let position = ((n * outputs + output) * size.0 + top + i) * size.1 + left + j
            result[position].magnitude = magnitude[i][j]
            result[position].length = Double(inputs) + Self.transformLength
          }
        }
      }
    }
  }

  private func filterGradient(_ dw: inout [Expected]) {
    let g = geometry
    var sums = [Matrix](repeating: square(6) { _, _ in 0 }, count: g.k * g.c)
    var tiles = 0.0
    forEachTile((g.p, g.q)) { n, top, left in
      tiles += 1
      let inputs = (0..<g.c).map { c in
        Self.transformed(
          Self.b,
          square(6) { value(x, g.inputShape, n, c, top + $0 - g.padding, left + $1 - g.padding) })
      }
      for k in 0..<g.k {
        let gradient = Self.transformed(
          Self.transposed(Self.a), square(4) { value(dy, g.outputShape, n, k, top + $0, left + $1) }
        )
        for c in 0..<g.c {
          for i in 0..<6 {
            for j in 0..<6 { sums[k * g.c + c][i][j] += inputs[c][i][j] * gradient[i][j] }
          }
        }
      }
    }
    for pair in sums.indices {
      let magnitude = Self.transformed(Self.transposed(Self.g), sums[pair])
      for i in 0..<3 {
        for j in 0..<3 {
          dw[(pair * 3 + i) * 3 + j].magnitude = magnitude[i][j]
          dw[(pair * 3 + i) * 3 + j].length = tiles + Self.transformLength
        }
      }
    }
  }

  private func forEachTile(_ size: (Int, Int), _ body: (Int, Int, Int) -> Void) {
    for n in 0..<geometry.n {
      for top in stride(from: 0, to: size.0, by: 4) {
        for left in stride(from: 0, to: size.1, by: 4) { body(n, top, left) }
      }
    }
  }

  /// The value of a tensor [n, c, h, w], 0 outside.
  private func value(
    _ values: [Float], _ shape: Shape, _ n: Int, _ c: Int, _ i: Int, _ j: Int
  ) -> Float {
    guard 0 <= i && i < shape[2] && 0 <= j && j < shape[3] else { return 0 }
    return values[((n * shape[1] + c) * shape[2] + i) * shape[3] + j]
  }

  private func square(_ size: Int, _ value: (Int, Int) -> Float) -> Matrix {
    (0..<size).map { i in (0..<size).map { j in Double(abs(value(i, j))) } }
  }

  private static func transposed(_ matrix: Matrix) -> Matrix {
    matrix[0].indices.map { j in matrix.map { $0[j] } }
  }

  /// m · t · mᵀ.
  private static func transformed(_ m: Matrix, _ t: Matrix) -> Matrix {
    func product(_ left: Matrix, _ right: Matrix) -> Matrix {
      left.map { row in
        right[0].indices.map { j in
          row.indices.reduce(0.0) { $0 + row[$1] * right[$1][j] }
        }
      }
    }
    return product(product(m, t), transposed(m))
  }
}

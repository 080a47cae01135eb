import Networks
import Tensors

extension ReferenceProgram {
  /// Calls `body` with the positions in x, w and y of every product that a convolution adds up.
  func forEachProduct(
    _ g: ConvolutionGeometry, _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void
  ) {
    let (height, width, rows, columns) = (g.h, g.w, g.p, g.q)
    for n in 0..<g.n {
      for k in 0..<g.k {
        for c in 0..<g.c {
          for r in 0..<g.r {
            for s in 0..<g.s {
              let w = ((k * g.c + c) * g.r + r) * g.s + s
              for p in 0..<rows {
                let i = p * g.stride + r - g.padding
                guard i >= 0, i < height else { continue }
                let (x, y) = (
                  ((n * g.c + c) * height + i) * width, ((n * g.k + k) * rows + p) * columns
                )
                for q in 0..<columns {
                  let j = q * g.stride + s - g.padding
                  guard j >= 0, j < width else { continue }
                  body(x + j, w, y + q)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Calls `body` with the positions in x and y of each pixel that a downsampling keeps.
  func forEachKeptPixel(
    of x: Slot, in y: Slot, stride: Int, _ body: (_ x: Int, _ y: Int) -> Void
  ) {
    let (from, to) = (graph[x].shape, graph[y].shape)
    for n in 0..<from[0] {
      for c in 0..<from[1] {
        for p in 0..<to[2] {
          for q in 0..<to[3] {
            body(
              ((n * from[1] + c) * from[2] + p * stride) * from[3] + q * stride,
              ((n * to[1] + c) * to[2] + p) * to[3] + q)
          }
        }
      }
    }
  }
}

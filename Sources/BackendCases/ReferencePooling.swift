import Networks
import Tensors

extension ReferenceProgram {
  /// Calls `body` with the window's position in y, the pixel's in x and the pixel's number in the
  /// window, counted row by row.
  private func forEachWindow(
    of x: Slot, height: Int, width: Int, stride: Int, padding: Int,
    _ body: (_ y: Int, _ x: Int, _ k: Int) -> Void
  ) {
    let shape = graph[x].shape
    let (rows, columns) = (shape[2], shape[3])
    var window = 0
    for plane in 0..<shape[0] * shape[1] {
      for p in 0...(rows + 2 * padding - height) / stride {
        for q in 0...(columns + 2 * padding - width) / stride {
          for k in 0..<height * width {
            let i = p * stride + k / width - padding
            let j = q * stride + k % width - padding
            guard 0..<rows ~= i, 0..<columns ~= j else { continue }
            body(window, (plane * rows + i) * columns + j, k)
          }
          window += 1
        }
      }
    }
  }

  func pool(
    _ x: Slot, _ y: Slot, _ choices: Slot?, height: Int, width: Int, stride: Int,
    padding: Int = 0
  ) {
    var largest = [Double](repeating: -.infinity, count: graph[y].shape.count)
    var chosen = zeros(y)
    forEachWindow(of: x, height: height, width: width, stride: stride, padding: padding) {
      window, pixel, k in
      if self[x][pixel] > largest[window] {
        largest[window] = self[x][pixel]
        chosen[window] = Double(k)
      }
    }
    self[y] = largest
    if let choices { self[choices] = chosen }
  }

  func unpool(
    _ choices: Slot, _ dy: Slot, _ dx: GradientTarget, height: Int, width: Int, stride: Int,
    padding: Int = 0
  ) {
    var gradient = zeros(dx.slot)
    forEachWindow(
      of: dx.slot, height: height, width: width, stride: stride, padding: padding
    ) { window, pixel, k in
      if self[choices][window] == Double(k) { gradient[pixel] += self[dy][window] }
    }
    write(gradient, dx)
  }

  func concatenate(_ op: ConcatenationForward) {
    let (c, d) = (extents(op.a)[1], extents(op.b)[1])
    var y: [Double] = []
    for n in 0..<extents(op.y)[0] {
      y += self[op.a][n * c..<(n + 1) * c]
      y += self[op.b][n * d..<(n + 1) * d]
    }
    self[op.y] = y
  }

  func cut(_ op: ConcatenationBackward) {
    let (columns, width) = (extents(op.dx.slot)[1], extents(op.dy)[1])
    var dx = zeros(op.dx.slot)
    for index in dx.indices {
      dx[index] = self[op.dy][index / columns * width + op.first + index % columns]
    }
    write(dx, op.dx)
  }
}

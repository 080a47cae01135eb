import Kernels
import Tensors
import Testing

@Suite("Downsample")
struct DownsampleTests {
  static let cases: [(x: BlockedLayout, k: Int, stride: Int)] = [
    (BlockedLayout(n: 2, c: 16, h: 8, w: 8, halo: 1), 32, 2),
    (BlockedLayout(n: 1, c: 5, h: 7, w: 3, halo: 0), 9, 2),
    (BlockedLayout(n: 3, c: 20, h: 5, w: 5, halo: 1), 50, 1),
    (BlockedLayout(n: 1, c: 1, h: 1, w: 1, halo: 1), 1, 2),
    (BlockedLayout(n: 1, c: 17, h: 10, w: 9, halo: 1), 40, 3),
  ]

  @Test("Every stride-th pixel, zero channels after", arguments: cases)
  func both(layout: BlockedLayout, k: Int, stride: Int) {
    let small = BlockedLayout(
      n: layout.n, c: k, h: (layout.h + stride - 1) / stride,
      w: (layout.w + stride - 1) / stride, halo: 1)
    let x = randomValues(layout.elementCount, 1)
    let dy = randomValues(small.elementCount, 2)
    let before = randomValues(layout.elementCount, 3)
    var y = [Expected](repeating: Expected(), count: dy.count)
    var dx = [Expected](repeating: Expected(), count: x.count)
    for n in 0..<layout.n {
      for c in 0..<layout.c {
        for p in 0..<small.h {
          for q in 0..<small.w {
            let from = ((n * layout.c + c) * layout.h + p * stride) * layout.w + q * stride
            let to = ((n * k + c) * small.h + p) * small.w + q
            y[to].value = Double(x[from])
            dx[from].value = Double(dy[to])
          }
        }
      }
    }
    check(y, "forward of \(layout) to \(k) channels") { library, scope in
      let output = scope.poisoned(small)
      library.downsample(x: scope.tensor(x, layout), y: output, stride: stride)
      return values(output)
    }
    for accumulates in [false, true] {
      let expected = dx.indices.map { index in
        accumulates ? Expected(value: Double(before[index] + Float(dx[index].value))) : dx[index]
      }
      check(expected, "backward to \(layout), accumulating: \(accumulates)") { library, scope in
        let gradient = accumulates ? scope.tensor(before, layout) : scope.poisoned(layout)
        library.downsampleBackward(
          dy: scope.tensor(dy, small), dx: gradient, stride: stride, accumulate: accumulates)
        return values(gradient)
      }
    }
  }
}

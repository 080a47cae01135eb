import Kernels
import Tensors
import Testing

@Suite("Pooling")
struct PoolingTests {
  @Test("The mean of every channel and its gradient", arguments: layoutCases)
  func globalAverage(layout: BlockedLayout) {
    let x = randomValues(layout.elementCount, 1)
    let before = randomValues(layout.elementCount, 2)
    let pixels = layout.h * layout.w
    let dy = randomValues(layout.n * layout.c, 3)
    var means = [Expected](repeating: Expected(), count: dy.count)
    for index in x.indices { means[index / pixels].add(Double(x[index]) / Double(pixels)) }
    check(means, "forward of \(layout)") { library, scope in
      let y = scope.floats(count: dy.count)
      library.globalAveragePool(x: scope.tensor(x, layout), y: y)
      return values(y, dy.count)
    }
    for accumulates in [false, true] {
      let expected = x.indices.map { index in
        var value = Expected()
        value.add(Double(dy[index / pixels]) / Double(pixels))
        if accumulates { value.add(Double(before[index])) }
        return value
      }
      check(expected, "backward of \(layout), accumulating: \(accumulates)") { library, scope in
        let dx = accumulates ? scope.tensor(before, layout) : scope.poisoned(layout)
        library.globalAveragePoolBackward(
          dy: scope.floats(dy), dx: dx, accumulate: accumulates)
        return values(dx)
      }
    }
  }
}

import Kernels
import Tensors
import Testing

@Suite("Linear")
struct LinearTests {
  @Test(
    "Output and gradients agree with loops",
    arguments: [(1, 1, 1), (3, 16, 10), (5, 17, 3), (2, 64, 10), (9, 100, 33), (4, 31, 1)],
    [Float(1), 0.3])
  func all(sizes: (n: Int, c: Int, k: Int), scale: Float) {
    let (n, c, k) = sizes
    let x = randomValues(n * c, 1)
    let w = randomValues(k * c, 2)
    let bias = randomValues(k, 3)
    let dy = randomValues(n * k, 4)
    let before = randomValues(n * c, 5)
    var plain = [Expected](repeating: Expected(), count: n * k)
    var dx = [Expected](repeating: Expected(), count: n * c)
    var dw = [Expected](repeating: Expected(), count: k * c)
    var dBias = [Expected](repeating: Expected(), count: k)
    for sample in 0..<n {
      for output in 0..<k {
        let g = Double(dy[sample * k + output])
        dBias[output].add(g)
        for input in 0..<c {
          let value = Double(scale) * Double(x[sample * c + input])
          let weight = Double(scale) * Double(w[output * c + input])
          plain[sample * k + output].add(value * Double(w[output * c + input]))
          dx[sample * c + input].add(g * weight)
          dw[output * c + input].add(g * value)
        }
      }
    }
    for hasBias in [false, true] {
      var y = plain
      if hasBias { for index in y.indices { y[index].add(Double(bias[index % k])) } }
      check(y, "forward \(n)×\(c)→\(k), bias: \(hasBias)") { library, scope in
        let output = scope.floats(count: n * k)
        library.linearForward(
          n: n, c: c, k: k, x: scope.floats(x), w: scope.floats(w),
          bias: hasBias ? scope.floats(bias) : nil, scale: scale, y: output)
        return values(output, n * k)
      }
      check(hasBias ? dw + dBias : dw, "backward filter \(n)×\(c)→\(k)") { library, scope in
        let gradient = scope.floats(count: k * c)
        let biasGradient = hasBias ? scope.floats(count: k) : nil
        library.linearBackwardFilter(
          n: n, c: c, k: k, x: scope.floats(x), dy: scope.floats(dy), scale: scale, dw: gradient,
          dBias: biasGradient)
        return values(gradient, k * c) + (biasGradient.map { values($0, k) } ?? [])
      }
    }
    for accumulates in [false, true] {
      var expected = dx
      if accumulates {
        for index in expected.indices { expected[index].add(Double(before[index])) }
      }
      check(expected, "backward data \(n)×\(c)→\(k)") { library, scope in
        let gradient = accumulates ? scope.floats(before) : scope.floats(count: n * c)
        library.linearBackwardData(
          n: n, c: c, k: k, dy: scope.floats(dy), w: scope.floats(w), scale: scale, dx: gradient,
          accumulate: accumulates)
        return values(gradient, n * c)
      }
    }
  }
}

import Kernels
import Tensors
import TestSupport
import Testing

@Suite("Bias")
struct BiasTests {
  /// f(v) and how far off a float32 kernel may be, in roundings of what was added.
  private static func activated(_ v: Expected, _ activation: ActivationFunction) -> Expected {
    switch activation {
    case .identity: v
    case .relu: Expected(value: max(v.value, 0), magnitude: v.magnitude, length: v.length)
    // The slope is less than 1.13; Φ has an error of its own.
    case .gelu:
      Expected(
        value: v.value * normalDistribution(v.value), magnitude: v.magnitude,
        length: 1.13 * v.length + 4)
    }
  }

  @Test("The sum and its gradients", arguments: layoutCases, ActivationFunction.allCases)
  func both(layout: BlockedLayout, activation: ActivationFunction) {
    let x = randomValues(layout.elementCount, 1).map { 3 * $0 }
    let bias = randomValues(layout.c, 2)
    let dy = randomValues(layout.elementCount, 3)
    let before = randomValues(layout.elementCount, 4)
    let sums = x.indices.map { index in
      var sum = Expected()
      sum.add(Double(x[index]))
      sum.add(Double(bias[layout.channel(index)]))
      return sum
    }
    check(sums.map { Self.activated($0, activation) }, "forward of \(layout), \(activation)") {
      library, scope in
      let y = scope.poisoned(layout)
      library.bias(
        x: scope.tensor(x, layout), bias: scope.floats(bias), y: y, activation: activation)
      return values(y)
    }

    var dBias = [Expected](repeating: Expected(), count: layout.c)
    let gradient = x.indices.map { index in
      let v = sums[index].value
      let g = Double(dy[index])
      var value = Expected(magnitude: abs(g))
      switch activation {
      case .identity: value.value = g
      case .relu: value.value = v > 0 ? g : 0
      // The slope's own slope is at most 0.8.
      case .gelu:
        value.value = g * (normalDistribution(v) + v * normalDensity(v))
        value.length += 0.8 * sums[index].magnitude
      }
      dBias[layout.channel(index)].value += value.value
      dBias[layout.channel(index)].magnitude += value.magnitude
      dBias[layout.channel(index)].length += value.length
      return value
    }
    for accumulates in [false, true] {
      let expected =
        gradient.indices.map { index in
          var value = gradient[index]
          if accumulates { value.add(Double(before[index])) }
          return value
        } + dBias
      check(expected, "backward of \(layout), \(activation), accumulating: \(accumulates)") {
        library, scope in
        let dx = accumulates ? scope.tensor(before, layout) : scope.poisoned(layout)
        let sum = scope.floats(count: layout.c)
        library.biasBackward(
          x: scope.tensor(x, layout), bias: scope.floats(bias), dy: scope.tensor(dy, layout),
          dx: dx, accumulate: accumulates, dBias: sum, activation: activation,
          workspace: scope.floats(count: library.biasWorkspaceCount(layout)))
        return values(dx) + values(sum, layout.c)
      }
    }
  }
}

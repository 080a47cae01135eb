import Kernels
import Tensors
import Testing

@Suite("Update")
struct UpdateTests {
  @Test("Two steps of momentum descent", arguments: [1, 15, 16, 1000, 40_000], [false, true])
  func descent(count: Int, nesterov: Bool) {
    let w = randomValues(count, 1)
    let velocity = randomValues(count, 2)
    let dw = randomValues(count, 3)
    let (learningRate, momentum, decay): (Float, Float, Float) = (0.1, 0.9, 5e-4)
    var (parameters, velocities) = (w.map(Double.init), velocity.map(Double.init))
    for _ in 0..<2 {
      for index in w.indices {
        let g = Double(dw[index]) + Double(decay) * parameters[index]
        velocities[index] = Double(momentum) * velocities[index] + g
        let step = nesterov ? g + Double(momentum) * velocities[index] : velocities[index]
        parameters[index] -= Double(learningRate) * step
      }
    }
    let expected = (parameters + velocities).map {
      Expected(value: $0, magnitude: 4, length: 10)
    }
    check(expected, "\(count) parameters, Nesterov: \(nesterov)") { library, scope in
      let (w, v) = (scope.floats(w), scope.floats(velocity))
      for _ in 0..<2 {
        library.sgdUpdate(
          w: w, dw: scope.floats(dw), velocity: v, count: count, learningRate: learningRate,
          momentum: momentum, weightDecay: decay, nesterov: nesterov)
      }
      return values(w, count) + values(v, count)
    }
  }
}

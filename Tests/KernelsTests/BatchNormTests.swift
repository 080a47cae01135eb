import Kernels
import Tensors
import TestSupport
import Testing

@Suite("Batch norm")
struct BatchNormTests {
  private static let epsilon: Float = 1e-5

  /// The sum of `term` over each channel.
  private static func sums(
    _ layout: BlockedLayout, _ term: (Int) -> Double
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: layout.c)
    for index in 0..<layout.elementCount { sums[layout.channel(index)] += term(index) }
    return sums
  }

  /// γ · (x − mean) · inverse + β + residual.
  private static func normalized(
    _ layout: BlockedLayout, _ x: [Float], _ residual: [Float]?, gamma: [Float], beta: [Float],
    mean: [Double], inverse: [Double], length: [Double], _ activation: ActivationFunction
  ) -> [Expected] {
    x.indices.map { index in
      let c = layout.channel(index)
      let slope = Double(gamma[c]) * inverse[c]
      var y = Expected(length: length[c])
      y.add(Double(x[index]) * slope)
      y.add(-mean[c] * slope)
      y.add(Double(beta[c]))
      if let residual { y.add(Double(residual[index])) }
      switch activation {
      case .identity: break
      case .relu: y.value = max(y.value, 0)
      // The slope is less than 1.13; Φ has an error of its own.
      case .gelu:
        y.value *= normalDistribution(y.value)
        y.length = y.length * 1.13 + 4
      }
      return y
    }
  }

  static let options: [(hasResidual: Bool, activation: ActivationFunction)] = [
    (false, .identity), (false, .relu), (false, .gelu), (true, .identity), (true, .relu),
  ]

  static let forwardCases: [(BlockedLayout, Float)] =
    layoutCases.map { ($0, 0) } + [(BlockedLayout(n: 4, c: 3, h: 9, w: 7, halo: 1), 50)]

  @Test("Training normalises with the batch's statistics", arguments: forwardCases)
  func forward(layout: BlockedLayout, level: Float) {
    let x = randomValues(layout.elementCount, 1).map { $0 + level }
    let residual = randomValues(layout.elementCount, 2)
    let gamma = randomValues(layout.c, 4)
    let beta = randomValues(layout.c, 5)
    let running = randomValues(layout.c, 6)
    let runningVariance = randomValues(layout.c, 7).map { $0 + 2 }

    let count = Double(layout.n * layout.h * layout.w)
    let mean = Self.sums(layout) { Double(x[$0]) }.map { $0 / count }
    var furthest = [Double](repeating: 0, count: layout.c)
    let variance = Self.sums(layout) { index in
      let c = layout.channel(index)
      let square = (Double(x[index]) - mean[c]) * (Double(x[index]) - mean[c])
      furthest[c] = max(furthest[c], square)
      return square
    }.map { $0 / count }
    let inverse = variance.map { 1 / ($0 + Double(Self.epsilon)).squareRoot() }
    // The squares are summed around a pivot inside the plane's range, so that each is at most four
    // times the furthest one; a plane's sum is in float32.
    let length = variance.indices.map { c in
      12 + Double(layout.h * layout.w) * 4 * furthest[c] / (variance[c] + Double(Self.epsilon))
    }
    let statistics =
      mean.indices.map { c in
        Expected(value: mean[c], magnitude: abs(mean[c]) + furthest[c].squareRoot(), length: 800)
      }
      + inverse.indices.map { c in
        Expected(value: inverse[c], magnitude: inverse[c], length: length[c])
      }
      + mean.indices.map { c in
        Expected(
          value: 0.9 * Double(running[c]) + 0.1 * mean[c],
          magnitude: 1 + abs(mean[c]) + furthest[c].squareRoot(), length: 100)
      }
      + variance.indices.map { c in
        let unbiased = count > 1 ? variance[c] * count / (count - 1) : variance[c]
        return Expected(
          value: 0.9 * Double(runningVariance[c]) + 0.1 * unbiased,
          magnitude: 4 + furthest[c], length: 100)
      }
    for (hasResidual, activation) in Self.options {
      let y = Self.normalized(
        layout, x, hasResidual ? residual : nil, gamma: gamma, beta: beta, mean: mean,
        inverse: inverse, length: length, activation)
      check(y + statistics, "\(layout), residual: \(hasResidual), \(activation)") {
        library, scope in
        let output = scope.poisoned(layout)
        let saved = (scope.floats(count: layout.c), scope.floats(count: layout.c))
        let updated = (scope.floats(running), scope.floats(runningVariance))
        library.batchNormForward(
          x: scope.tensor(x, layout), residual: hasResidual ? scope.tensor(residual, layout) : nil,
          gamma: scope.floats(gamma), beta: scope.floats(beta), y: output, savedMean: saved.0,
          savedInverseDeviation: saved.1, runningMean: updated.0, runningVariance: updated.1,
          momentum: 0.1, epsilon: Self.epsilon, activation: activation,
          workspace: scope.floats(count: library.batchNormWorkspaceCount(layout)))
        return values(output) + values(saved.0, layout.c) + values(saved.1, layout.c)
          + values(updated.0, layout.c) + values(updated.1, layout.c)
      }
    }
  }

  @Test("Evaluation normalises with the running statistics", arguments: layoutCases)
  func inference(layout: BlockedLayout) {
    let x = randomValues(layout.elementCount, 1)
    let residual = randomValues(layout.elementCount, 2)
    let gamma = randomValues(layout.c, 3)
    let beta = randomValues(layout.c, 4)
    let mean = randomValues(layout.c, 5)
    let variance = randomValues(layout.c, 6).map { $0 + 1.5 }
    for (hasResidual, activation) in Self.options {
      let expected = Self.normalized(
        layout, x, hasResidual ? residual : nil, gamma: gamma, beta: beta,
        mean: mean.map(Double.init),
        inverse: variance.map { 1 / (Double($0) + Double(Self.epsilon)).squareRoot() },
        length: [Double](repeating: 8, count: layout.c), activation)
      check(expected, "\(layout), residual: \(hasResidual), \(activation)") { library, scope in
        let y = scope.poisoned(layout)
        library.batchNormInference(
          x: scope.tensor(x, layout), residual: hasResidual ? scope.tensor(residual, layout) : nil,
          gamma: scope.floats(gamma), beta: scope.floats(beta), runningMean: scope.floats(mean),
          runningVariance: scope.floats(variance), epsilon: Self.epsilon, y: y,
          activation: activation,
          workspace: scope.floats(count: library.batchNormWorkspaceCount(layout)))
        return values(y)
      }
    }
  }

  /// What may follow a batch norm, with and without a residual.
  static let endings: [(ActivationFunction, Bool)] = [
    (.identity, false), (.identity, true), (.relu, false), (.relu, true), (.gelu, false),
  ]

  @Test("The gradients follow the formula", arguments: layoutCases, endings)
  func backward(layout: BlockedLayout, ending: (ActivationFunction, Bool)) {
    let (activation, hasResidual) = ending
    let x = randomValues(layout.elementCount, 1)
    // Half of the outputs are exactly 0, as after a ReLU.
    let y = randomValues(layout.elementCount, 2).map { max($0, 0) }
    let dy = randomValues(layout.elementCount, 3)
    let gamma = randomValues(layout.c, 4)
    let mean = randomValues(layout.c, 5)
    let inverse = randomValues(layout.c, 6).map { $0 + 1.5 }
    let beta = randomValues(layout.c, 9)
    let before = (randomValues(layout.elementCount, 7), randomValues(layout.elementCount, 8))

    // Behind GELU, a magnitude for what the roundings of the value in front of it do to its slope,
    // whose own slope is at most 0.8. Every length below is at least 4.
    var spread = [Double](repeating: 0, count: x.count)
    let g = dy.indices.map { index in
      switch activation {
      case .identity: return Double(dy[index])
      case .relu where hasResidual: return y[index] <= 0 ? 0 : Double(dy[index])
      case .relu:
        let c = layout.channel(index)
        let v = beta[c].addingProduct(x[index] - mean[c], gamma[c] * inverse[c])
        return v <= 0 ? 0 : Double(dy[index])
      case .gelu:
        let c = layout.channel(index)
        let slope = Double(gamma[c]) * Double(inverse[c])
        let v = (Double(x[index]) - Double(mean[c])) * slope + Double(beta[c])
        let roundings = 3 * abs(v - Double(beta[c])) + abs(v)
        spread[index] = abs(Double(dy[index])) * (4 + 0.8 * roundings) / 4
        return Double(dy[index]) * (normalDistribution(v) + v * normalDensity(v))
      }
    }
    var dBeta = [Expected](repeating: Expected(), count: layout.c)
    var dGamma = dBeta
    for index in x.indices {
      let c = layout.channel(index)
      dBeta[c].add(g[index])
      let normalized = (Double(x[index]) - Double(mean[c])) * Double(inverse[c])
      dGamma[c].add(g[index] * normalized)
      dBeta[c].magnitude += spread[index]
      dGamma[c].magnitude += spread[index] * abs(normalized)
    }
    let share = 1 / Double(layout.n * layout.h * layout.w)
    let dx = x.indices.map { index in
      let c = layout.channel(index)
      let slope = Double(gamma[c]) * Double(inverse[c])
      let normalized = (Double(x[index]) - Double(mean[c])) * Double(inverse[c])
      return Expected(
        value: slope * (g[index] - dBeta[c].value * share - normalized * dGamma[c].value * share),
        magnitude: abs(slope)
          * (abs(g[index]) + spread[index] + dBeta[c].magnitude * share
            + abs(normalized) * dGamma[c].magnitude * share),
        length: dBeta[c].length + 12)
    }
    for (accumulates, accumulatesResidual) in [(false, true), (true, false)] {
      var expected =
        dx.indices.map { index in
          var value = dx[index]
          if accumulates { value.add(Double(before.0[index])) }
          return value
        }
      if hasResidual {
        expected += g.indices.map { index in
          var value = Expected(value: g[index])
          if accumulatesResidual {
            value.magnitude = abs(g[index])
            value.add(Double(before.1[index]))
          }
          return value
        }
      }
      expected += dGamma + dBeta
      check(expected, "\(layout), \(activation), accumulating: \(accumulates)") {
        library, scope in
        let gradient = accumulates ? scope.tensor(before.0, layout) : scope.poisoned(layout)
        let residual =
          !hasResidual
          ? nil : accumulatesResidual ? scope.tensor(before.1, layout) : scope.poisoned(layout)
        let parameters = (scope.floats(count: layout.c), scope.floats(count: layout.c))
        let norm = BatchNormOperands(
          x: scope.tensor(x, layout), y: scope.tensor(y, layout), gamma: scope.floats(gamma),
          beta: scope.floats(beta), mean: scope.floats(mean),
          inverseDeviation: scope.floats(inverse), activation: activation,
          addsResidual: hasResidual)
        library.batchNormBackward(
          norm, dy: scope.tensor(dy, layout), dx: gradient, accumulatesDx: accumulates,
          dResidual: residual, accumulatesDResidual: accumulatesResidual, dGamma: parameters.0,
          dBeta: parameters.1,
          workspace: scope.floats(count: library.batchNormWorkspaceCount(layout)))
        return values(gradient) + (residual.map { values($0) } ?? [])
          + values(parameters.0, layout.c)
          + values(parameters.1, layout.c)
      }
    }
  }
}

import Kernels
import Tensors
import TestSupport
import Testing

@Suite("Elementwise")
struct ElementwiseTests {
  /// The layout that results are written to: another halo than what is read.
  private static func target(_ layout: BlockedLayout) -> BlockedLayout {
    BlockedLayout(n: layout.n, c: layout.c, h: layout.h, w: layout.w, halo: layout.halo + 1)
  }

  @Test("The rectifier and its gradient", arguments: layoutCases)
  func relu(layout: BlockedLayout) {
    let x = randomValues(layout.elementCount, 1)
    let dy = randomValues(layout.elementCount, 2)
    let before = randomValues(layout.elementCount, 3)
    check(x.map { Expected(value: Double(max($0, 0))) }, "forward of \(layout)") {
      library, scope in
      let y = scope.poisoned(Self.target(layout))
      library.relu(x: scope.tensor(x, layout), y: y)
      return values(y)
    }
    let y = x.map { max($0, 0) }
    for accumulates in [false, true] {
      let expected = dy.indices.map { index in
        let g: Float = y[index] > 0 ? dy[index] : 0
        return Expected(value: Double(accumulates ? before[index] + g : g))
      }
      check(expected, "backward of \(layout), accumulating: \(accumulates)") { library, scope in
        let target = Self.target(layout)
        let dx = accumulates ? scope.tensor(before, target) : scope.poisoned(target)
        library.reluBackward(
          y: scope.tensor(y, layout), dy: scope.tensor(dy, layout), dx: dx,
          accumulate: accumulates)
        return values(dx)
      }
    }
  }

  /// From far on the left, where the result is 0, to far on the right, where it is the value.
  @Test("GELU and its gradient", arguments: layoutCases)
  func gelu(layout: BlockedLayout) {
    let x = randomValues(layout.elementCount, 1).map { value in
      value * (abs(value) > 0.95 ? 100 : 8)
    }
    let dy = randomValues(layout.elementCount, 2)
    let before = randomValues(layout.elementCount, 3)
    let expected = x.map { value in
      let v = Double(value)
      return Expected(value: v * normalDistribution(v), magnitude: min(abs(v), max(v, 8)))
    }
    check(expected, "forward of \(layout)") { library, scope in
      let y = scope.poisoned(Self.target(layout))
      library.gelu(x: scope.tensor(x, layout), y: y)
      return values(y)
    }
    for accumulates in [false, true] {
      let expected = dy.indices.map { index in
        let v = Double(x[index])
        var value = Expected()
        value.add(Double(dy[index]) * (normalDistribution(v) + v * normalDensity(v)))
        value.magnitude = abs(Double(dy[index]))
        if accumulates { value.add(Double(before[index])) }
        return value
      }
      check(expected, "backward of \(layout), accumulating: \(accumulates)") { library, scope in
        let target = Self.target(layout)
        let dx = accumulates ? scope.tensor(before, target) : scope.poisoned(target)
        library.geluBackward(
          x: scope.tensor(x, layout), dy: scope.tensor(dy, layout), dx: dx,
          accumulate: accumulates)
        return values(dx)
      }
    }
  }

  /// A dense walk through the values where the function bends.
  @Test("GELU is as exact as float32 allows")
  func geluIsExact() {
    let layout = BlockedLayout(n: 1, c: 16, h: 250, w: 50, halo: 0)
    let x = (0..<layout.elementCount).map { Float($0 - 100_000) * 1.4e-4 }
    let expected = x.map { value in
      let v = Double(value)
      return Expected(value: v * normalDistribution(v), magnitude: abs(v), length: 3.5)
    }
    check(expected, "GELU") { library, scope in
      let y = scope.poisoned(layout)
      library.gelu(x: scope.tensor(x, layout), y: y)
      return values(y)
    }
  }

  /// Derivatives of both sides of the bend, and far on the left, where the result is −α.
  @Test("CELU and its gradient", arguments: layoutCases)
  func celu(layout: BlockedLayout) {
    let x = randomValues(layout.elementCount, 1).map { $0 * (abs($0) > 0.95 ? 200 : 2) }
    let dy = randomValues(layout.elementCount, 2)
    let before = randomValues(layout.elementCount, 3)
    for alpha in [Float(0.3), 1, 2.5] {
      let a = Double(alpha)
      func celu(_ v: Double) -> Double { max(v, 0) + a * (exponential(min(v, 0) / a) - 1) }
      check(
        x.map { Expected(value: celu(Double($0)), magnitude: max(Double(abs($0)), a)) },
        "forward of \(layout), α \(alpha)"
      ) { library, scope in
        let y = scope.poisoned(Self.target(layout))
        library.celu(x: scope.tensor(x, layout), y: y, alpha: alpha)
        return values(y)
      }
      let y = x.map { Float(celu(Double($0))) }
      for accumulates in [false, true] {
        let expected = dy.indices.map { index in
          let slope = y[index] > 0 ? 1 : 1 + Double(y[index]) / a
          var sum = Expected(value: slope * Double(dy[index]), magnitude: 1)
          if accumulates { sum.add(Double(before[index])) }
          return sum
        }
        check(expected, "backward of \(layout), α \(alpha), accumulating: \(accumulates)") {
          library, scope in
          let target = Self.target(layout)
          let dx = accumulates ? scope.tensor(before, target) : scope.poisoned(target)
          library.celuBackward(
            y: scope.tensor(y, layout), dy: scope.tensor(dy, layout), dx: dx, alpha: alpha,
            accumulate: accumulates)
          return values(dx)
        }
      }
    }
  }

  /// Relative to the result, which is small near 0: nothing cancels.
  @Test("CELU is as exact as float32 allows")
  func celuIsExact() {
    let layout = BlockedLayout(n: 1, c: 16, h: 125, w: 50, halo: 0)
    let x = (0..<layout.elementCount).map { Float($0 - 99_000) * 1e-4 }
    let expected = x.map { value in
      let v = Double(value)
      // e^v − 1 by its series where the difference would cancel.
      let below = abs(v) < 1e-3 ? v + v * v / 2 + v * v * v / 6 : exponential(v) - 1
      let result = v > 0 ? v : below
      return Expected(value: result, magnitude: abs(result), length: 8)
    }
    check(expected, "CELU") { library, scope in
      let y = scope.poisoned(layout)
      library.celu(x: scope.tensor(x, layout), y: y, alpha: 1)
      return values(y)
    }
  }

  @Test("Not a number stays not a number")
  func notANumber() {
    for variant in KernelVariant.available {
      let library = KernelLibrary(variant: variant, pool: ThreadPool(threadCount: 1))
      let layout = BlockedLayout(n: 1, c: 3, h: 1, w: 1, halo: 0)
      let scope = Scope()
      let x = scope.tensor([.nan, -.infinity, .infinity], layout)
      library.relu(x: x, y: x)
      let y = values(x)
      #expect(y[0].isNaN && y[1] == 0 && y[2] == .infinity)
      let z = scope.tensor([.nan, -.infinity, .infinity], layout)
      library.gelu(x: z, y: z)
      let smooth = values(z)
      #expect(smooth[0].isNaN && abs(smooth[1]) < 1e-30 && smooth[2] == .infinity)
      let bent = scope.tensor([.nan, -.infinity, .infinity], layout)
      library.celu(x: bent, y: bent, alpha: 0.5)
      #expect(values(bent)[0].isNaN && values(bent)[1] == -0.5 && values(bent)[2] == .infinity)
    }
  }

  @Test("Sums, copies and accumulation", arguments: layoutCases)
  func sums(layout: BlockedLayout) {
    let a = randomValues(layout.elementCount, 1)
    let b = randomValues(layout.elementCount, 2)
    let sum = zip(a, b).map { Expected(value: Double($0 + $1)) }
    check(sum, "sum of \(layout)") { library, scope in
      let y = scope.poisoned(Self.target(layout))
      library.add(a: scope.tensor(a, layout), b: scope.tensor(b, layout), y: y)
      return values(y)
    }
    check(a.map { Expected(value: Double($0)) }, "copy of \(layout)") { library, scope in
      let y = scope.poisoned(Self.target(layout))
      library.copy(x: scope.tensor(a, layout), y: y)
      return values(y)
    }
    check(sum, "accumulation of \(layout)") { library, scope in
      let y = scope.tensor(b, Self.target(layout))
      library.accumulate(x: scope.tensor(a, layout), y: y)
      return values(y)
    }
  }
}

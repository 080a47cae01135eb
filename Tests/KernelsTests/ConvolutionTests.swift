import Kernels
import Tensors
import Testing

@Suite("Convolution")
struct ConvolutionTests {
  static let cases: [ConvolutionGeometry] = [
    .init(n: 2, c: 3, h: 8, w: 8, k: 16, r: 3, s: 3, padding: 1),
    .init(n: 1, c: 1, h: 28, w: 28, k: 16, r: 3, s: 3, padding: 1),
    .init(n: 2, c: 17, h: 5, w: 3, k: 33, r: 3, s: 3, padding: 1),
    .init(n: 3, c: 16, h: 7, w: 7, k: 16, r: 3, s: 3, padding: 1),
    .init(n: 1, c: 32, h: 4, w: 14, k: 48, r: 3, s: 3, padding: 1),
    .init(n: 2, c: 16, h: 9, w: 9, k: 32, r: 3, s: 3, stride: 2, padding: 1),
    .init(n: 2, c: 20, h: 8, w: 8, k: 24, r: 3, s: 3, stride: 2, padding: 1),
    .init(n: 2, c: 16, h: 8, w: 6, k: 32, r: 1, s: 1, stride: 2),
    .init(n: 3, c: 5, h: 7, w: 5, k: 7, r: 1, s: 1, stride: 2),
    .init(n: 1, c: 1, h: 1, w: 1, k: 1, r: 1, s: 1),
    .init(n: 1, c: 250, h: 3, w: 2, k: 18, r: 1, s: 1),
    .init(n: 1, c: 4, h: 11, w: 13, k: 5, r: 7, s: 7, stride: 2, padding: 3),
    .init(n: 1, c: 6, h: 9, w: 10, k: 3, r: 5, s: 2, padding: 2),
    .init(n: 2, c: 2, h: 10, w: 11, k: 17, r: 3, s: 3, stride: 3, padding: 1),
    .init(n: 1, c: 7, h: 9, w: 8, k: 9, r: 2, s: 2, stride: 4),
    .init(n: 1, c: 5, h: 6, w: 6, k: 4, r: 3, s: 3),
    .init(n: 40, c: 18, h: 2, w: 2, k: 20, r: 3, s: 3, padding: 1),
    .init(n: 1, c: 3, h: 45, w: 60, k: 2, r: 3, s: 3, padding: 1),
  ]

  /// Calls `body` with the positions in x, w and y of every product of a convolution.
  private static func forEachProduct(
    _ g: ConvolutionGeometry, _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void
  ) {
    for n in 0..<g.n {
      for k in 0..<g.k {
        for p in 0..<g.p {
          for q in 0..<g.q {
            for c in 0..<g.c {
              for r in 0..<g.r {
                let y = p * g.stride + r - g.padding
                if y < 0 || y >= g.h { continue }
                for s in 0..<g.s {
                  let x = q * g.stride + s - g.padding
                  if x < 0 || x >= g.w { continue }
                  body(
                    ((n * g.c + c) * g.h + y) * g.w + x, ((k * g.c + c) * g.r + r) * g.s + s,
                    ((n * g.k + k) * g.p + p) * g.q + q)
                }
              }
            }
          }
        }
      }
    }
  }

  private static func plan(_ g: ConvolutionGeometry) -> ConvolutionPlan {
    ConvolutionPlan(
      geometry: g,
      x: BlockedLayout(n: g.n, c: g.c, h: g.h, w: g.w, halo: max(1, g.padding)),
      y: BlockedLayout(
        n: g.n, c: g.k, h: g.p, w: g.q, halo: ConvolutionPlan.requiredOutputHalo(for: g)))
  }

  /// Runs the three passes against loops over every product.
  private static func checkPasses(_ g: ConvolutionGeometry) {
    let plan = Self.plan(g)
    let x = randomValues(g.inputShape.count, 1)
    let w = randomValues(g.filterShape.count, 2)
    let dy = randomValues(g.outputShape.count, 3)
    let before = randomValues(x.count, 4)
    var y = [Expected](repeating: Expected(), count: dy.count)
    var dx = [Expected](repeating: Expected(), count: x.count)
    var dw = [Expected](repeating: Expected(), count: w.count)
    forEachProduct(g) { i, j, o in
      y[o].add(Double(x[i]) * Double(w[j]))
      dx[i].add(Double(dy[o]) * Double(w[j]))
      dw[j].add(Double(dy[o]) * Double(x[i]))
    }
    var sum = dx
    for index in before.indices { sum[index].add(Double(before[index])) }

    check(y, "forward of \(g)") { library, scope in
      let output = scope.poisoned(plan.y)
      library.conv2DForward(
        plan: plan, x: scope.tensor(x, plan.x), w: scope.floats(w), y: output,
        workspace: scope.floats(count: plan.workspaceCount))
      return values(output)
    }
    for accumulates in [false, true] {
      check(accumulates ? sum : dx, "backward data of \(g), accumulating: \(accumulates)") {
        library, scope in
        let gradient = accumulates ? scope.tensor(before, plan.x) : scope.poisoned(plan.x)
        library.conv2DBackwardData(
          plan: plan, dy: scope.tensor(dy, plan.y), w: scope.floats(w), dx: gradient,
          accumulate: accumulates, workspace: scope.floats(count: plan.workspaceCount))
        return values(gradient)
      }
    }
    check(dw, "backward filter of \(g)") { library, scope in
      let gradient = scope.floats(count: w.count)
      library.conv2DBackwardFilter(
        plan: plan, x: scope.tensor(x, plan.x), dy: scope.tensor(dy, plan.y), dw: gradient,
        workspace: scope.floats(count: plan.workspaceCount))
      return values(gradient, w.count)
    }
  }

  @Test("The three passes agree with a loop over every product", arguments: cases)
  func passes(geometry: ConvolutionGeometry) {
    Self.checkPasses(geometry)
  }

  @Test("Every width of row is cut into tiles that cover it", arguments: 1...33)
  func widths(width: Int) {
    Self.checkPasses(.init(n: 1, c: 1, h: 1, w: width, k: 17, r: 1, s: 3, padding: 1))
  }

  @Test("Narrow rows take several blocks at once", arguments: 1...7, 1...3)
  func narrowRows(width: Int, stride: Int) {
    for k in [48, 90] {
      Self.checkPasses(
        .init(n: 1, c: 2, h: 1, w: width, k: k, r: 1, s: 3, stride: stride, padding: 1))
    }
  }

  @Test("The output's halo is as wide as backward-data needs")
  func requiredHalo() {
    func halo(_ r: Int, stride: Int, padding: Int, size: Int = 9) -> Int {
      ConvolutionPlan.requiredOutputHalo(
        for: .init(
          n: 1, c: 1, h: size, w: size, k: 1, r: r, s: r, stride: stride, padding: padding))
    }
    #expect(halo(3, stride: 1, padding: 1) == 1)
    #expect(halo(3, stride: 1, padding: 0) == 2)
    #expect(halo(5, stride: 1, padding: 2) == 2)
    #expect(halo(1, stride: 1, padding: 0) == 0)
    #expect(halo(1, stride: 2, padding: 0) == 0)
    #expect(halo(3, stride: 2, padding: 1) == 0)
    #expect(halo(3, stride: 2, padding: 1, size: 8) == 1)
  }
}

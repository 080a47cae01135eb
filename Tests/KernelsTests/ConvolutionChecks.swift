import Kernels
import Tensors
import Testing

/// Calls `body` with the positions in x, w and y of every product of a convolution.
private func forEachProduct(
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

/// A plan with halos as narrow as may be.
func convolutionPlan(
  _ g: ConvolutionGeometry, _ algorithm: ConvolutionAlgorithm
) -> ConvolutionPlan {
  ConvolutionPlan(
    geometry: g,
    x: BlockedLayout(n: g.n, c: g.c, h: g.h, w: g.w, halo: max(1, g.padding)),
    y: BlockedLayout(
      n: g.n, c: g.k, h: g.p, w: g.q, halo: ConvolutionPlan.requiredOutputHalo(for: g)),
    algorithm: algorithm)
}

/// Runs the three passes against loops over every product.
func checkConvolution(_ g: ConvolutionGeometry, _ algorithm: ConvolutionAlgorithm) {
  let plan = convolutionPlan(g, algorithm)
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
  if algorithm == .winograd {
    let bounds = WinogradBounds(g, x: x, w: w, dy: dy)
    bounds.apply(to: &y, &dx, &dw)
  }
  var sum = dx
  for index in before.indices { sum[index].add(Double(before[index])) }

  check(y, "forward of \(g), \(algorithm)") { library, scope in
    let output = scope.poisoned(plan.y)
    library.conv2DForward(
      plan: plan, x: scope.tensor(x, plan.x), w: scope.floats(w), y: output,
      workspace: scope.floats(count: plan.workspaceCount(threads: library.pool.threadCount)))
    return values(output)
  }
  for accumulates in [false, true] {
    check(
      accumulates ? sum : dx, "backward data of \(g), \(algorithm), accumulating: \(accumulates)"
    ) {
      library, scope in
      let gradient = accumulates ? scope.tensor(before, plan.x) : scope.poisoned(plan.x)
      library.conv2DBackwardData(
        plan: plan, dy: scope.tensor(dy, plan.y), w: scope.floats(w), dx: gradient,
        accumulate: accumulates,
        workspace: scope.floats(count: plan.workspaceCount(threads: library.pool.threadCount)))
      return values(gradient)
    }
  }
  check(dw, "backward filter of \(g), \(algorithm)") { library, scope in
    let gradient = scope.floats(count: w.count)
    library.conv2DBackwardFilter(
      plan: plan, x: scope.tensor(x, plan.x), dy: scope.tensor(dy, plan.y), dw: gradient,
      workspace: scope.floats(count: plan.workspaceCount(threads: library.pool.threadCount)))
    return values(gradient, w.count)
  }
}

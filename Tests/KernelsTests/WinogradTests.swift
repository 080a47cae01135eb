import Kernels
import Tensors
import Testing

@Suite("Winograd convolution")
struct WinogradTests {
  static let cases: [ConvolutionGeometry] = [
    .init(n: 2, c: 16, h: 8, w: 8, k: 16, r: 3, s: 3, padding: 1),
    .init(n: 1, c: 3, h: 4, w: 4, k: 16, r: 3, s: 3, padding: 1),
    .init(n: 1, c: 1, h: 1, w: 1, k: 1, r: 3, s: 3, padding: 1),
    .init(n: 2, c: 17, h: 5, w: 3, k: 33, r: 3, s: 3, padding: 1),
    .init(n: 3, c: 24, h: 7, w: 6, k: 20, r: 3, s: 3, padding: 1),
    .init(n: 1, c: 32, h: 9, w: 14, k: 48, r: 3, s: 3, padding: 1),
    .init(n: 2, c: 18, h: 6, w: 7, k: 5, r: 3, s: 3, padding: 0),
    .init(n: 1, c: 20, h: 5, w: 6, k: 34, r: 3, s: 3, padding: 2),
    // More tiles than a block has, and a last block that is not full.
    .init(n: 11, c: 16, h: 9, w: 9, k: 16, r: 3, s: 3, padding: 1),
    // More output channels than a group has.
    .init(n: 3, c: 16, h: 4, w: 4, k: 150, r: 3, s: 3, padding: 1),
  ]

  @Test("The three passes agree with a loop over every product", arguments: cases)
  func passes(geometry: ConvolutionGeometry) {
    checkConvolution(geometry, .winograd)
  }

  @Test("A transformed filter that no cache holds is written past the caches")
  func largeFilter() {
    checkConvolution(.init(n: 1, c: 250, h: 1, w: 2, k: 244, r: 3, s: 3, padding: 1), .winograd)
  }

  /// A batch norm behind a convolution, and one in front of it, from the sums that its passes leave.
  @Test("Batch norms agree with their own sums", arguments: cases.filter { $0.padding == 1 })
  func sums(geometry g: ConvolutionGeometry) throws {
    let plan = convolutionPlan(g, .winograd)
    let parts = (try #require(plan.forwardSumParts), try #require(plan.backwardSumParts))
    let x = randomValues(g.inputShape.count, 1)
    let w = randomValues(g.filterShape.count, 2)
    let dy = randomValues(g.outputShape.count, 3)
    let output = randomValues(g.inputShape.count, 4).map { max($0, 0) }
    func floats(_ count: Int, _ seed: UInt64) -> [Float] { randomValues(count, seed) }
    for (activation, addsResidual) in BatchNormTests.endings {
      func run(_ library: KernelLibrary, _ scope: Scope, shared: Bool) -> [Float] {
        let workspace = scope.floats(
          count: max(
            plan.workspaceCount(threads: library.pool.threadCount),
            library.batchNormWorkspaceCount(plan.x), library.batchNormWorkspaceCount(plan.y)))
        func sums(_ parts: Int, _ layout: BlockedLayout) -> ChannelSums? {
          let count = ChannelSums.count(parts: parts, layout: layout)
          return shared ? ChannelSums(values: scope.floats(count: count), parts: parts) : nil
        }
        let y = scope.poisoned(plan.y)
        let behind = sums(parts.0, plan.y)
        library.conv2DForward(
          plan: plan, x: scope.tensor(x, plan.x), w: scope.floats(w), y: y, sums: behind,
          workspace: workspace)
        let saved = (scope.floats(count: g.k), scope.floats(count: g.k))
        library.batchNormForward(
          x: y, residual: nil, gamma: scope.floats(floats(g.k, 5)),
          beta: scope.floats(floats(g.k, 6)), y: y, savedMean: saved.0,
          savedInverseDeviation: saved.1, runningMean: scope.floats(count: g.k, of: 0),
          runningVariance: scope.floats(count: g.k, of: 1), momentum: 0.1, epsilon: 1e-5,
          activation: .identity, sums: behind, workspace: workspace)
        let dx = scope.poisoned(plan.x)
        let operands = BatchNormOperands(
          x: scope.tensor(x, plan.x), y: scope.tensor(output, plan.x),
          gamma: scope.floats(floats(g.c, 7)), beta: scope.floats(floats(g.c, 8)),
          mean: scope.floats(floats(g.c, 9)), inverseDeviation: scope.floats(floats(g.c, 10)),
          activation: activation, addsResidual: addsResidual)
        let before = sums(parts.1, plan.x)
        library.conv2DBackwardData(
          plan: plan, dy: scope.tensor(dy, plan.y), w: scope.floats(w), dx: dx,
          accumulate: false, sums: before.map { ($0, operands) }, workspace: workspace)
        let parameters = (scope.floats(count: g.c), scope.floats(count: g.c))
        library.batchNormBackward(
          operands, dy: dx, dx: dx, accumulatesDx: false, dResidual: nil,
          accumulatesDResidual: false, dGamma: parameters.0, dBeta: parameters.1, sums: before,
          workspace: workspace)
        return values(saved.0, g.k) + values(saved.1, g.k) + values(parameters.0, g.c)
          + values(parameters.1, g.c) + values(dx)
      }
      for variant in KernelVariant.available {
        let scope = Scope()
        let library = KernelLibrary(variant: variant, pool: ThreadPool(threadCount: 2))
        let (own, shared) = withExtendedLifetime(scope) {
          (run(library, scope, shared: false), run(library, scope, shared: true))
        }
        let size = own.reduce(0) { max($0, abs($1)) }
        let gap = zip(own, shared).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(gap < 1e-5 * size, "\(g), \(activation), \(addsResidual), \(variant): \(gap)")
      }
    }
  }

  @Test("Only 3 × 3 filters of stride 1 are transformed, and where that pays")
  func choice() {
    func transforms(_ g: ConvolutionGeometry, _ algorithm: ConvolutionAlgorithm) -> Bool {
      convolutionPlan(g, algorithm).usesWinograd
    }
    let usual = ConvolutionGeometry(n: 2, c: 16, h: 8, w: 8, k: 16, r: 3, s: 3, padding: 1)
    #expect(transforms(usual, .auto) && transforms(usual, .winograd))
    #expect(!transforms(usual, .direct))
    let stem = ConvolutionGeometry(n: 2, c: 3, h: 8, w: 8, k: 16, r: 3, s: 3, padding: 1)
    #expect(!transforms(stem, .auto) && transforms(stem, .winograd))
    let tiny = ConvolutionGeometry(n: 2, c: 16, h: 2, w: 2, k: 16, r: 3, s: 3, padding: 1)
    #expect(!transforms(tiny, .auto) && transforms(tiny, .winograd))
    for other in [
      ConvolutionGeometry(n: 2, c: 16, h: 8, w: 8, k: 16, r: 3, s: 3, stride: 2, padding: 1),
      ConvolutionGeometry(n: 2, c: 16, h: 8, w: 8, k: 16, r: 1, s: 1),
    ] {
      #expect(!transforms(other, .auto) && !transforms(other, .winograd))
    }
  }
}

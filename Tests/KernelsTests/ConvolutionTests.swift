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

  @Test("The three passes agree with a loop over every product", arguments: cases)
  func passes(geometry: ConvolutionGeometry) {
    checkConvolution(geometry, .direct)
  }

  @Test("Every width of row is cut into tiles that cover it", arguments: 1...33)
  func widths(width: Int) {
    checkConvolution(.init(n: 1, c: 1, h: 1, w: width, k: 17, r: 1, s: 3, padding: 1), .direct)
  }

  @Test("Narrow rows take several blocks at once", arguments: 1...7, 1...3)
  func narrowRows(width: Int, stride: Int) {
    for k in [48, 90] {
      checkConvolution(
        .init(n: 1, c: 2, h: 1, w: width, k: k, r: 1, s: 3, stride: stride, padding: 1), .direct)
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

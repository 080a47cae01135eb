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
    .init(n: 9, c: 16, h: 13, w: 13, k: 16, r: 3, s: 3, padding: 1),
    // More output channels than a group has.
    .init(n: 3, c: 16, h: 4, w: 4, k: 150, r: 3, s: 3, padding: 1),
  ]

  @Test("The three passes agree with a loop over every product", arguments: cases)
  func passes(geometry: ConvolutionGeometry) {
    checkConvolution(geometry, .winograd)
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

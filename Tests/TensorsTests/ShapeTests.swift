import Tensors
import Testing

@Suite struct ShapeTests {
  @Test func countAndText() {
    let shape: Shape = [128, 3, 32, 32]
    #expect(shape.count == 393_216)
    #expect(shape.rank == 4)
    #expect(shape.description == "128×3×32×32")
    #expect(Shape([]).count == 1)
    #expect(Shape([]).description == "scalar")
  }

  @Test(arguments: [
    (32, 3, 1, 1, 32), (32, 3, 2, 1, 16), (7, 3, 2, 1, 4), (5, 1, 2, 0, 3), (4, 2, 1, 0, 3),
  ])
  func convolutionSizes(h: Int, size: Int, stride: Int, padding: Int, expected: Int) {
    let geometry = ConvolutionGeometry(
      n: 2, c: 3, h: h, w: h, k: 5, r: size, s: size, stride: stride, padding: padding)
    #expect(geometry.outputShape == [2, 5, expected, expected])
    #expect(geometry.flops == 2 * 2 * 5 * expected * expected * 3 * size * size)
  }

  @Test func filterLargerThanImageTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = ConvolutionGeometry(n: 1, c: 1, h: 2, w: 2, k: 1, r: 5, s: 5)
    }
  }
}

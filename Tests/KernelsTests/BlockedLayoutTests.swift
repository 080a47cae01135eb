import Kernels
import Testing

@Suite("Blocked layout")
struct BlockedLayoutTests {
  @Test("Sizes and offsets")
  func offsets() {
    let layout = BlockedLayout(n: 2, c: 17, h: 3, w: 5, halo: 1)
    #expect(layout.blocks == 2)
    #expect(layout.rowStride == 7 * 16)
    #expect(layout.blockStride == 5 * 7 * 16)
    #expect(layout.imageStride == 2 * 5 * 7 * 16)
    #expect(layout.count == 2 * 2 * 5 * 7 * 16)
    #expect(layout.offset(n: 0, block: 0, y: -1, x: -1) == 0)
    #expect(layout.offset(n: 1, block: 1, y: 3, x: 5) == layout.count - 16)
  }

  @Test("Shapes are compared without halos")
  func shapes() {
    let layout = BlockedLayout(n: 2, c: 17, h: 3, w: 5, halo: 1)
    #expect(layout.hasSameShape(as: BlockedLayout(n: 2, c: 17, h: 3, w: 5, halo: 0)))
    #expect(!layout.hasSameShape(as: BlockedLayout(n: 2, c: 18, h: 3, w: 5, halo: 1)))
  }
}

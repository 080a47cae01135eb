import Kernels
import Tensors
import Testing

@Suite("Images")
struct ImagesTests {
  @Test("Dense images come into the blocked layout and back", arguments: layoutCases)
  func images(layout: BlockedLayout) {
    let x = randomValues(layout.elementCount, 1)
    let expected = x.map { Expected(value: Double($0)) }
    check(expected, "packing of \(layout)") { library, scope in
      let y = scope.poisoned(layout)
      library.packImages(x: scope.floats(x), y: y)
      return values(y)
    }
    check(expected, "unpacking of \(layout)") { library, scope in
      let y = scope.floats(count: x.count)
      library.unpackImages(x: scope.tensor(x, layout), y: y)
      return values(y, x.count)
    }
  }
}

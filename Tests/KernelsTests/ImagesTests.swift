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

  @Test("A bfloat16 is the nearest one, of two the even one")
  func rounding() {
    // What is kept ends with the last bit of 0x0001_0000.
    let bits: [(UInt32, UInt32)] = [
      (0x3F80_0000, 0x3F80_0000), (0x3F80_7FFF, 0x3F80_0000), (0x3F80_8000, 0x3F80_0000),
      (0x3F80_8001, 0x3F81_0000), (0x3F81_8000, 0x3F82_0000), (0xBF81_8000, 0xBF82_0000),
      (0x8000_0000, 0x8000_0000), (0x0000_8001, 0x0001_0000), (0x7F7F_FFFF, 0x7F80_0000),
      (0x7F80_0000, 0x7F80_0000), (0xFF80_0000, 0xFF80_0000),
    ]
    for (channels, variant) in [(1, 0), (16, 0), (1, 1), (16, 1), (1, 2), (16, 2)]
    where variant < KernelVariant.available.count {
      let layout = BlockedLayout(
        n: 1, c: channels, h: 1, w: bits.count, halo: 1, element: .bfloat16)
      let library = KernelLibrary(
        variant: KernelVariant.available[variant], element: .bfloat16,
        pool: ThreadPool(threadCount: 1))
      let scope = Scope()
      withExtendedLifetime(scope) {
        let line = bits.map { Float(bitPattern: $0.0) }
        let x = scope.poisoned(layout)
        library.packImages(x: scope.floats((0..<channels).flatMap { _ in line }), y: x)
        let expected = (0..<channels).flatMap { _ in bits.map(\.1) }
        #expect(values(x).map(\.bitPattern) == expected)
        // The same by a kernel that stores vectors: x + 0 does not change a bfloat16.
        let sum = scope.poisoned(layout)
        let zero = scope.tensor([Float](repeating: -0.0, count: layout.elementCount), layout)
        library.add(a: x, b: zero, y: sum)
        #expect(values(sum).map(\.bitPattern) == expected)
        let nan = scope.floats(
          [Float](repeating: Float(bitPattern: 0x7F80_0001), count: line.count * channels))
        library.packImages(x: nan, y: x)
        #expect(values(x).allSatisfy { $0.isNaN })
      }
    }
  }

  @Test("A float16 is the nearest one, of two the even one")
  func roundingToFloat16() {
    // Every float16, the middle between it and the next, and the floats on both sides of the middle.
    var numbers: [Float] = []
    for bits in UInt16(0)..<0x7C00 {
      let lower = Float(Float16(bitPattern: bits))
      let upper = bits == 0x7BFF ? 65_536 : Float(Float16(bitPattern: bits + 1))
      let middle = (lower + upper) / 2
      numbers += [lower, middle.nextDown, middle, -middle.nextUp]
    }
    numbers += [.infinity, -.infinity, 1e30, -1e-30, .leastNonzeroMagnitude]
    // A number of its own in each channel.
    while !numbers.count.isMultiple(of: 16) { numbers.append(0) }
    let layout = BlockedLayout(
      n: 1, c: 16, h: 1, w: numbers.count / 16, halo: 0, element: .float16)
    let expected = numbers.map { Float(Float16($0)).bitPattern }
    for variant in KernelVariant.available {
      let library = KernelLibrary(
        variant: variant, element: .float16, pool: ThreadPool(threadCount: 1))
      let scope = Scope()
      withExtendedLifetime(scope) {
        let x = scope.poisoned(layout)
        library.packImages(x: scope.floats(numbers), y: x)
        #expect(values(x).map(\.bitPattern) == expected, "\(variant)")
        // The same by a kernel that loads and stores vectors.
        let sum = scope.poisoned(layout)
        let zero = scope.tensor([Float](repeating: -0.0, count: numbers.count), layout)
        library.add(a: x, b: zero, y: sum)
        #expect(values(sum).map(\.bitPattern) == expected, "\(variant)")
        let nan = scope.floats(
          [Float](repeating: Float(bitPattern: 0x7F80_0001), count: numbers.count))
        library.packImages(x: nan, y: x)
        #expect(values(x).allSatisfy { $0.isNaN })
      }
    }
  }
}

import Kernels
import Tensors
import Testing

@Suite("Max pooling")
struct MaxPoolTests {
  static let cases: [(x: BlockedLayout, size: Int, stride: Int, padding: Int)] = [
    (BlockedLayout(n: 2, c: 16, h: 8, w: 8, halo: 1), 2, 2, 0),
    (BlockedLayout(n: 3, c: 24, h: 7, w: 5, halo: 1), 2, 2, 0),
    (BlockedLayout(n: 1, c: 1, h: 2, w: 2, halo: 0), 2, 2, 0),
    (BlockedLayout(n: 1, c: 33, h: 7, w: 5, halo: 2), 3, 3, 0),
    (BlockedLayout(n: 5, c: 3, h: 9, w: 6, halo: 1), 3, 3, 0),
    (BlockedLayout(n: 2, c: 17, h: 4, w: 9, halo: 0), 4, 4, 0),
    (BlockedLayout(n: 2, c: 3, h: 7, w: 5, halo: 1), 3, 2, 0),
    (BlockedLayout(n: 2, c: 5, h: 7, w: 6, halo: 1), 2, 1, 0),
    (BlockedLayout(n: 1, c: 3, h: 8, w: 7, halo: 1), 2, 3, 0),
    (BlockedLayout(n: 1, c: 2, h: 20, w: 17, halo: 1), 16, 1, 0),
    (BlockedLayout(n: 2, c: 19, h: 8, w: 8, halo: 1), 3, 2, 1),
    (BlockedLayout(n: 3, c: 3, h: 9, w: 6, halo: 1), 3, 2, 1),
    (BlockedLayout(n: 1, c: 2, h: 1, w: 2, halo: 0), 3, 2, 1),
    (BlockedLayout(n: 1, c: 5, h: 6, w: 7, halo: 2), 2, 2, 1),
    (BlockedLayout(n: 2, c: 4, h: 5, w: 9, halo: 1), 5, 1, 2),
    (BlockedLayout(n: 1, c: 16, h: 3, w: 12, halo: 1), 8, 3, 4),
  ]

  /// Multiples of 1/4, so that windows have several largest values.
  private static func values(_ count: Int, _ index: UInt64) -> [Float] {
    randomValues(count, index).map { ($0 * 4).rounded() / 4 }
  }

  /// The pixel of x that each window takes, by its position in `[n, c, h, w]`.
  private static func chosen(
    _ x: [Float], _ layout: BlockedLayout, height: Int, width: Int, stride: Int, padding: Int = 0
  ) -> [Int] {
    var chosen: [Int] = []
    for plane in 0..<layout.n * layout.c {
      for p in 0...(layout.h + 2 * padding - height) / stride {
        for q in 0...(layout.w + 2 * padding - width) / stride {
          var best: Int?
          for row in p * stride - padding..<p * stride - padding + height {
            for column in q * stride - padding..<q * stride - padding + width
            where 0..<layout.h ~= row && 0..<layout.w ~= column {
              let pixel = (plane * layout.h + row) * layout.w + column
              if let old = best, x[pixel] <= x[old] { continue }
              best = pixel
            }
          }
          if let best { chosen.append(best) }
        }
      }
    }
    return chosen
  }

  private static func gradient(
    _ chosen: [Int], _ dy: [Float], before: [Float]?, count: Int
  ) -> [Expected] {
    var gradient = [Expected](repeating: Expected(), count: count)
    for (pixel, value) in zip(chosen, dy) { gradient[pixel].add(Double(value)) }
    if let before {
      for index in gradient.indices { gradient[index].add(Double(before[index])) }
    }
    return gradient
  }

  @Test("Windows and their gradient", arguments: cases)
  func windows(layout: BlockedLayout, size: Int, stride: Int, padding: Int) {
    let small = BlockedLayout(
      n: layout.n, c: layout.c, h: (layout.h + 2 * padding - size) / stride + 1,
      w: (layout.w + 2 * padding - size) / stride + 1, halo: 1)
    let x = Self.values(layout.elementCount, 1)
    let dy = randomValues(small.elementCount, 2)
    let before = randomValues(layout.elementCount, 3)
    let chosen = Self.chosen(
      x, layout, height: size, width: size, stride: stride, padding: padding)
    #expect(chosen.count == small.elementCount)
    let bytes = KernelLibrary.maxPoolChoiceByteCount(small)
    for keeps in [false, true] {
      check(chosen.map { Expected(value: Double(x[$0])) }, "forward of \(layout) by \(size)") {
        library, scope in
        let y = scope.poisoned(small)
        library.maxPool(
          x: scope.tensor(x, layout), y: y,
          choices: keeps ? UnsafeMutableRawPointer(scope.floats(count: bytes / 4)) : nil,
          size: size, stride: stride, padding: padding)
        return KernelsTests.values(y)
      }
    }
    for accumulates in [false, true] {
      let expected = Self.gradient(
        chosen, dy, before: accumulates ? before : nil, count: x.count)
      check(expected, "backward to \(layout) by \(size), accumulating: \(accumulates)") {
        library, scope in
        let choices = scope.floats(count: bytes / 4)
        library.maxPool(
          x: scope.tensor(x, layout), y: scope.poisoned(small), choices: choices, size: size,
          stride: stride, padding: padding)
        let dx = accumulates ? scope.tensor(before, layout) : scope.poisoned(layout)
        library.maxPoolBackward(
          choices: choices, dy: scope.tensor(dy, small), dx: dx, size: size, stride: stride,
          padding: padding, accumulate: accumulates)
        return KernelsTests.values(dx)
      }
    }
  }

  @Test("Whole images and their gradient", arguments: layoutCases)
  func global(layout: BlockedLayout) {
    let x = Self.values(layout.elementCount, 1)
    let dy = randomValues(layout.n * layout.c, 2)
    let before = randomValues(layout.elementCount, 3)
    let chosen = Self.chosen(x, layout, height: layout.h, width: layout.w, stride: 1)
    for keeps in [false, true] {
      check(chosen.map { Expected(value: Double(x[$0])) }, "forward of \(layout)") {
        library, scope in
        let y = scope.floats(count: dy.count)
        library.globalMaxPool(
          x: scope.tensor(x, layout), y: y,
          choices: keeps ? scope.floats(count: dy.count) : nil)
        return KernelsTests.values(y, dy.count)
      }
    }
    for accumulates in [false, true] {
      let expected = Self.gradient(
        chosen, dy, before: accumulates ? before : nil, count: x.count)
      check(expected, "backward to \(layout), accumulating: \(accumulates)") { library, scope in
        let choices = scope.floats(count: dy.count)
        library.globalMaxPool(
          x: scope.tensor(x, layout), y: scope.floats(count: dy.count), choices: choices)
        let dx = accumulates ? scope.tensor(before, layout) : scope.poisoned(layout)
        library.globalMaxPoolBackward(
          choices: choices, dy: scope.floats(dy), dx: dx, accumulate: accumulates)
        return KernelsTests.values(dx)
      }
    }
  }

  @Test("Not a number is the largest; an image of −∞ has its first pixel chosen")
  func notANumber() {
    let layout = BlockedLayout(n: 1, c: 2, h: 2, w: 2, halo: 0)
    let small = BlockedLayout(n: 1, c: 2, h: 1, w: 1, halo: 0)
    let low = -Float.infinity
    for variant in KernelVariant.available {
      let library = KernelLibrary(variant: variant, pool: ThreadPool(threadCount: 1))
      let scope = Scope()
      let x = scope.tensor([1, .nan, .infinity, 0, low, low, low, low], layout)
      let y = scope.poisoned(small)
      let choices = scope.floats(count: 4)
      library.maxPool(x: x, y: y, choices: choices, size: 2, stride: 2)
      let whole = scope.floats(count: 2)
      let wholeChoices = scope.floats(count: 2)
      library.globalMaxPool(x: x, y: whole, choices: wholeChoices)
      #expect(KernelsTests.values(y)[0].isNaN && KernelsTests.values(y)[1] == low)
      #expect(whole[0].isNaN && whole[1] == low)
      #expect(wholeChoices[0] == 1 && wholeChoices[1] == 0)
      let dx = scope.poisoned(layout)
      library.maxPoolBackward(
        choices: choices, dy: scope.tensor([5, 7], small), dx: dx, size: 2, stride: 2,
        accumulate: false)
      #expect(KernelsTests.values(dx) == [0, 5, 0, 0, 7, 0, 0, 0])
    }
  }
}

import Kernels
import Tensors
import Testing

/// What an operation should give: a value in `Double`, and how far a float32 kernel may be from it.
struct Expected {
  var value = 0.0
  /// Σ |terms|.
  var magnitude = 0.0
  /// Roundings that a term goes through at most.
  var length = 4.0

  /// Adds a term.
  mutating func add(_ term: Double) {
    value += term
    magnitude += abs(term)
    length += 1
  }

  /// The bound of a float32 sum in any order: every rounding errs by at most 2⁻²⁴ of what is summed.
  var tolerance: Double { length * 0x1p-24 * magnitude + 0x1p-126 }
}

/// Runs a kernel in every variant with 1, 2 and 3 threads: the results of all thread counts must be
/// the same bits, and those of each variant what the reference expects.
func check(
  _ expected: [Expected], _ name: String, sourceLocation: SourceLocation = #_sourceLocation,
  _ kernel: (KernelLibrary, Scope) -> [Float]
) {
  for variant in KernelVariant.available {
    var first: [UInt32] = []
    for threads in 1...3 {
      let library = KernelLibrary(variant: variant, pool: ThreadPool(threadCount: threads))
      let scope = Scope()
      let values = withExtendedLifetime(scope) { kernel(library, scope) }
      if threads == 1 {
        first = values.map(\.bitPattern)
        compare(values, expected, "\(name), \(variant)", sourceLocation)
      }
      #expect(
        values.map(\.bitPattern) == first, "\(name), \(variant): \(threads) threads differ",
        sourceLocation: sourceLocation)
    }
  }
}

/// Compares counts, then values; what is not a number is never right.
private func compare(
  _ values: [Float], _ expected: [Expected], _ name: String, _ sourceLocation: SourceLocation
) {
  guard values.count == expected.count else {
    Issue.record(
      "\(name): \(values.count) values, expected \(expected.count)",
      sourceLocation: sourceLocation)
    return
  }
  for index in values.indices {
    let error = abs(Double(values[index]) - expected[index].value)
    guard error <= expected[index].tolerance else {
      Issue.record(
        """
        \(name): element \(index) is \(values[index]), expected \(expected[index].value) \
        within \(expected[index].tolerance)
        """, sourceLocation: sourceLocation)
      return
    }
  }
}

/// Memory that lives as long as one run of a kernel.
final class Scope {
  private var allocations: [UnsafeMutablePointer<Float>] = []

  deinit { for allocation in allocations { allocation.deallocate() } }

  /// `count` floats of one value; NaN shows what a kernel forgets to write.
  func floats(count: Int, of value: Float = .nan) -> UnsafeMutablePointer<Float> {
    let pointer = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: HostBuffer.alignment
    ).bindMemory(to: Float.self, capacity: max(1, count))
    pointer.initialize(repeating: value, count: count)
    allocations.append(pointer)
    return pointer
  }

  func floats(_ values: [Float]) -> UnsafeMutablePointer<Float> {
    let pointer = floats(count: values.count)
    for (index, value) in values.enumerated() { pointer[index] = value }
    return pointer
  }

  /// A tensor full of NaN, halo and padding lanes included.
  func poisoned(_ layout: BlockedLayout) -> BlockedTensor {
    BlockedTensor(values: floats(count: layout.count), layout: layout)
  }

  /// A tensor of dense values `[n, c, h, w]`, filled without any kernel.
  func tensor(_ dense: [Float], _ layout: BlockedLayout) -> BlockedTensor {
    precondition(dense.count == layout.elementCount)
    let pointer = floats(count: layout.count, of: 0)
    for (position, value) in zip(layout.positions, dense) {
      switch layout.element {
      case .float32: pointer[position] = value
      case .bfloat16:
        UnsafeMutableRawPointer(pointer).storeBytes(
          of: UInt16(value.bitPattern >> 16), toByteOffset: 2 * position, as: UInt16.self)
      case .float16:
        UnsafeMutableRawPointer(pointer).storeBytes(
          of: Float16(value).bitPattern, toByteOffset: 2 * position, as: UInt16.self)
      }
    }
    return BlockedTensor(values: pointer, layout: layout)
  }
}

/// The first floats at an address.
func values(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) -> [Float] {
  Array(UnsafeBufferPointer(start: pointer, count: count))
}

/// The dense values `[n, c, h, w]` of a tensor, after a check that everything else in it is zero.
func values(
  _ tensor: BlockedTensor, sourceLocation: SourceLocation = #_sourceLocation
) -> [Float] {
  let numbers = tensor.numbers
  var isValue = [Bool](repeating: false, count: tensor.layout.count)
  let positions = tensor.layout.positions
  for position in positions { isValue[position] = true }
  let paddingIsZero = isValue.indices.allSatisfy { isValue[$0] || numbers[$0] == 0 }
  #expect(paddingIsZero, "halo or padding lanes are not zero", sourceLocation: sourceLocation)
  return positions.map { numbers[$0] }
}

extension BlockedTensor {
  /// All numbers, halo and padding lanes included.
  var numbers: [Float] {
    switch layout.element {
    case .float32:
      return UnsafeBufferPointer(
        start: values.assumingMemoryBound(to: Float.self), count: layout.count
      ).map { $0 }
    case .bfloat16:
      return UnsafeBufferPointer(
        start: values.assumingMemoryBound(to: UInt16.self), count: layout.count
      ).map { Float(bitPattern: UInt32($0) << 16) }
    case .float16:
      return UnsafeBufferPointer(
        start: values.assumingMemoryBound(to: UInt16.self), count: layout.count
      ).map { Float(Float16(bitPattern: $0)) }
    }
  }
}

extension BlockedLayout {
  /// Values, padding not counted.
  var elementCount: Int { n * c * h * w }

  /// Where the values `[n, c, h, w]` lie.
  var positions: [Int] {
    var positions: [Int] = []
    positions.reserveCapacity(elementCount)
    for image in 0..<n {
      for channel in 0..<c {
        for y in 0..<h {
          for x in 0..<w {
            positions.append(
              offset(n: image, block: channel / 16, y: y, x: x) + channel % 16)
          }
        }
      }
    }
    return positions
  }

  /// The channel of an element, counted through `[n, c, h, w]`.
  func channel(_ index: Int) -> Int { index / (h * w) % c }
}

/// Numbers in -1..<1, different for every `index`.
func randomValues(_ count: Int, _ index: UInt64) -> [Float] {
  var stream = RandomStream(seed: 20_26, purpose: .test, index: index)
  return (0..<count).map { _ in Float(2 * stream.nextUniform() - 1) }
}

/// Layouts that exercise odd sizes, tails of blocks, one channel and one pixel.
let layoutCases = [
  BlockedLayout(n: 1, c: 1, h: 1, w: 1, halo: 0),
  BlockedLayout(n: 1, c: 1, h: 28, w: 28, halo: 1),
  BlockedLayout(n: 2, c: 17, h: 5, w: 3, halo: 1),
  BlockedLayout(n: 3, c: 16, h: 7, w: 9, halo: 2),
  BlockedLayout(n: 5, c: 40, h: 4, w: 4, halo: 0),
]

import CKernels

/// Sixteen channels of one pixel; the compiler cuts it into the variant's registers.
typealias Vector = SIMD16<Float>

/// Channels in a block.
let lanes = 16

// Only the operations below and SIMD's operators are used on vectors. Generic functions of the
// standard library that are specialised here would become symbols that the linker may share with
// code for processors without this variant's instructions.

#if !KERNELS_AVX512
// The compiler spends half of its time on SIMD's own operators, which are written lane by lane. Where a
// vector is a single register they make code that is some per cent faster, by how much is inlined.
extension SIMD16<Float> {
  @inline(__always) static func + (a: Vector, b: Vector) -> Vector { CKernels.sum(a, b) }
  @inline(__always) static func - (a: Vector, b: Vector) -> Vector { difference(a, b) }
  @inline(__always) static func * (a: Vector, b: Vector) -> Vector { product(a, b) }
  @inline(__always) static func / (a: Vector, b: Vector) -> Vector { quotient(a, b) }
  @inline(__always) static func * (a: Float, b: Vector) -> Vector { Vector(repeating: a) * b }
  @inline(__always) static func * (a: Vector, b: Float) -> Vector { a * Vector(repeating: b) }
  @inline(__always) static func += (a: inout Vector, b: Vector) { a = a + b }
  @inline(__always) static func -= (a: inout Vector, b: Vector) { a = a - b }
  @inline(__always) static func *= (a: inout Vector, b: Vector) { a = a * b }
}
#endif

/// What a number looks like in memory; arithmetic is float32 throughout.
protocol Element {
  static func load(_ address: UnsafePointer<Self>) -> Vector
  static func store(_ vector: Vector, _ address: UnsafeMutablePointer<Self>)
  /// The number, in all lanes.
  static func broadcast(_ address: UnsafePointer<Self>) -> Vector
  init(rounding value: Float)
  var value: Float { get }
}

extension Float: Element {
  @inline(__always) static func load(_ address: UnsafePointer<Float>) -> Vector {
    UnsafeRawPointer(address).loadUnaligned(as: Vector.self)
  }
  @inline(__always) static func store(_ vector: Vector, _ address: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(address).storeBytes(of: vector, as: Vector.self)
  }
  @inline(__always) static func broadcast(_ address: UnsafePointer<Float>) -> Vector {
    Vector(repeating: address.pointee)
  }
  @inline(__always) init(rounding value: Float) { self = value }
  @inline(__always) var value: Float { self }
}

#if KERNELS_BFLOAT16
/// An element of an activation: a bfloat16, by its bits.
typealias Stored = UInt16

extension UInt16: Element {
  @inline(__always) static func load(_ address: UnsafePointer<UInt16>) -> Vector {
    loadBFloat16(address)
  }
  @inline(__always) static func store(_ vector: Vector, _ address: UnsafeMutablePointer<UInt16>) {
    storeBFloat16(vector, address)
  }
  @inline(__always) static func broadcast(_ address: UnsafePointer<UInt16>) -> Vector {
    Vector(repeating: widenedBFloat16(address.pointee))
  }
  @inline(__always) init(rounding value: Float) { self = roundedToBFloat16(value) }
  @inline(__always) var value: Float { widenedBFloat16(self) }
}
#elseif KERNELS_FLOAT16
/// An element of an activation: a float16, by its bits.
typealias Stored = UInt16

extension UInt16: Element {
  @inline(__always) static func load(_ address: UnsafePointer<UInt16>) -> Vector {
    loadFloat16(address)
  }
  @inline(__always) static func store(_ vector: Vector, _ address: UnsafeMutablePointer<UInt16>) {
    storeFloat16(vector, address)
  }
  @inline(__always) static func broadcast(_ address: UnsafePointer<UInt16>) -> Vector {
    Vector(repeating: widenedFloat16(address.pointee))
  }
  @inline(__always) init(rounding value: Float) { self = roundedToFloat16(value) }
  @inline(__always) var value: Float { widenedFloat16(self) }
}
#else
/// An element of an activation.
typealias Stored = Float
#endif

/// Loads a vector from any address.
@inline(__always)
func load<E: Element>(_ address: UnsafePointer<E>) -> Vector { E.load(address) }

/// Loads a vector from any address.
@inline(__always)
func load<E: Element>(_ address: UnsafeMutablePointer<E>) -> Vector {
  E.load(UnsafePointer(address))
}

/// Stores a vector to any address.
@inline(__always)
func store<E: Element>(_ vector: Vector, _ address: UnsafeMutablePointer<E>) {
  E.store(vector, address)
}

/// `a · b + c`, with one rounding where the variant's instructions have that.
@inline(__always)
func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
  #if KERNELS_BASELINE && arch(x86_64)
  a * b + c
  #else
  fusedMultiplyAdd(a, b, c)
  #endif
}

/// The sum of the lanes, in a fixed order.
@inline(__always)
func sum(_ vector: Vector) -> Float {
  let eight = vector.lowHalf + vector.highHalf
  let four = eight.lowHalf + eight.highHalf
  return (four[0] + four[1]) + (four[2] + four[3])
}

/// The values of a block's channels in a dense array of `c`; 0 in the padding lanes.
func loadChannels(_ values: UnsafePointer<Float>, block: Int, c: Int) -> Vector {
  if (block + 1) * lanes <= c { return load(values + block * lanes) }
  var vector = Vector.zero
  for lane in 0..<(c - block * lanes) { vector[lane] = values[block * lanes + lane] }
  return vector
}

/// Writes a block's channels to a dense array of `c`.
func storeChannels(
  _ vector: Vector, _ values: UnsafeMutablePointer<Float>, block: Int, c: Int
) {
  if (block + 1) * lanes <= c { return store(vector, values + block * lanes) }
  for lane in 0..<(c - block * lanes) { values[block * lanes + lane] = vector[lane] }
}

/// Calls `body` with room for `count` floats on the stack.
@inline(__always)
func withUnsafeTemporaryFloats(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  withUnsafeTemporaryAllocation(byteCount: count * 4, alignment: 64) { bytes in
    body(bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Float.self))
  }
}

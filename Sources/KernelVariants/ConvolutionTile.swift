import CKernels

// The register tile of all products of activations with packed filters: neighbouring pixels times
// one or more blocks of output channels, summed over taps and input channels. Direct convolution
// uses it with the taps of its filter, Winograd convolution with a single one.

/// What a register tile of a convolution reads and writes.
struct TileWork<E: Element> {
  /// The input pixel of the first output pixel, first channel.
  var x: UnsafePointer<E>
  /// The first output pixel, first block.
  var y: UnsafeMutablePointer<E>
  /// `[input block][tap][input channel][output block][16]`.
  var filter: UnsafePointer<Float>
  /// Per tap: floats from `x`.
  var taps: UnsafePointer<Int>
  var tapCount: Int
  /// Input channels to sum over.
  var channels: Int
  /// Floats between input blocks.
  var inputBlock: Int
  /// Floats between the input pixels of neighbouring output pixels.
  var inputStep: Int
  var outputBlock: Int
  var outputStep: Int
  /// Whether the tile starts from zero instead of what `y` holds.
  var isFresh: Bool
}

/// Cuts a row of output pixels into tiles of nearly equal width.
func computeRow<E: Element>(_ work: TileWork<E>, _ vectors: Int, _ columns: Int) {
  var work = work
  var widest = widestTile(vectors)
  if work.inputStep > 2 * lanes { widest = least(widest, widestTileOfAnyStride) }
  let tiles = (columns + widest - 1) / widest
  let narrow = columns / tiles
  var wider = columns % tiles
  var column = 0
  while column < columns {
    let pixels = least(wider > 0 ? narrow + 1 : narrow, columns - column)
    wider -= 1
    computeTile(work, vectors, pixels)
    work.x += pixels * work.inputStep
    work.y += pixels * work.outputStep
    column += pixels
  }
}

/// The distance of input pixels; a constant lets the tile use fixed offsets from one address.
private protocol InputStep {
  static func floats<E: Element>(_ work: TileWork<E>) -> Int
}

private struct Stride1: InputStep {
  @inline(__always) static func floats<E: Element>(_ work: TileWork<E>) -> Int { lanes }
}

private struct Stride2: InputStep {
  @inline(__always) static func floats<E: Element>(_ work: TileWork<E>) -> Int { 2 * lanes }
}

private struct AnyStride: InputStep {
  @inline(__always) static func floats<E: Element>(_ work: TileWork<E>) -> Int { work.inputStep }
}

@inline(never)
private func multiply<T: Tile, Step: InputStep, E: Element>(
  _: T.Type, _: Step.Type, _ work: TileWork<E>
) {
  var tile =
    work.isFresh
    ? T(zero: ()) : T(UnsafePointer(work.y), work.outputStep, work.outputBlock)
  let step = Step.floats(work)
  var filter = work.filter
  var block = work.x
  var channels = work.channels
  while channels > 0 {
    let count = least(lanes, channels)
    var tap = 0
    while tap < work.tapCount {
      var x = block + work.taps[tap]
      var remaining = count
      while remaining > 0 {
        tile.add(x, step, T.Line(filter, lanes))
        filter += T.Line.vectors * lanes
        x += 1
        remaining -= 1
      }
      tap += 1
    }
    block += work.inputBlock
    channels -= lanes
  }
  tile.write(work.y, work.outputStep, work.outputBlock)
}

#if KERNELS_AVX512
// 32 registers: 14 × 2 accumulators, two of filter, one broadcast. With one output block a
// broadcast serves one product only, so that the load units, not the registers, set the limit. In
// rows of a few pixels four blocks keep enough sums going to hide an addition's four cycles.
let vectorsPerTile = 2
let vectorsPerNarrowTile = 4
let narrowColumns = 6
#else
// A vector is two or four registers of the sixteen, or four of thirty-two: one output block fills
// a tile.
let vectorsPerTile = 1
let vectorsPerNarrowTile = 1
let narrowColumns = 0
#endif

/// The widest tile of so many output blocks, in pixels.
private func widestTile(_ vectors: Int) -> Int {
  #if KERNELS_AVX512
  switch vectors {
  case 1: 16
  case 2: 14
  default: narrowColumns
  }
  #elseif KERNELS_AVX2 || arch(arm64)
  6
  #else
  3
  #endif
}

/// The widest tile for steps that no tile is specialised for.
private let widestTileOfAnyStride = 3

/// Computes `pixels` neighbouring output pixels, at most `widestTile(vectors)`.
private func computeTile<E: Element>(_ work: TileWork<E>, _ vectors: Int, _ pixels: Int) {
  #if KERNELS_AVX512
  switch vectors {
  case 2: return computeTile(Row2.self, work, pixels)
  case 3: return computeTile(Row3.self, work, pixels)
  case 4: return computeTile(Row4.self, work, pixels)
  default: break
  }
  #endif
  computeTile(Row1.self, work, pixels)
}

@inline(__always)
private func computeTile<Line: Row, E: Element>(
  _: Line.Type, _ work: TileWork<E>, _ pixels: Int
) {
  if work.inputStep == lanes {
    computeTile(Line.self, Stride1.self, work, pixels)
  } else if work.inputStep == 2 * lanes {
    computeTile(Line.self, Stride2.self, work, pixels)
  } else {
    switch pixels {
    case 1: multiply(Tile1<Line>.self, AnyStride.self, work)
    case 2: multiply(Tile2<Line>.self, AnyStride.self, work)
    default: multiply(Tile3<Line>.self, AnyStride.self, work)
    }
  }
}

@inline(__always)
private func computeTile<Line: Row, Step: InputStep, E: Element>(
  _: Line.Type, _: Step.Type, _ work: TileWork<E>, _ pixels: Int
) {
  switch pixels {
  case 1: multiply(Tile1<Line>.self, Step.self, work)
  case 2: multiply(Tile2<Line>.self, Step.self, work)
  case 3: multiply(Tile3<Line>.self, Step.self, work)
  #if KERNELS_AVX512 || KERNELS_AVX2 || arch(arm64)
  case 4: multiply(Tile4<Line>.self, Step.self, work)
  case 5: multiply(Tile5<Line>.self, Step.self, work)
  case 6: multiply(Tile6<Line>.self, Step.self, work)
  #endif
  #if KERNELS_AVX512
  case 7 where Line.vectors <= 2: multiply(Tile7<Line>.self, Step.self, work)
  case 8 where Line.vectors <= 2: multiply(Tile8<Line>.self, Step.self, work)
  case 9 where Line.vectors <= 2: multiply(Tile9<Line>.self, Step.self, work)
  case 10 where Line.vectors <= 2: multiply(Tile10<Line>.self, Step.self, work)
  case 11 where Line.vectors <= 2: multiply(Tile11<Line>.self, Step.self, work)
  case 12 where Line.vectors <= 2: multiply(Tile12<Line>.self, Step.self, work)
  case 13 where Line.vectors <= 2: multiply(Tile13<Line>.self, Step.self, work)
  case 14 where Line.vectors <= 2: multiply(Tile14<Line>.self, Step.self, work)
  case 15 where Line.vectors == 1: multiply(Tile15<Line>.self, Step.self, work)
  case 16 where Line.vectors == 1: multiply(Tile16<Line>.self, Step.self, work)
  #endif
  default: break
  }
}

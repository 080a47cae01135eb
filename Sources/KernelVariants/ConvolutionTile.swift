// The one micro-kernel of forward and backward-data.

/// What a register tile of a convolution reads and writes.
struct TileWork {
  /// The input pixel of the first output pixel, first channel.
  var x: UnsafePointer<Float>
  /// The first output pixel, first block.
  var y: UnsafeMutablePointer<Float>
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

/// The distance of input pixels; a constant lets the tile use fixed offsets from one address.
private protocol InputStep {
  static func floats(_ work: TileWork) -> Int
}

private struct Stride1: InputStep {
  @inline(__always) static func floats(_ work: TileWork) -> Int { lanes }
}

private struct Stride2: InputStep {
  @inline(__always) static func floats(_ work: TileWork) -> Int { 2 * lanes }
}

private struct AnyStride: InputStep {
  @inline(__always) static func floats(_ work: TileWork) -> Int { work.inputStep }
}

@inline(never)
private func multiply<T: Tile, Step: InputStep>(_: T.Type, _: Step.Type, _ work: TileWork) {
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
// broadcast serves one product only, so that the load units, not the registers, set the limit.
let widestTile1 = 16
let widestTile2 = 14
let vectorsPerTile = 2
#elseif arch(arm64)
// 32 registers, four for a vector.
let widestTile1 = 6
let widestTile2 = 1
let vectorsPerTile = 1
#elseif KERNELS_AVX2
// 16 registers, two for a vector: 6 × 2 accumulators, two of filter, one broadcast.
let widestTile1 = 6
let widestTile2 = 1
let vectorsPerTile = 1
#else
// 16 registers, four for a vector: 3 × 4 accumulators.
let widestTile1 = 3
let widestTile2 = 1
let vectorsPerTile = 1
#endif

/// The widest tile for steps that no tile is specialised for.
let widestTileOfAnyStride = 3

/// Computes `pixels` neighbouring output pixels, at most what `widestTile1` and `widestTile2` say.
func computeTile(_ work: TileWork, _ vectors: Int, _ pixels: Int) {
  #if KERNELS_AVX512
  if vectors == 2 { return computeTile(Row2.self, work, pixels) }
  #endif
  computeTile(Row1.self, work, pixels)
}

@inline(__always)
private func computeTile<Line: Row>(_: Line.Type, _ work: TileWork, _ pixels: Int) {
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
private func computeTile<Line: Row, Step: InputStep>(
  _: Line.Type, _: Step.Type, _ work: TileWork, _ pixels: Int
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
  case 7: multiply(Tile7<Line>.self, Step.self, work)
  case 8: multiply(Tile8<Line>.self, Step.self, work)
  case 9: multiply(Tile9<Line>.self, Step.self, work)
  case 10: multiply(Tile10<Line>.self, Step.self, work)
  case 11: multiply(Tile11<Line>.self, Step.self, work)
  case 12: multiply(Tile12<Line>.self, Step.self, work)
  case 13: multiply(Tile13<Line>.self, Step.self, work)
  case 14: multiply(Tile14<Line>.self, Step.self, work)
  case 15 where Line.vectors == 1: multiply(Tile15<Line>.self, Step.self, work)
  case 16 where Line.vectors == 1: multiply(Tile16<Line>.self, Step.self, work)
  #endif
  default: break
  }
}

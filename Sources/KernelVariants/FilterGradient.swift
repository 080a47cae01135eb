import CKernels

// The filter gradient: for each output channel, tap and input channel a sum over all pixels.
//
// Loop order: slice of images → (input block, tap) three at a time → output channels of one block
// → register tile, summed over the slice's pixels. A tile multiplies broadcasts of `dy` with
// vectors of `x`; neighbouring taps read `x` vectors that are in the L1 cache already. A slice has
// enough pixels to make loading and storing the tile cheap, and few enough for the L2 cache. With
// few input channels the roles change: broadcasts of `x`, one per tap and channel, times vectors
// of `dy`.

/// Pixels that a tile is summed over at least, if the chunk has as many.
private let slicePixels = 1024

/// One task: a chunk of images and one block of output channels.
func filterGradient(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: FilterGradientTask.self).pointee
  let chunk = index / task.dy.blocks
  let block = index % task.dy.blocks
  let partial = task.partials + chunk * task.partialStride
  let last = least((chunk + 1) * task.imagesPerChunk, task.dy.n)
  let perSlice = slicePixels / (task.dy.h * task.dy.w) + 1
  var first = chunk * task.imagesPerChunk
  var isFresh = true
  while first < last {
    let end = least(first + perSlice, last)
    let pixels = GradientPixels(
      x: UnsafePointer(task.x.pixels) + first * task.x.image,
      dy: UnsafePointer(task.dy.plane(first * task.dy.blocks + block)),
      images: end - first, rows: task.dy.h, columns: task.dy.w,
      xImage: task.x.image, xRow: task.stride * task.x.row, xStep: task.stride * lanes,
      dyImage: task.dy.image, dyRow: task.dy.row, isFresh: isFresh)
    if task.narrowRows > 0 {
      sumNarrow(task, pixels, partial + block * lanes * task.narrowRows)
    } else {
      sumWide(task, pixels, partial, block)
    }
    isFresh = false
    first = end
  }
}

/// The pixels, or tiles, to sum over.
struct GradientPixels<E: Element> {
  var x: UnsafePointer<E>
  var dy: UnsafePointer<E>
  var images: Int
  var rows: Int
  var columns: Int
  var xImage: Int
  var xRow: Int
  var xStep: Int
  var dyImage: Int
  var dyRow: Int
  var isFresh: Bool
}

// MARK: - Many input channels

#if KERNELS_AVX512
// 8 × 3 accumulators, three vectors of x, one broadcast.
private let vectorsPerGradientTile = 3
private typealias WideTile3 = Tile8<Row3>
private typealias WideTile2 = Tile8<Row2>
private typealias WideTile1 = Tile16<Row1>
#elseif KERNELS_AVX2 || arch(arm64)
private let vectorsPerGradientTile = 1
private typealias WideTile1 = Tile4<Row1>
#else
private let vectorsPerGradientTile = 1
private typealias WideTile1 = Tile2<Row1>
#endif

/// Sums into `[k][input block][tap][16]`.
private func sumWide(
  _ task: FilterGradientTask, _ pixels: GradientPixels<Stored>,
  _ partial: UnsafeMutablePointer<Float>,
  _ block: Int
) {
  let pairs = task.x.blocks * task.positions
  sumBlock(
    pixels, vectors: pairs, channels: least(lanes, task.dy.c - block * lanes),
    partial + block * lanes * pairs * lanes
  ) { pair in pair / task.positions * task.x.block + task.tapOffsets[pair % task.positions] }
}

/// Sums broadcasts of `channels` channels of `dy` times `vectors` vectors of `x`, which lie at
/// `offset` of their number, into `[channel][vector][16]`.
@inline(__always)
func sumBlock<E: Element>(
  _ pixels: GradientPixels<E>, vectors: Int, channels: Int, _ target: UnsafeMutablePointer<Float>,
  offset: (Int) -> Int
) {
  let rowStride = vectors * lanes
  var vector = 0
  while vector < vectors {
    let count = least(vectorsPerGradientTile, vectors - vector)
    let offsets = (
      offset(vector), offset(least(vector + 1, vectors - 1)),
      offset(least(vector + 2, vectors - 1))
    )
    var lane = 0
    while lane < channels {
      let output = target + (lane * rowStride + vector * lanes)
      #if KERNELS_AVX512
      switch count {
      case 3: sum(WideTile3.self, pixels, lane, offsets, output, rowStride)
      case 2: sum(WideTile2.self, pixels, lane, offsets, output, rowStride)
      default: sum(WideTile1.self, pixels, lane, offsets, output, rowStride)
      }
      lane += count == 1 ? WideTile1.rows : WideTile3.rows
      #else
      sum(WideTile1.self, pixels, lane, offsets, output, rowStride)
      lane += WideTile1.rows
      #endif
    }
    vector += count
  }
}

@inline(never)
private func sum<T: Tile, E: Element>(
  _: T.Type, _ pixels: GradientPixels<E>, _ lane: Int, _ offsets: (Int, Int, Int),
  _ output: UnsafeMutablePointer<Float>, _ rowStride: Int
) where T.Line: ScatteredRow {
  var tile = pixels.isFresh ? T(zero: ()) : T(UnsafePointer(output), rowStride, lanes)
  for image in 0..<pixels.images {
    for row in 0..<pixels.rows {
      var x = pixels.x + (image * pixels.xImage + row * pixels.xRow)
      var dy = pixels.dy + (image * pixels.dyImage + row * pixels.dyRow + lane)
      var remaining = pixels.columns
      while remaining > 0 {
        tile.add(dy, 1, T.Line(x, offsets))
        x += pixels.xStep
        dy += lanes
        remaining -= 1
      }
    }
  }
  tile.write(output, rowStride, lanes)
}

// MARK: - Few input channels

#if KERNELS_AVX512 || arch(arm64)
private typealias NarrowTile = Tile9<Row1>
#elseif KERNELS_AVX2
private typealias NarrowTile = Tile6<Row1>
#else
private typealias NarrowTile = Tile3<Row1>
#endif

/// Sums into `[(input channel, tap)][16]`.
private func sumNarrow(
  _ task: FilterGradientTask, _ pixels: GradientPixels<Stored>,
  _ output: UnsafeMutablePointer<Float>
) {
  var first = 0
  while first < task.narrowRows {
    sumScattered(pixels, task.tapOffsets + first, output + first * lanes)
    first += NarrowTile.rows
  }
}

@inline(never)
private func sumScattered(
  _ pixels: GradientPixels<Stored>, _ offsets: UnsafePointer<Int>,
  _ output: UnsafeMutablePointer<Float>
) {
  var tile =
    pixels.isFresh ? NarrowTile(zero: ()) : NarrowTile(UnsafePointer(output), lanes, lanes)
  for image in 0..<pixels.images {
    for row in 0..<pixels.rows {
      var x = pixels.x + (image * pixels.xImage + row * pixels.xRow)
      var dy = pixels.dy + (image * pixels.dyImage + row * pixels.dyRow)
      var remaining = pixels.columns
      while remaining > 0 {
        tile.add(x, offsets, NarrowTile.Line(dy, lanes))
        x += pixels.xStep
        dy += lanes
        remaining -= 1
      }
    }
  }
  tile.write(output, lanes, lanes)
}

// MARK: - Reduction

/// Adds the chunks in order and writes the gradient of output channel `index`, `[c, r, s]`.
func reduceFilterGradient(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: FilterReductionTask.self).pointee
  let dw = task.dw + index * task.c * task.positions
  if task.narrowRows > 0 {
    let block = index / lanes * lanes * task.narrowRows
    for pair in 0..<task.c * task.positions {
      var source = task.partials + block + pair * lanes + index % lanes
      var total: Float = 0
      for _ in 0..<task.chunks {
        total += source.pointee
        source += task.partialStride
      }
      dw[pair] = total
    }
    return
  }
  let blocks = (task.c + lanes - 1) / lanes
  for block in 0..<blocks {
    let channels = least(lanes, task.c - block * lanes)
    for position in 0..<task.positions {
      let pair = (index * blocks + block) * task.positions + position
      var source = task.partials + pair * lanes
      var total = Vector.zero
      for _ in 0..<task.chunks {
        total += load(source)
        source += task.partialStride
      }
      for lane in 0..<channels {
        dw[(block * lanes + lane) * task.positions + position] = total[lane]
      }
    }
  }
}

import CKernels

// Direct convolution: forward and backward-data.
//
// Loop order: phase → output tile column (one or two blocks) → slice of input blocks → image → row
// → register tile of pixels → input block → tap → input channel. One slice of the packed filter
// (at most 24 KiB) stays in the L1 cache over all pixels of the task; a tile is summed over the
// whole slice in registers. FLOPs: 2 per product; bytes per tile and input channel: a vector of
// filter per output block from L1, a broadcast of x per pixel from L1 (from L2 the first time).

/// Floats of packed filter that are used again and again for all pixels of a task.
private let sliceFloats = 6144

/// One task of a pass: some images, some rows.
func convolution(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: ConvolutionTask.self).pointee
  let firstImage = index / task.rowGroups * task.imagesPerTask
  let images = Range(
    uncheckedBounds: (firstImage, least(firstImage + task.imagesPerTask, task.output.n)))
  let firstRow = index % task.rowGroups * task.rowsPerTask
  for number in 0..<task.phaseCount {
    let phase = task.phases[number]
    let lastRow = least(firstRow + task.rowsPerTask, phase.rows)
    if lastRow > firstRow {
      compute(task, phase, images, Range(uncheckedBounds: (firstRow, lastRow)))
    }
  }
  if !task.accumulates {
    let output = task.output
    let top = firstRow * task.outputStep
    let bottom = least((firstRow + task.rowsPerTask) * task.outputStep, output.h)
    for plane in images.lowerBound * output.blocks..<images.upperBound * output.blocks {
      output.zeroHalo(output.plane(plane), rows: Range(uncheckedBounds: (top, bottom)))
    }
  }
}

private func compute(
  _ task: ConvolutionTask, _ phase: ConvolutionPhase, _ images: Range<Int>, _ rows: Range<Int>
) {
  let (input, output, taps) = (task.input, task.output, phase.tapCount)
  if taps == 0 && task.accumulates { return }
  var block = 0
  while block < output.blocks {
    let vectors = least(task.vectors, output.blocks - block)
    let filter = task.filter + phase.filter + block * lanes * input.c * taps
    let blockFloats = taps * lanes * vectors * lanes
    var slice = blockFloats == 0 ? input.blocks : sliceFloats / blockFloats
    if slice < 1 { slice = 1 }
    var inputBlock = 0
    while inputBlock < input.blocks {
      var work = TileWork(
        x: UnsafePointer(input.pixels), y: output.pixels, filter: filter + inputBlock * blockFloats,
        taps: task.tapOffsets + phase.firstTap, tapCount: taps,
        channels: least(slice * lanes, input.c - inputBlock * lanes),
        inputBlock: input.block, inputStep: task.inputStep * lanes,
        outputBlock: output.block, outputStep: task.outputStep * lanes,
        isFresh: inputBlock == 0 && !task.accumulates)
      for image in images {
        let x = input.pixels + (image * input.image + inputBlock * input.block)
        let y = output.pixels + (image * output.image + block * output.block)
        for row in rows {
          work.x = UnsafePointer(x + row * task.inputStep * input.row)
          work.y = y + ((phase.y + row * task.outputStep) * output.row + phase.x * lanes)
          computeRow(work, vectors, phase.columns)
        }
      }
      inputBlock += slice
    }
    block += vectors
  }
}

/// Cuts a row of output pixels into tiles of nearly equal width.
private func computeRow(_ work: TileWork, _ vectors: Int, _ columns: Int) {
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

/// Brings a filter [k, c, r, s] into the order [output tile column][input block][tap][input
/// channel][output channel] for the output blocks of tile column `index`.
func packFilter(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: FilterPackingTask.self).pointee
  let (inputs, outputs) = task.swapsChannels ? (task.k, task.c) : (task.c, task.k)
  let inputStride = task.swapsChannels ? task.c * task.positions : task.positions
  let outputStride = task.swapsChannels ? task.positions : task.c * task.positions
  let blocks = (outputs + lanes - 1) / lanes
  let block = index * task.vectors
  let width = least(task.vectors, blocks - block) * lanes
  for number in 0..<task.phaseCount {
    let phase = task.phases[number]
    let taps = task.tapIndices + phase.firstTap
    var packed = task.packed + phase.filter + block * lanes * inputs * phase.tapCount
    var input = 0
    while input < inputs {
      let channels = least(lanes, inputs - input)
      for lane in 0..<width {
        let output = block * lanes + lane
        let source = task.w + output * outputStride + input * inputStride
        var target = packed + lane
        for tap in 0..<phase.tapCount {
          for channel in 0..<channels {
            target.pointee =
              output < outputs ? source[channel * inputStride + taps[tap]] : 0
            target += width
          }
        }
      }
      packed += phase.tapCount * channels * width
      input += lanes
    }
  }
}

// MARK: - Micro-kernel

/// What a register tile of a convolution reads and writes.
private struct TileWork {
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
private func computeTile(_ work: TileWork, _ vectors: Int, _ pixels: Int) {
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

import CKernels

// Winograd convolution: forward and backward-data of 3 × 3 filters of stride 1.
//
// Tiles of 4 × 4 outputs, counted through all images, are taken in blocks. For each block: all
// input tiles are transformed into 36 planes, V[36][input block][tile][16]; 36 products with the
// transformed filter give M[36][output block][tile][16]; the output tiles are transformed back. One
// plane's share of V, M and the filter fits into the L2 cache; each plane is a cache line longer
// than its tiles, since planes that lie a power of two apart would fight for the same cache sets. 36
// products for 16 outputs instead of 144 leave a quarter of direct convolution's arithmetic.
//
// A thread takes the next block until none is left, so a task's index only says which scratch
// memory is its own. Which thread computes a block does not change the result.

/// Computes blocks of tiles in the scratch memory number `index`.
func winograd(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: WinogradTask.self).pointee
  let scratch = WinogradScratch(
    task.scratch + index * task.scratchStride, inputs: task.input.blocks,
    outputs: task.output.blocks, tiles: task.tilesPerBlock)
  while true {
    let first = claimNext(task.nextBlock) * task.tilesPerBlock
    if first >= task.grid.tiles { return }
    let count = least(task.tilesPerBlock, task.grid.tiles - first)
    transformInputs(task.input, task.grid, first, count, scratch)
    multiply(task, count, scratch)
    transformOutputs(task, first, count, scratch)
  }
}

/// One thread's memory: the transformed tiles of a block and a tile at an image's edge.
struct WinogradScratch {
  /// Transformed input tiles.
  let v: UnsafeMutablePointer<Float>
  /// Floats between planes of `v`.
  let vPlane: Int
  /// Transformed output tiles.
  let m: UnsafeMutablePointer<Float>
  /// Floats between planes of `m`.
  let mPlane: Int
  /// Room for 6 × 6 pixels.
  let patch: UnsafeMutablePointer<Stored>
  /// Floats between channel blocks of a plane.
  let block: Int

  @inline(__always)
  init(_ memory: UnsafeMutablePointer<Float>, inputs: Int, outputs: Int, tiles: Int) {
    block = tiles * lanes
    vPlane = inputs * block + lanes
    mPlane = outputs * block + lanes
    patch = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Stored.self)
    v = memory + transformArea * lanes
    m = v + transformArea * vPlane
  }
}

/// Where a tile lies.
struct TilePosition {
  var image: Int
  var row: Int
  var column: Int

  @inline(__always)
  init(_ tile: Int, _ grid: TileGrid) {
    image = tile / (grid.rows * grid.columns)
    let rest = tile % (grid.rows * grid.columns)
    row = rest / grid.columns
    column = rest % grid.columns
  }

  @inline(__always)
  mutating func advance(_ grid: TileGrid) {
    column += 1
    if column < grid.columns { return }
    column = 0
    row += 1
    if row < grid.rows { return }
    row = 0
    image += 1
  }
}

// MARK: - Inputs

/// Transforms the input tiles of a block.
func transformInputs(
  _ x: BlockedView, _ grid: TileGrid, _ first: Int, _ count: Int, _ scratch: WinogradScratch
) {
  for block in 0..<x.blocks {
    var position = TilePosition(first, grid)
    var planes = scratch.v + block * scratch.block
    for _ in 0..<count {
      let top = position.row * outputEdge - grid.padding
      let left = position.column * outputEdge - grid.padding
      let pixel =
        x.pixels + (position.image * x.image + block * x.block + top * x.row + left * lanes)
      // Rows and columns that exist, halo included; the tile starts inside them.
      let rows = least(transformEdge, x.h + x.halo - top)
      let columns = least(transformEdge, x.w + x.halo - left)
      if rows == transformEdge && columns == transformEdge {
        transformInput(pixel, x.row, planes, scratch.vPlane)
      } else {
        copyPatch(pixel, x.row, rows, columns, transformEdge, scratch.patch)
        transformInput(scratch.patch, transformEdge * lanes, planes, scratch.vPlane)
      }
      planes += lanes
      position.advance(grid)
    }
  }
}

/// Copies `rows` × `columns` pixels into a square patch and fills it up with zeros.
func copyPatch(
  _ source: UnsafePointer<Stored>, _ row: Int, _ rows: Int, _ columns: Int, _ edge: Int,
  _ patch: UnsafeMutablePointer<Stored>
) {
  for y in 0..<edge {
    for x in 0..<edge {
      let target = patch + (y * edge + x) * lanes
      if y < rows && x < columns {
        store(load(source + (y * row + x * lanes)), target)
      } else {
        store(.zero, target)
      }
    }
  }
}

// MARK: - Products

/// The 36 products of a block.
private func multiply(_ task: WinogradTask, _ count: Int, _ scratch: WinogradScratch) {
  let (input, output) = (task.input, task.output)
  for plane in 0..<transformArea {
    var block = 0
    while block < output.blocks {
      let vectors = least(task.vectors, output.blocks - block)
      let work = TileWork(
        x: UnsafePointer(scratch.v + plane * scratch.vPlane),
        y: scratch.m + (plane * scratch.mPlane + block * scratch.block),
        filter: task.filter + (plane * task.filterPlane + block * lanes * input.c),
        taps: task.noOffset, tapCount: 1, channels: input.c, inputBlock: scratch.block,
        inputStep: lanes, outputBlock: scratch.block, outputStep: lanes, isFresh: true)
      computeRow(work, vectors, count)
      block += vectors
    }
  }
}

/// Transforms the filters [k, c, 3, 3] of output block `index` into
/// `[36][output tile column][input channel][output channel]`.
func winogradFilter(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: WinogradFilterTask.self).pointee
  if task.bypassesCaches {
    transformFilters(task, index, bypassesCaches: true)
    finishStoresPastCaches()
  } else {
    transformFilters(task, index, bypassesCaches: false)
  }
}

@inline(__always)
private func transformFilters(_ task: WinogradFilterTask, _ index: Int, bypassesCaches: Bool) {
  let (inputs, outputs) = task.swapsChannels ? (task.k, task.c) : (task.c, task.k)
  let inputStride = task.swapsChannels ? task.c * 9 : 9
  let outputStride = task.swapsChannels ? 9 : task.c * 9
  let blocks = (outputs + lanes - 1) / lanes
  let column = index / task.vectors * task.vectors
  let width = least(task.vectors, blocks - column) * lanes
  var target = task.transformed + (column * lanes * inputs + (index - column) * lanes)
  let channels = least(lanes, outputs - index * lanes)
  withUnsafeTemporaryFloats(9 * lanes) { g in
    zero(g, 9 * lanes)
    for input in 0..<inputs {
      var source = task.w + (input * inputStride + index * lanes * outputStride)
      for lane in 0..<channels {
        // Backward-data is a convolution with the filter turned round.
        for position in 0..<9 {
          g[position * lanes + lane] = source[task.swapsChannels ? 8 - position : position]
        }
        source += outputStride
      }
      transformFilter(g, target, task.plane, bypassesCaches: bypassesCaches)
      target += width
    }
  }
}

// MARK: - Outputs

/// Transforms the output tiles of a block back, stores them and adds up what a batch norm needs.
private func transformOutputs(
  _ task: WinogradTask, _ first: Int, _ count: Int, _ scratch: WinogradScratch
) {
  let norm = task.norm
  if task.sums == nil {
    transformOutputs(NoSums.self, task, first, count, scratch)
  } else if norm.x.origin == nil {
    transformOutputs(ForwardSums.self, task, first, count, scratch)
  } else if norm.appliesReLU && norm.addsResidual {
    transformOutputs(BackwardSums<BehindResidualReLU>.self, task, first, count, scratch)
  } else if norm.appliesReLU {
    transformOutputs(BackwardSums<BehindReLU>.self, task, first, count, scratch)
  } else if norm.appliesGELU {
    transformOutputs(BackwardSums<BehindGELU>.self, task, first, count, scratch)
  } else {
    transformOutputs(BackwardSums<Unchanged>.self, task, first, count, scratch)
  }
}

@inline(never)
private func transformOutputs<Sums: OutputSums>(
  _: Sums.Type, _ task: WinogradTask, _ first: Int, _ count: Int, _ scratch: WinogradScratch
) {
  let y = task.output
  for block in 0..<y.blocks {
    var position = TilePosition(first, task.grid)
    var planes = UnsafePointer(scratch.m + block * scratch.block)
    var sums = Sums(task, block: block)
    for _ in 0..<count {
      let plane = y.pixels + (position.image * y.image + block * y.block)
      let (top, left) = (position.row * outputEdge, position.column * outputEdge)
      let pixel = plane + (top * y.row + left * lanes)
      let rows = least(outputEdge, y.h - top)
      let columns = least(outputEdge, y.w - left)
      sums.begin(task, image: position.image, block: block, row: top, column: left)
      if rows == outputEdge && columns == outputEdge {
        transformOutput(planes, scratch.mPlane) { row, pixels in
          let target = pixel + row * y.row
          let values = task.accumulates ? plus(pixels, target) : pixels
          storeFour(values, target)
          sums.add(values.0, row: row, column: 0)
          sums.add(values.1, row: row, column: 1)
          sums.add(values.2, row: row, column: 2)
          sums.add(values.3, row: row, column: 3)
        }
      } else {
        transformOutput(planes, scratch.mPlane) { row, pixels in
          storeFour(pixels, scratch.patch + row * outputEdge * lanes)
        }
        for row in 0..<rows {
          for column in 0..<columns {
            let computed = load(scratch.patch + (row * outputEdge + column) * lanes)
            let target = pixel + (row * y.row + column * lanes)
            let value = task.accumulates ? load(target) + computed : computed
            store(value, target)
            sums.add(value, row: row, column: column)
          }
        }
      }
      // Each plane has one first tile.
      if position.row == 0 && position.column == 0 && !task.accumulates { y.zeroHalo(plane) }
      planes += lanes
      position.advance(task.grid)
    }
    if let partials = task.sums {
      let part = first / task.tilesPerBlock
      sums.write(partials + (part * y.blocks + block) * partialFloats)
    }
  }
}

@inline(__always)
private func storeFour(_ four: Four, _ address: UnsafeMutablePointer<Stored>) {
  store(four.0, address)
  store(four.1, address + lanes)
  store(four.2, address + 2 * lanes)
  store(four.3, address + 3 * lanes)
}

@inline(__always)
private func plus(_ four: Four, _ address: UnsafeMutablePointer<Stored>) -> Four {
  (
    load(address) + four.0, load(address + lanes) + four.1, load(address + 2 * lanes) + four.2,
    load(address + 3 * lanes) + four.3
  )
}

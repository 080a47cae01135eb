import CKernels

// The filter gradient by Winograd's transforms: 36 products over all tiles instead of 9 over all
// pixels, a quarter of direct convolution's arithmetic.
//
// A task takes a chunk of the tiles and a group of output channels, block of tiles by block: input
// tiles are transformed to V[36][input block][tile][16], gradient tiles to
// M[36][output block][tile][16], and 36 products over the block's tiles are added to the task's
// part of U[36][output channel][input block][16]. The chunks depend on the shapes alone and are
// added up in order, so the result does not depend on the number of threads.

/// Computes tasks in the scratch memory number `index`.
func winogradFilterGradient(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: WinogradGradientTask.self).pointee
  let scratch = WinogradScratch(
    task.scratch + index * task.scratchStride, inputs: task.x.blocks,
    outputs: task.blocksPerGroup, tiles: task.tilesPerBlock)
  while true {
    let next = claimNext(task.nextTask)
    if next >= task.chunks * task.groups { return }
    computeChunk(task, chunk: next / task.groups, group: next % task.groups, scratch)
  }
}

private func computeChunk(
  _ task: WinogradGradientTask, chunk: Int, group: Int, _ scratch: WinogradScratch
) {
  let firstBlock = group * task.blocksPerGroup
  let blocks = Range(
    uncheckedBounds: (firstBlock, least(firstBlock + task.blocksPerGroup, task.dy.blocks)))
  let partial = task.partials + chunk * task.partialStride
  var first = chunk * task.tilesPerChunk
  let last = least(first + task.tilesPerChunk, task.grid.tiles)
  var isFresh = true
  while first < last {
    let count = least(task.tilesPerBlock, last - first)
    transformInputs(task.x, task.grid, first, count, scratch)
    transformGradients(task, blocks, first, count, scratch)
    multiply(task, blocks, count, scratch, partial, isFresh)
    isFresh = false
    first += count
  }
}

/// Transforms the gradient tiles of a block for some output blocks.
private func transformGradients(
  _ task: WinogradGradientTask, _ blocks: Range<Int>, _ first: Int, _ count: Int,
  _ scratch: WinogradScratch
) {
  let dy = task.dy
  for block in blocks {
    var position = TilePosition(first, task.grid)
    var planes = scratch.m + (block - blocks.lowerBound) * scratch.block
    for _ in 0..<count {
      let (top, left) = (position.row * outputEdge, position.column * outputEdge)
      let pixel =
        dy.pixels + (position.image * dy.image + block * dy.block + top * dy.row + left * lanes)
      let rows = least(outputEdge, dy.h - top)
      let columns = least(outputEdge, dy.w - left)
      if rows == outputEdge && columns == outputEdge {
        transformGradient(pixel, dy.row, planes, scratch.mPlane)
      } else {
        copyPatch(pixel, dy.row, rows, columns, outputEdge, scratch.patch)
        transformGradient(scratch.patch, outputEdge * lanes, planes, scratch.mPlane)
      }
      planes += lanes
      position.advance(task.grid)
    }
  }
}

/// Adds the 36 products of a block of tiles to a partial result.
private func multiply(
  _ task: WinogradGradientTask, _ blocks: Range<Int>, _ count: Int, _ scratch: WinogradScratch,
  _ partial: UnsafeMutablePointer<Float>, _ isFresh: Bool
) {
  let rowStride = task.x.blocks * lanes
  for plane in 0..<transformArea {
    let target = partial + (plane * task.dy.blocks + blocks.lowerBound) * lanes * rowStride
    for block in 0..<blocks.count {
      let tiles = GradientPixels(
        x: UnsafePointer(scratch.v + plane * scratch.vPlane),
        dy: UnsafePointer(scratch.m + (plane * scratch.mPlane + block * scratch.block)),
        images: 1, rows: 1, columns: count, xImage: 0, xRow: 0, xStep: lanes, dyImage: 0, dyRow: 0,
        isFresh: isFresh)
      let channels = least(lanes, task.dy.c - (blocks.lowerBound + block) * lanes)
      sumBlock(
        tiles, vectors: task.x.blocks, channels: channels, target + block * lanes * rowStride
      ) { vector in vector * scratch.block }
    }
  }
}

/// Adds the chunks in order and writes the gradient of output channel `index`, `[c, 3, 3]`.
func reduceWinogradFilterGradient(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: WinogradReductionTask.self).pointee
  let blocks = (task.c + lanes - 1) / lanes
  let outputs = (task.k + lanes - 1) / lanes * lanes
  let plane = outputs * blocks * lanes
  withUnsafeTemporaryFloats((transformArea + 9) * lanes) { u in
    let g = u + transformArea * lanes
    for block in 0..<blocks {
      for number in 0..<transformArea {
        var source = task.partials + (number * plane + (index * blocks + block) * lanes)
        var total = Vector.zero
        for _ in 0..<task.chunks {
          total += load(source)
          source += task.partialStride
        }
        store(total, u + number * lanes)
      }
      transformFilterGradient(u, lanes, g)
      let dw = task.dw + (index * task.c + block * lanes) * 9
      for lane in 0..<least(lanes, task.c - block * lanes) {
        for position in 0..<9 { dw[lane * 9 + position] = g[position * lanes + lane] }
      }
    }
  }
}

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

import CKernels

/// y[p, q] = x[p · stride, q · stride]; blocks that x lacks become zero.
func downsample(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: DownsampleTask.self).pointee
  let (x, y) = (task.x, task.y)
  for plane in y.planes(index, task.planesPerTask) {
    let target = y.plane(plane)
    let block = plane % y.blocks
    let source = x.plane(plane / y.blocks * x.blocks + least(block, x.blocks - 1))
    for row in 0..<y.h {
      let to = target + row * y.row
      if block < x.blocks {
        let from = source + row * task.stride * x.row
        eachPixel(y.w) { i in store(load(from + i * task.stride), to + i) }
      } else {
        zero(to, y.w * lanes)
      }
    }
    y.zeroHalo(target)
  }
}

/// x[p · stride, q · stride] (+)= y[p, q] for the channels that x has.
func downsampleBackward(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: DownsampleTask.self).pointee
  let (x, y) = (task.x, task.y)
  for plane in x.planes(index, task.planesPerTask) {
    let target = x.plane(plane)
    let block = plane % x.blocks
    let source = y.plane(plane / x.blocks * y.blocks + block)
    // The last block of x may end in the middle of one of y.
    var mask = Vector(repeating: 1)
    for lane in least(lanes, x.c - block * lanes)..<lanes { mask[lane] = 0 }
    if !task.accumulates {
      for row in 0..<x.h { zero(target + row * x.row, x.w * lanes) }
      x.zeroHalo(target)
    }
    for row in 0..<y.h {
      let from = source + row * y.row
      let to = target + row * task.stride * x.row
      eachPixel(y.w) { i in
        let pixel = to + i * task.stride
        store(multiplyAdd(load(from + i), mask, load(pixel)), pixel)
      }
    }
  }
}

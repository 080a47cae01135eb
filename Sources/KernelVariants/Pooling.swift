import CKernels

/// Dense output [n, c]: the mean of every channel.
func globalAveragePool(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: DenseTask.self).pointee
  let view = task.blocked
  let share = Vector(repeating: 1 / Float(view.h * view.w))
  for plane in view.planes(index, task.planesPerTask) {
    var total = Vector.zero
    for row in 0..<view.h {
      let line = view.plane(plane) + row * view.row
      eachPixel(view.w) { i in total += load(line + i) }
    }
    storeChannels(
      total * share, task.output.unsafelyUnwrapped + plane / view.blocks * view.c,
      block: plane % view.blocks, c: view.c)
  }
}

/// Dense input [n, c]: spreads a gradient evenly over a channel's pixels.
func globalAveragePoolBackward(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: DenseTask.self).pointee
  let view = task.blocked
  let share = Vector(repeating: 1 / Float(view.h * view.w))
  for plane in view.planes(index, task.planesPerTask) {
    let dy = loadChannels(
      task.input.unsafelyUnwrapped + plane / view.blocks * view.c, block: plane % view.blocks,
      c: view.c)
    let value = dy * share
    for row in 0..<view.h {
      let line = view.plane(plane) + row * view.row
      if task.accumulates {
        eachPixel(view.w) { i in store(load(line + i) + value, line + i) }
      } else {
        eachPixel(view.w) { i in store(value, line + i) }
      }
    }
    if !task.accumulates { view.zeroHalo(view.plane(plane)) }
  }
}

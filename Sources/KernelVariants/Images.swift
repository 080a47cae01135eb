import CKernels

/// Dense [n, c, h, w] to blocked.
func packImages(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: DenseTask.self).pointee
  let view = task.blocked
  let pixels = view.h * view.w
  for plane in view.planes(index, task.planesPerTask) {
    let channel = plane % view.blocks * lanes
    let channels = least(lanes, view.c - channel)
    let source =
      task.input.unsafelyUnwrapped + (plane / view.blocks * view.c + channel) * pixels
    let target = view.plane(plane)
    for row in 0..<view.h {
      let line = target + row * view.row
      if channels < lanes { zero(line, view.w * lanes) }
      for lane in 0..<channels {
        let from = source + lane * pixels + row * view.w
        for column in 0..<view.w { line[column * lanes + lane] = Stored(rounding: from[column]) }
      }
    }
    view.zeroHalo(target)
  }
}

/// Blocked to dense [n, c, h, w].
func unpackImages(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: DenseTask.self).pointee
  let view = task.blocked
  let pixels = view.h * view.w
  for plane in view.planes(index, task.planesPerTask) {
    let channel = plane % view.blocks * lanes
    let target =
      task.output.unsafelyUnwrapped + (plane / view.blocks * view.c + channel) * pixels
    let source = view.plane(plane)
    for lane in 0..<least(lanes, view.c - channel) {
      for row in 0..<view.h {
        let from = source + row * view.row + lane
        let to = target + lane * pixels + row * view.w
        for column in 0..<view.w { to[column] = from[column * lanes].value }
      }
    }
  }
}

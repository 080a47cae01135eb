import CKernels

// Kernels that treat every pixel alike; memory bandwidth is their limit.

/// Calls `body` with the float offset of each pixel of a row.
@inline(__always)
func eachPixel(_ width: Int, _ body: (Int) -> Void) {
  var offset = 0
  let end = width * lanes
  while offset < end {
    body(offset)
    offset += lanes
  }
}

/// Calls `body` with a plane's number and a row's number for all of a task's planes, then zeroes
/// the halo unless the task accumulates.
@inline(__always)
func eachRow(_ task: ElementwiseTask, _ index: Int, _ body: (Int, Int) -> Void) {
  for plane in task.y.planes(index, task.planesPerTask) {
    for row in 0..<task.y.h { body(plane, row) }
    if !task.accumulates { task.y.zeroHalo(task.y.plane(plane)) }
  }
}

/// y = max(a, 0).
func relu(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: ElementwiseTask.self).pointee
  eachRow(task, index) { plane, row in
    let a = task.a.plane(plane) + row * task.a.row
    let y = task.y.plane(plane) + row * task.y.row
    eachPixel(task.y.w) { i in store(rectified(load(a + i)), y + i) }
  }
}

/// y (+)= b where a > 0, else 0.
func reluBackward(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: ElementwiseTask.self).pointee
  eachRow(task, index) { plane, row in
    let a = task.a.plane(plane) + row * task.a.row
    let b = task.b.plane(plane) + row * task.b.row
    let y = task.y.plane(plane) + row * task.y.row
    if task.accumulates {
      eachPixel(task.y.w) { i in
        store(load(y + i) + masked(load(b + i), by: load(a + i)), y + i)
      }
    } else {
      eachPixel(task.y.w) { i in store(masked(load(b + i), by: load(a + i)), y + i) }
    }
  }
}

/// y = a + b.
func add(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: ElementwiseTask.self).pointee
  eachRow(task, index) { plane, row in
    let a = task.a.plane(plane) + row * task.a.row
    let b = task.b.plane(plane) + row * task.b.row
    let y = task.y.plane(plane) + row * task.y.row
    eachPixel(task.y.w) { i in store(load(a + i) + load(b + i), y + i) }
  }
}

/// y (+)= a.
func copy(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: ElementwiseTask.self).pointee
  eachRow(task, index) { plane, row in
    let a = task.a.plane(plane) + row * task.a.row
    let y = task.y.plane(plane) + row * task.y.row
    if task.accumulates {
      eachPixel(task.y.w) { i in store(load(y + i) + load(a + i), y + i) }
    } else {
      eachPixel(task.y.w) { i in store(load(a + i), y + i) }
    }
  }
}

import CKernels

// The largest value of each window, and which it was: a byte a lane. The backward pass then reads
// these bytes, a quarter of a float for each window, and not the input, which for windows of 2×2
// would be sixteen times as much and would have to be kept.
//
// Memory bandwidth is the limit; a plane's rows come from the L1 cache when the next window reads
// them again.

/// y = the largest of each window of x; `choices` gets its number in the window, counted row by row,
/// the first of equals.
func maxPool(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: MaxPoolTask.self).pointee
  // Windows of 2×2, by far the most frequent, are unrolled.
  if task.padding > 0 {
    poolPadded(task, index)
  } else if task.size == 2 {
    pool(task, index, size: 2)
  } else {
    pool(task, index, size: task.size)
  }
}

@inline(__always)
private func pool(_ task: MaxPoolTask, _ index: Int, size: Int) {
  let (x, y) = (task.x, task.y)
  for plane in y.planes(index, task.planesPerTask) {
    let source = x.plane(plane)
    let target = y.plane(plane)
    for row in 0..<y.h {
      let from = source + row * task.stride * x.row
      for column in 0..<y.w {
        let window = from + column * task.stride * lanes
        var best = Vector(repeating: -.infinity)
        var choice = Vector.zero
        var number: Float = 0
        for i in 0..<size {
          for j in 0..<size {
            let value = load(window + i * x.row + j * lanes)
            choice = replaced(choice, Vector(repeating: number), value, best)
            best = larger(value, best)
            number += 1
          }
        }
        store(best, target + row * y.row + column * lanes)
        if let choices = task.choices {
          storeBytes(choice, choices + ((plane * y.h + row) * y.w + column) * lanes)
        }
      }
    }
    y.zeroHalo(target)
  }
}

/// The same where windows reach over the border: what lies outside is left out, but counted.
private func poolPadded(_ task: MaxPoolTask, _ index: Int) {
  let (x, y) = (task.x, task.y)
  for plane in y.planes(index, task.planesPerTask) {
    let source = x.plane(plane)
    let target = y.plane(plane)
    for row in 0..<y.h {
      let rows = Extent(row, task, of: x.h)
      for column in 0..<y.w {
        let columns = Extent(column, task, of: x.w)
        var best = Vector(repeating: -.infinity)
        // Not 0: where everything is −∞ the choice is the first pixel inside.
        var choice = Vector(repeating: Float(rows.first * task.size + columns.first))
        for i in rows.first..<rows.end {
          let line = source + (rows.origin + i) * x.row + columns.origin * lanes
          for j in columns.first..<columns.end {
            let value = load(line + j * lanes)
            choice = replaced(
              choice, Vector(repeating: Float(i * task.size + j)), value, best)
            best = larger(value, best)
          }
        }
        store(best, target + row * y.row + column * lanes)
        if let choices = task.choices {
          storeBytes(choice, choices + ((plane * y.h + row) * y.w + column) * lanes)
        }
      }
    }
    y.zeroHalo(target)
  }
}

/// The part of a window, along one side, that lies inside the image.
private struct Extent {
  /// Where the window begins, negative if before the image.
  let origin: Int
  /// The first position inside, counted from the window's beginning.
  let first: Int
  /// The position behind the last inside.
  let end: Int

  @inline(__always)
  init(_ window: Int, _ task: MaxPoolTask, of size: Int) {
    origin = window * task.stride - task.padding
    first = origin < 0 ? -origin : 0
    end = least(task.size, size - origin)
  }
}

/// x (+)= y at the chosen pixel of each window, and 0 elsewhere.
func maxPoolBackward(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: MaxPoolTask.self).pointee
  if task.padding > 0 {
    unpoolPadded(task, index)
  } else if task.size == 2 {
    unpool(task, index, size: 2)
  } else {
    unpool(task, index, size: task.size)
  }
}

@inline(__always)
private func unpool(_ task: MaxPoolTask, _ index: Int, size: Int) {
  let (x, y) = (task.x, task.y)
  // Windows that tile the plane write every pixel once.
  let overwrites = !task.accumulates && task.stride == size
  for plane in x.planes(index, task.planesPerTask) {
    let target = x.plane(plane)
    if overwrites {
      zeroRemainder(x, target, rows: y.h * size, columns: y.w * size)
    } else if !task.accumulates {
      zeroRemainder(x, target, rows: 0, columns: 0)
    }
    for row in 0..<y.h {
      let source = y.plane(plane) + row * y.row
      for column in 0..<y.w {
        let window = target + row * task.stride * x.row + column * task.stride * lanes
        let gradient = load(source + column * lanes)
        let choice = loadBytes(
          task.choices.unsafelyUnwrapped + ((plane * y.h + row) * y.w + column) * lanes)
        var number: Float = 0
        for i in 0..<size {
          for j in 0..<size {
            let pixel = window + i * x.row + j * lanes
            let share = kept(gradient, where: choice, equals: Vector(repeating: number))
            store(overwrites ? share : load(pixel) + share, pixel)
            number += 1
          }
        }
      }
    }
    if !task.accumulates { x.zeroHalo(target) }
  }
}

private func unpoolPadded(_ task: MaxPoolTask, _ index: Int) {
  let (x, y) = (task.x, task.y)
  for plane in x.planes(index, task.planesPerTask) {
    let target = x.plane(plane)
    if !task.accumulates { zeroRemainder(x, target, rows: 0, columns: 0) }
    for row in 0..<y.h {
      let source = y.plane(plane) + row * y.row
      let rows = Extent(row, task, of: x.h)
      for column in 0..<y.w {
        let columns = Extent(column, task, of: x.w)
        let gradient = load(source + column * lanes)
        let choice = loadBytes(
          task.choices.unsafelyUnwrapped + ((plane * y.h + row) * y.w + column) * lanes)
        for i in rows.first..<rows.end {
          let line = target + (rows.origin + i) * x.row + columns.origin * lanes
          for j in columns.first..<columns.end {
            let number = Vector(repeating: Float(i * task.size + j))
            let pixel = line + j * lanes
            store(load(pixel) + kept(gradient, where: choice, equals: number), pixel)
          }
        }
      }
    }
    if !task.accumulates { x.zeroHalo(target) }
  }
}

/// Zeroes the pixels of a plane outside its first rows and columns.
private func zeroRemainder(
  _ view: BlockedView, _ plane: UnsafeMutablePointer<Stored>, rows: Int, columns: Int
) {
  for row in 0..<view.h {
    let first = row < rows ? columns : 0
    zero(plane + row * view.row + first * lanes, (view.w - first) * lanes)
  }
}

/// Dense output [n, c]: the largest value of every channel, and in `choices` the number of its
/// pixel, counted row by row, the first of equals.
func globalMaxPool(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: GlobalMaxPoolTask.self).pointee
  let view = task.x
  for plane in view.planes(index, task.planesPerTask) {
    var best = Vector(repeating: -.infinity)
    var (choice, number) = (Vector.zero, Vector.zero)
    for row in 0..<view.h {
      let line = view.plane(plane) + row * view.row
      eachPixel(view.w) { i in
        let value = load(line + i)
        choice = replaced(choice, number, value, best)
        best = larger(value, best)
        number += Vector(repeating: 1)
      }
    }
    let (image, block) = (plane / view.blocks * view.c, plane % view.blocks)
    storeChannels(best, task.y.unsafelyUnwrapped + image, block: block, c: view.c)
    if let choices = task.choices {
      storeChannels(choice, choices + image, block: block, c: view.c)
    }
  }
}

/// Dense input [n, c]: a gradient for the chosen pixel of every channel, 0 for the others.
func globalMaxPoolBackward(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: GlobalMaxPoolTask.self).pointee
  let view = task.x
  for plane in view.planes(index, task.planesPerTask) {
    let (image, block) = (plane / view.blocks * view.c, plane % view.blocks)
    let dy = loadChannels(task.y.unsafelyUnwrapped + image, block: block, c: view.c)
    let choice = loadChannels(task.choices.unsafelyUnwrapped + image, block: block, c: view.c)
    var number = Vector.zero
    for row in 0..<view.h {
      let line = view.plane(plane) + row * view.row
      eachPixel(view.w) { i in
        let share = kept(dy, where: choice, equals: number)
        store(task.accumulates ? load(line + i) + share : share, line + i)
        number += Vector(repeating: 1)
      }
    }
    if !task.accumulates { view.zeroHalo(view.plane(plane)) }
  }
}

import CKernels

// A bias for each channel with the activation behind it. One pass each way over whole planes, at
// memory bandwidth. The value in front of the activation is made once more in the backward pass, so
// that only x has to be kept.

/// y = f(x + bias).
func bias(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BiasTask.self).pointee
  if task.appliesReLU {
    shift(task, index) { value in rectified(value) }
  } else if task.appliesGELU {
    shift(task, index) { value in gelu(value) }
  } else {
    shift(task, index) { value in value }
  }
}

@inline(__always)
private func shift(_ task: BiasTask, _ index: Int, _ activation: (Vector) -> Vector) {
  let view = task.x
  for plane in view.planes(index, task.planesPerTask) {
    let bias = loadChannels(task.bias, block: plane % view.blocks, c: view.c)
    let y = task.y.plane(plane)
    for row in 0..<view.h {
      let source = view.plane(plane) + row * view.row
      let target = y + row * task.y.row
      eachPixel(view.w) { i in store(activation(load(source + i) + bias), target + i) }
    }
    task.y.zeroHalo(y)
  }
}

/// x (+)= g with g = dy · f′(x + bias), and Σ g per plane; y of the task is dy.
func biasBackward(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BiasTask.self).pointee
  if task.appliesReLU {
    unshift(task, index) { dy, value in masked(dy, by: value) }
  } else if task.appliesGELU {
    unshift(task, index) { dy, value in dy * geluDerivative(value) }
  } else {
    unshift(task, index) { dy, _ in dy }
  }
}

@inline(__always)
private func unshift(_ task: BiasTask, _ index: Int, _ gradient: (Vector, Vector) -> Vector) {
  let view = task.x
  for plane in view.planes(index, task.planesPerTask) {
    let bias = loadChannels(task.bias, block: plane % view.blocks, c: view.c)
    var sum = Vector.zero
    for row in 0..<view.h {
      let x = view.plane(plane) + row * view.row
      let dy = task.y.plane(plane) + row * task.y.row
      let dx = task.dx.plane(plane) + row * task.dx.row
      eachPixel(view.w) { i in
        let g = gradient(load(dy + i), load(x + i) + bias)
        sum += g
        store(task.accumulates ? load(dx + i) + g : g, dx + i)
      }
    }
    store(sum, task.partials.unsafelyUnwrapped + plane * lanes)
    if !task.accumulates { task.dx.zeroHalo(task.dx.plane(plane)) }
  }
}

/// Adds the planes' sums of block `index`, in order.
func reduceBiasGradient(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BiasTask.self).pointee
  var total = SIMD16<Double>.zero
  for image in 0..<task.x.n {
    total += widened(
      load(task.partials.unsafelyUnwrapped + (image * task.x.blocks + index) * lanes))
  }
  storeChannels(
    narrowed(total), task.dBias.unsafelyUnwrapped, block: index, c: task.x.c)
}

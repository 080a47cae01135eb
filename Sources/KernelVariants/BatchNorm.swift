import CKernels

// Batch normalisation in three steps: sums over parts of the tensor, statistics per channel block,
// the result per plane. The passes over planes move 4 bytes per tensor and element and do next to
// nothing with them, so memory bandwidth is their limit. The sums are in BatchNormSums.swift: a pass
// over planes, or none where a convolution has left them behind. Parts are combined in Double, in
// order.

/// Floats of the sums of one channel block of a part.
let partialFloats = 4 * lanes
private let coefficientFloats = 4 * lanes

/// Coefficients of one block: what the last pass multiplies with.
struct Coefficients {
  let a: Vector
  let b: Vector
  let c: Vector
  let mean: Vector

  @inline(__always)
  init(_ task: BatchNormTask, _ block: Int) {
    let address = task.coefficients + block * coefficientFloats
    a = load(address)
    b = load(address + lanes)
    c = load(address + 2 * lanes)
    mean = load(address + 3 * lanes)
  }
}

func write(
  _ task: BatchNormTask, _ block: Int, _ a: Vector, _ b: Vector, _ c: Vector, _ mean: Vector
) {
  let address = task.coefficients + block * coefficientFloats
  store(a, address)
  store(b, address + lanes)
  store(c, address + 2 * lanes)
  store(mean, address + 3 * lanes)
}

// MARK: - Forward

/// Combines the parts of block `index` and derives the coefficients of y = a · (x − mean) + b.
func batchNormStatistics(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BatchNormTask.self).pointee
  let view = task.x
  var total = SIMD16<Double>.zero
  var count = 0.0
  for part in 0..<task.parts {
    let partial = task.partials + (part * view.blocks + index) * partialFloats
    let pixels = Double((partial + 3 * lanes).pointee)
    total += widened(load(partial)) * pixels + widened(load(partial + lanes))
    count += pixels
  }
  let mean = total * (1 / count)
  var squares = SIMD16<Double>.zero
  for part in 0..<task.parts {
    let partial = task.partials + (part * view.blocks + index) * partialFloats
    let pixels = Double((partial + 3 * lanes).pointee)
    let sum = widened(load(partial + lanes))
    let level = widened(load(partial)) + sum * (1 / pixels)
    squares += widened(load(partial + 2 * lanes)) - sum * sum * (1 / pixels)
    squares += (level - mean) * (level - mean) * pixels
  }
  let gamma = loadChannels(task.gamma.unsafelyUnwrapped, block: index, c: view.c)
  let beta = loadChannels(task.beta.unsafelyUnwrapped, block: index, c: view.c)
  var (inverse, means) = (Vector.zero, Vector.zero)
  let runningMean = task.runningMean.unsafelyUnwrapped + index * lanes
  let runningVariance = task.runningVariance.unsafelyUnwrapped + index * lanes
  let keep = 1 - Double(task.momentum)
  for lane in 0..<least(lanes, view.c - index * lanes) {
    let variance = squares[lane] > 0 ? squares[lane] / count : squares[lane] * 0
    let unbiased = count > 1 ? variance * count / (count - 1) : variance
    inverse[lane] = Float(1 / (variance + Double(task.epsilon)).squareRoot())
    means[lane] = Float(mean[lane])
    // A batch's statistics count as single precision has them, which is what a momentum of 1 leaves:
    // so processes can tell each other their batches' and keep the same running ones.
    runningMean[lane] = Float(
      keep * Double(runningMean[lane]) + Double(task.momentum) * Double(means[lane]))
    runningVariance[lane] = Float(
      keep * Double(runningVariance[lane]) + Double(task.momentum) * Double(Float(unbiased)))
  }
  storeChannels(means, task.mean.unsafelyUnwrapped, block: index, c: view.c)
  storeChannels(inverse, task.inverseDeviation.unsafelyUnwrapped, block: index, c: view.c)
  write(task, index, gamma * inverse, beta, .zero, means)
}

/// Derives the coefficients of y = a · (x − mean) + b for block `index` from the running statistics.
func batchNormInference(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BatchNormTask.self).pointee
  let view = task.x
  var (slope, mean) = (Vector.zero, Vector.zero)
  for lane in 0..<least(lanes, view.c - index * lanes) {
    let channel = index * lanes + lane
    let variance = Double(task.runningVariance.unsafelyUnwrapped[channel])
    let gamma = Double(task.gamma.unsafelyUnwrapped[channel])
    slope[lane] = Float(gamma / (variance + Double(task.epsilon)).squareRoot())
    mean[lane] = task.runningMean.unsafelyUnwrapped[channel]
  }
  let beta = loadChannels(task.beta.unsafelyUnwrapped, block: index, c: view.c)
  write(task, index, slope, beta, .zero, mean)
}

/// y = f(a · (x − mean) + b + residual).
func batchNormApply(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BatchNormTask.self).pointee
  if task.appliesReLU {
    apply(task, index) { value in rectified(value) }
  } else if task.appliesGELU {
    apply(task, index) { value in gelu(value) }
  } else {
    apply(task, index) { value in value }
  }
}

@inline(__always)
private func apply(_ task: BatchNormTask, _ index: Int, _ activation: (Vector) -> Vector) {
  let view = task.x
  let hasResidual = task.residual.origin != nil
  for plane in view.planes(index, task.planesPerTask) {
    let k = Coefficients(task, plane % view.blocks)
    let y = task.y.plane(plane)
    for row in 0..<view.h {
      let source = view.plane(plane) + row * view.row
      let target = y + row * task.y.row
      if hasResidual {
        let residual = task.residual.plane(plane) + row * task.residual.row
        eachPixel(view.w) { i in
          let value = multiplyAdd(load(source + i) - k.mean, k.a, k.b) + load(residual + i)
          store(activation(value), target + i)
        }
      } else {
        eachPixel(view.w) { i in
          store(activation(multiplyAdd(load(source + i) - k.mean, k.a, k.b)), target + i)
        }
      }
    }
    task.y.zeroHalo(y)
  }
}

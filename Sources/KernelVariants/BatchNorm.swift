import CKernels

// Batch normalisation in three steps: sums per plane, statistics per channel block, the result per
// plane. The plane passes move 4 bytes per tensor and element and do next to nothing with them, so
// memory bandwidth is their limit.
//
// A plane is summed around a pivot of its own, the mean of its first row: Σ(x − pivot) and
// Σ(x − pivot)² in float32 lose little, however far the channel's mean is from zero. Planes are
// combined in Double, in order.

private let partialFloats = 3 * lanes
private let coefficientFloats = 4 * lanes

/// Coefficients of one block: what the last pass multiplies with.
private struct Coefficients {
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

private func write(_ task: BatchNormTask, _ block: Int, _ a: Vector, _ b: Vector) {
  write(task, block, a, b, .zero, .zero)
}

private func write(
  _ task: BatchNormTask, _ block: Int, _ a: Vector, _ b: Vector, _ c: Vector, _ mean: Vector
) {
  let address = task.coefficients + block * coefficientFloats
  store(a, address)
  store(b, address + lanes)
  store(c, address + 2 * lanes)
  store(mean, address + 3 * lanes)
}

// MARK: - Forward

/// Per plane: pivot, Σ(x − pivot), Σ(x − pivot)².
func batchNormSums(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BatchNormTask.self).pointee
  let view = task.x
  for plane in view.planes(index, task.planesPerTask) {
    let x = view.plane(plane)
    var first = Vector.zero
    for column in 0..<view.w { first += load(x + column * lanes) }
    let pivot = first * Vector(repeating: 1 / Float(view.w))
    // Two sums of each kind: an addition takes four cycles, two can start in each.
    var (sum0, sum1, square0, square1) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
    for row in 0..<view.h {
      var pixel = x + row * view.row
      var remaining = view.w
      while remaining > 1 {
        let d0 = load(pixel) - pivot
        let d1 = load(pixel + lanes) - pivot
        sum0 += d0
        sum1 += d1
        square0 = multiplyAdd(d0, d0, square0)
        square1 = multiplyAdd(d1, d1, square1)
        pixel += 2 * lanes
        remaining -= 2
      }
      if remaining > 0 {
        let d0 = load(pixel) - pivot
        sum0 += d0
        square0 = multiplyAdd(d0, d0, square0)
      }
    }
    let partial = task.partials + plane * partialFloats
    store(pivot, partial)
    store(sum0 + sum1, partial + lanes)
    store(square0 + square1, partial + 2 * lanes)
  }
}

/// Combines the planes of block `index` and derives the coefficients of y = a · x + b.
func batchNormStatistics(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BatchNormTask.self).pointee
  let view = task.x
  let pixels = Double(view.h * view.w)
  let count = Double(view.n) * pixels
  var total = SIMD16<Double>.zero
  for image in 0..<view.n {
    let partial = task.partials + (image * view.blocks + index) * partialFloats
    total += widened(load(partial)) * pixels + widened(load(partial + lanes))
  }
  let mean = total * (1 / count)
  var squares = SIMD16<Double>.zero
  for image in 0..<view.n {
    let partial = task.partials + (image * view.blocks + index) * partialFloats
    let sum = widened(load(partial + lanes))
    let level = widened(load(partial)) + sum * (1 / pixels)
    squares += widened(load(partial + 2 * lanes)) - sum * sum * (1 / pixels)
    squares += (level - mean) * (level - mean) * pixels
  }
  let gamma = loadChannels(task.gamma.unsafelyUnwrapped, block: index, c: view.c)
  let beta = loadChannels(task.beta.unsafelyUnwrapped, block: index, c: view.c)
  var (scale, shift) = (Vector.zero, Vector.zero)
  var (inverse, means) = (Vector.zero, Vector.zero)
  let runningMean = task.runningMean.unsafelyUnwrapped + index * lanes
  let runningVariance = task.runningVariance.unsafelyUnwrapped + index * lanes
  let keep = 1 - Double(task.momentum)
  for lane in 0..<least(lanes, view.c - index * lanes) {
    let variance = squares[lane] > 0 ? squares[lane] / count : squares[lane] * 0
    let unbiased = count > 1 ? variance * count / (count - 1) : variance
    inverse[lane] = Float(1 / (variance + Double(task.epsilon)).squareRoot())
    means[lane] = Float(mean[lane])
    let slope = Double(gamma[lane]) * Double(inverse[lane])
    scale[lane] = Float(slope)
    shift[lane] = Float(Double(beta[lane]) - mean[lane] * slope)
    runningMean[lane] = Float(
      keep * Double(runningMean[lane]) + Double(task.momentum) * mean[lane])
    runningVariance[lane] = Float(
      keep * Double(runningVariance[lane]) + Double(task.momentum) * unbiased)
  }
  storeChannels(means, task.mean.unsafelyUnwrapped, block: index, c: view.c)
  storeChannels(inverse, task.inverseDeviation.unsafelyUnwrapped, block: index, c: view.c)
  write(task, index, scale, shift)
}

/// Derives the coefficients of y = a · x + b for block `index` from the running statistics.
func batchNormInference(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BatchNormTask.self).pointee
  let view = task.x
  var (scale, shift) = (Vector.zero, Vector.zero)
  for lane in 0..<least(lanes, view.c - index * lanes) {
    let channel = index * lanes + lane
    let variance = Double(task.runningVariance.unsafelyUnwrapped[channel])
    let slope =
      Double(task.gamma.unsafelyUnwrapped[channel])
      / (variance + Double(task.epsilon)).squareRoot()
    let mean = Double(task.runningMean.unsafelyUnwrapped[channel])
    scale[lane] = Float(slope)
    shift[lane] = Float(Double(task.beta.unsafelyUnwrapped[channel]) - mean * slope)
  }
  write(task, index, scale, shift)
}

/// y = f(a · x + b + residual).
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
          let value = multiplyAdd(load(source + i), k.a, k.b) + load(residual + i)
          store(activation(value), target + i)
        }
      } else {
        eachPixel(view.w) { i in
          store(activation(multiplyAdd(load(source + i), k.a, k.b)), target + i)
        }
      }
    }
    task.y.zeroHalo(y)
  }
}

// MARK: - Backward

/// How a gradient is brought from behind an activation to in front of it.
///
/// Types instead of closures: their functions are inlined into every loop whatever their size.
private protocol Activation {
  /// The gradient at one pixel, from `dy` and `y` there, x − mean there and the block's slope and
  /// shift.
  static func gradient(
    _ dy: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ centred: Vector,
    _ slope: Vector, _ shift: Vector
  ) -> Vector
}

private enum Identity: Activation {
  @inline(__always)
  static func gradient(
    _ dy: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ centred: Vector,
    _ slope: Vector, _ shift: Vector
  ) -> Vector { load(dy) }
}

/// The output says where the rectifier let the value pass.
private enum ReLU: Activation {
  @inline(__always)
  static func gradient(
    _ dy: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ centred: Vector,
    _ slope: Vector, _ shift: Vector
  ) -> Vector { masked(load(dy), by: load(y)) }
}

/// The output does not say what the value was: it is made once more from x, which costs arithmetic
/// but no memory.
private enum GELU: Activation {
  @inline(__always)
  static func gradient(
    _ dy: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ centred: Vector,
    _ slope: Vector, _ shift: Vector
  ) -> Vector { load(dy) * geluDerivative(multiplyAdd(centred, slope, shift)) }
}

/// Per plane: Σ g and Σ g · (x − mean).
func batchNormGradientSums(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BatchNormTask.self).pointee
  if task.appliesReLU {
    sumGradient(task, index, ReLU.self)
  } else if task.appliesGELU {
    sumGradient(task, index, GELU.self)
  } else {
    sumGradient(task, index, Identity.self)
  }
}

@inline(__always)
private func sumGradient<A: Activation>(_ task: BatchNormTask, _ index: Int, _: A.Type) {
  let view = task.x
  for plane in view.planes(index, task.planesPerTask) {
    let block = plane % view.blocks
    let mean = loadChannels(task.mean.unsafelyUnwrapped, block: block, c: view.c)
    let slope =
      loadChannels(task.gamma.unsafelyUnwrapped, block: block, c: view.c)
      * loadChannels(task.inverseDeviation.unsafelyUnwrapped, block: block, c: view.c)
    let shift = loadChannels(task.beta.unsafelyUnwrapped, block: block, c: view.c)
    var (sum, product) = (Vector.zero, Vector.zero)
    for row in 0..<view.h {
      let x = view.plane(plane) + row * view.row
      let y = task.y.plane(plane) + row * task.y.row
      let dy = task.dy.plane(plane) + row * task.dy.row
      eachPixel(view.w) { i in
        let centred = load(x + i) - mean
        let g = A.gradient(dy + i, y + i, centred, slope, shift)
        sum += g
        product = multiplyAdd(g, centred, product)
      }
    }
    let partial = task.partials + plane * partialFloats
    store(sum, partial)
    store(product, partial + lanes)
  }
}

/// Combines the planes of block `index`: dγ, dβ and the coefficients of
/// dx = a · g + b · (x − mean) + c.
func batchNormGradientStatistics(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BatchNormTask.self).pointee
  let view = task.x
  var (sum, product) = (SIMD16<Double>.zero, SIMD16<Double>.zero)
  for image in 0..<view.n {
    let partial = task.partials + (image * view.blocks + index) * partialFloats
    sum += widened(load(partial))
    product += widened(load(partial + lanes))
  }
  let inverse = widened(
    loadChannels(task.inverseDeviation.unsafelyUnwrapped, block: index, c: view.c))
  let gamma = widened(loadChannels(task.gamma.unsafelyUnwrapped, block: index, c: view.c))
  let mean = loadChannels(task.mean.unsafelyUnwrapped, block: index, c: view.c)
  let share = 1 / Double(view.n * view.h * view.w)
  let slope = gamma * inverse
  storeChannels(
    narrowed(product * inverse), task.dGamma.unsafelyUnwrapped, block: index, c: view.c)
  storeChannels(narrowed(sum), task.dBeta.unsafelyUnwrapped, block: index, c: view.c)
  let b = slope * inverse * inverse * product * -share
  let c = slope * sum * -share
  write(task, index, narrowed(slope), narrowed(b), narrowed(c), mean)
}

/// dx and the residual's gradient.
func batchNormGradientApply(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BatchNormTask.self).pointee
  if task.appliesReLU {
    applyGradient(task, index, ReLU.self)
  } else if task.appliesGELU {
    applyGradient(task, index, GELU.self)
  } else {
    applyGradient(task, index, Identity.self)
  }
}

@inline(__always)
private func applyGradient<A: Activation>(_ task: BatchNormTask, _ index: Int, _: A.Type) {
  let view = task.x
  let hasResidual = task.dResidual.origin != nil
  for plane in view.planes(index, task.planesPerTask) {
    let k = Coefficients(task, plane % view.blocks)
    let shift = loadChannels(
      task.beta.unsafelyUnwrapped, block: plane % view.blocks, c: view.c)
    for row in 0..<view.h {
      let x = view.plane(plane) + row * view.row
      let y = task.y.plane(plane) + row * task.y.row
      let dy = task.dy.plane(plane) + row * task.dy.row
      let dx = task.dx.plane(plane) + row * task.dx.row
      if task.accumulatesDx {
        eachPixel(view.w) { i in
          let centred = load(x + i) - k.mean
          let rest = multiplyAdd(centred, k.b, k.c)
          let g = A.gradient(dy + i, y + i, centred, k.a, shift)
          store(load(dx + i) + multiplyAdd(g, k.a, rest), dx + i)
        }
      } else {
        eachPixel(view.w) { i in
          let centred = load(x + i) - k.mean
          let rest = multiplyAdd(centred, k.b, k.c)
          let g = A.gradient(dy + i, y + i, centred, k.a, shift)
          store(multiplyAdd(g, k.a, rest), dx + i)
        }
      }
      if hasResidual {
        let residual = task.dResidual.plane(plane) + row * task.dResidual.row
        if task.accumulatesDResidual {
          eachPixel(view.w) { i in
            let g = A.gradient(dy + i, y + i, load(x + i) - k.mean, k.a, shift)
            store(load(residual + i) + g, residual + i)
          }
        } else {
          eachPixel(view.w) { i in
            store(A.gradient(dy + i, y + i, load(x + i) - k.mean, k.a, shift), residual + i)
          }
        }
      }
    }
    if !task.accumulatesDx { task.dx.zeroHalo(task.dx.plane(plane)) }
    if hasResidual && !task.accumulatesDResidual {
      task.dResidual.zeroHalo(task.dResidual.plane(plane))
    }
  }
}

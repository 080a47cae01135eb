import CKernels

// The gradients of batch normalisation: sums over parts of the tensor (BatchNormSums.swift),
// statistics per channel block, the result per plane.

/// How a gradient is brought from behind an activation to in front of it.
///
/// The value in front of the activation is made once more from x, by the operations of the forward
/// pass and so to the same bits, which costs arithmetic but no memory. Types instead of closures:
/// their functions are inlined into every loop whatever their size.
protocol ActivationGradient {
  /// Whether the address of `y` is read.
  static var readsOutput: Bool { get }
  /// The gradient at one pixel, from `dy` there, the address of `y`, x − mean and the block's slope
  /// and shift.
  static func gradient(
    _ dy: Vector, _ y: UnsafeMutablePointer<Stored>, _ centred: Vector, _ slope: Vector,
    _ shift: Vector
  ) -> Vector
}

enum Unchanged: ActivationGradient {
  @inline(__always) static var readsOutput: Bool { false }
  @inline(__always)
  static func gradient(
    _ dy: Vector, _ y: UnsafeMutablePointer<Stored>, _ centred: Vector, _ slope: Vector,
    _ shift: Vector
  ) -> Vector { dy }
}

enum BehindReLU: ActivationGradient {
  @inline(__always) static var readsOutput: Bool { false }
  @inline(__always)
  static func gradient(
    _ dy: Vector, _ y: UnsafeMutablePointer<Stored>, _ centred: Vector, _ slope: Vector,
    _ shift: Vector
  ) -> Vector { masked(dy, by: multiplyAdd(centred, slope, shift)) }
}

/// The residual is not at hand, but the output says where the rectifier let the value pass.
enum BehindResidualReLU: ActivationGradient {
  @inline(__always) static var readsOutput: Bool { true }
  @inline(__always)
  static func gradient(
    _ dy: Vector, _ y: UnsafeMutablePointer<Stored>, _ centred: Vector, _ slope: Vector,
    _ shift: Vector
  ) -> Vector { masked(dy, by: load(y)) }
}

enum BehindGELU: ActivationGradient {
  @inline(__always) static var readsOutput: Bool { false }
  @inline(__always)
  static func gradient(
    _ dy: Vector, _ y: UnsafeMutablePointer<Stored>, _ centred: Vector, _ slope: Vector,
    _ shift: Vector
  ) -> Vector { dy * geluDerivative(multiplyAdd(centred, slope, shift)) }
}

/// Combines the parts of block `index`: dγ, dβ and the coefficients of
/// dx = a · g + b · (x − mean) + c.
func batchNormGradientStatistics(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BatchNormTask.self).pointee
  let view = task.x
  var (sum, product) = (SIMD16<Double>.zero, SIMD16<Double>.zero)
  for part in 0..<task.parts {
    let partial = task.partials + (part * view.blocks + index) * partialFloats
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
  if task.appliesReLU && task.addsResidual {
    applyGradient(task, index, BehindResidualReLU.self)
  } else if task.appliesReLU {
    applyGradient(task, index, BehindReLU.self)
  } else if task.appliesGELU {
    applyGradient(task, index, BehindGELU.self)
  } else {
    applyGradient(task, index, Unchanged.self)
  }
}

@inline(__always)
private func applyGradient<A: ActivationGradient>(_ task: BatchNormTask, _ index: Int, _: A.Type) {
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
          let g = A.gradient(load(dy + i), y + i, centred, k.a, shift)
          store(load(dx + i) + multiplyAdd(g, k.a, rest), dx + i)
        }
      } else {
        eachPixel(view.w) { i in
          let centred = load(x + i) - k.mean
          let rest = multiplyAdd(centred, k.b, k.c)
          let g = A.gradient(load(dy + i), y + i, centred, k.a, shift)
          store(multiplyAdd(g, k.a, rest), dx + i)
        }
      }
      if hasResidual {
        let residual = task.dResidual.plane(plane) + row * task.dResidual.row
        if task.accumulatesDResidual {
          eachPixel(view.w) { i in
            let g = A.gradient(load(dy + i), y + i, load(x + i) - k.mean, k.a, shift)
            store(load(residual + i) + g, residual + i)
          }
        } else {
          eachPixel(view.w) { i in
            store(A.gradient(load(dy + i), y + i, load(x + i) - k.mean, k.a, shift), residual + i)
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

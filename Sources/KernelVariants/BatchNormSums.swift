import CKernels

// The sums of batch normalisation, forward and backward: over planes in a pass of their own, or over
// blocks of tiles while a convolution writes them.
//
// A part is summed around a pivot of its own, a value from its beginning: Σ(x − pivot) and
// Σ(x − pivot)² in float32 lose little, however far the channel's mean is from zero.

// MARK: - Passes over planes

/// Each plane as a part: pivot, Σ(x − pivot), Σ(x − pivot)², pixels.
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
    store(Vector(repeating: Float(view.h * view.w)), partial + 3 * lanes)
  }
}

/// Each plane as a part: Σ g and Σ g · (x − mean).
func batchNormGradientSums(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: BatchNormTask.self).pointee
  if task.appliesReLU && task.addsResidual {
    sumGradient(task, index, BehindResidualReLU.self)
  } else if task.appliesReLU {
    sumGradient(task, index, BehindReLU.self)
  } else if task.appliesGELU {
    sumGradient(task, index, BehindGELU.self)
  } else {
    sumGradient(task, index, Unchanged.self)
  }
}

@inline(__always)
private func sumGradient<A: ActivationGradient>(_ task: BatchNormTask, _ index: Int, _: A.Type) {
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
        let g = A.gradient(load(dy + i), y + i, centred, slope, shift)
        sum += g
        product = multiplyAdd(g, centred, product)
      }
    }
    let partial = task.partials + plane * partialFloats
    store(sum, partial)
    store(product, partial + lanes)
  }
}

// MARK: - Sums of what a convolution writes

/// Takes the values that a convolution writes for one channel block, tile by tile.
protocol OutputSums {
  init(_ task: WinogradTask, block: Int)
  /// Begins a tile whose first pixel is (row, column) of an image.
  mutating func begin(_ task: WinogradTask, image: Int, block: Int, row: Int, column: Int)
  /// Takes the value at a pixel of the tile.
  mutating func add(_ value: Vector, row: Int, column: Int)
  /// Writes the sums of a part.
  func write(_ partial: UnsafeMutablePointer<Float>)
}

/// No sums.
struct NoSums: OutputSums {
  @inline(__always) init(_ task: WinogradTask, block: Int) {}
  @inline(__always)
  mutating func begin(_ task: WinogradTask, image: Int, block: Int, row: Int, column: Int) {}
  @inline(__always) mutating func add(_ value: Vector, row: Int, column: Int) {}
  @inline(__always) func write(_ partial: UnsafeMutablePointer<Float>) {}
}

/// The sums of the forward pass.
struct ForwardSums: OutputSums {
  private var pivot = Vector.zero
  private var sum = Vector.zero
  private var squares = Vector.zero
  private var count = 0

  @inline(__always) init(_ task: WinogradTask, block: Int) {}
  @inline(__always)
  mutating func begin(_ task: WinogradTask, image: Int, block: Int, row: Int, column: Int) {}
  @inline(__always)
  mutating func add(_ value: Vector, row: Int, column: Int) {
    if count == 0 { pivot = value }
    count += 1
    let distance = value - pivot
    sum += distance
    squares = multiplyAdd(distance, distance, squares)
  }
  @inline(__always)
  func write(_ partial: UnsafeMutablePointer<Float>) {
    store(pivot, partial)
    store(sum, partial + lanes)
    store(squares, partial + 2 * lanes)
    store(Vector(repeating: Float(count)), partial + 3 * lanes)
  }
}

/// The sums of the backward pass.
struct BackwardSums<A: ActivationGradient>: OutputSums {
  private let mean: Vector
  private let slope: Vector
  private let shift: Vector
  private let xRow: Int
  private let yRow: Int
  private var x: UnsafeMutablePointer<Stored>
  private var y: UnsafeMutablePointer<Stored>
  private var sum = Vector.zero
  private var product = Vector.zero

  @inline(__always)
  init(_ task: WinogradTask, block: Int) {
    let norm = task.norm
    let c = norm.x.c
    mean = loadChannels(norm.mean.unsafelyUnwrapped, block: block, c: c)
    slope =
      loadChannels(norm.gamma.unsafelyUnwrapped, block: block, c: c)
      * loadChannels(norm.inverseDeviation.unsafelyUnwrapped, block: block, c: c)
    shift = loadChannels(norm.beta.unsafelyUnwrapped, block: block, c: c)
    (xRow, yRow) = (norm.x.row, norm.y.row)
    (x, y) = (norm.x.pixels, norm.y.pixels)
  }
  @inline(__always)
  mutating func begin(_ task: WinogradTask, image: Int, block: Int, row: Int, column: Int) {
    let (u, v) = (task.norm.x, task.norm.y)
    x = u.pixels + (image * u.image + block * u.block + row * u.row + column * lanes)
    y = v.pixels + (image * v.image + block * v.block + row * v.row + column * lanes)
    // The tile after the next: memory takes longer to answer than a tile to be transformed.
    let ahead = 2 * outputEdge * lanes
    for line in 0..<outputEdge {
      for pixel in 0..<outputEdge {
        prefetch(x + (ahead + line * xRow + pixel * lanes))
        if A.readsOutput { prefetch(y + (ahead + line * yRow + pixel * lanes)) }
      }
    }
  }
  @inline(__always)
  mutating func add(_ value: Vector, row: Int, column: Int) {
    let centred = load(x + (row * xRow + column * lanes)) - mean
    let g = A.gradient(value, y + (row * yRow + column * lanes), centred, slope, shift)
    sum += g
    product = multiplyAdd(g, centred, product)
  }
  @inline(__always)
  func write(_ partial: UnsafeMutablePointer<Float>) {
    store(sum, partial)
    store(product, partial + lanes)
  }
}

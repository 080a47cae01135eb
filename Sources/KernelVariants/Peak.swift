import CKernels

// What the machine can do at best, in this variant's instructions.

#if KERNELS_AVX512
private typealias PeakTile = Tile12<Row2>
#elseif KERNELS_AVX2 || arch(arm64)
private typealias PeakTile = Tile6<Row1>
#else
private typealias PeakTile = Tile3<Row1>
#endif

private let peakFloats = PeakTile.rows * PeakTile.Line.vectors * lanes

/// Floating-point operations of one round.
let peakFlopsPerRound = 2 * peakFloats

/// The inner loop of a register tile with everything in registers and the L1 cache.
///
/// A task uses `countPerTask` floats of `destination`, at least `peakFloats`.
func peakArithmetic(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: PeakTask.self).pointee
  let target = task.destination + index * task.countPerTask
  let row = PeakTile.Line(UnsafePointer(target), lanes)
  var tile = PeakTile(zero: ())
  for round in 0..<task.rounds {
    // Scalars that change, or a variant without fused instructions would multiply once for all.
    tile.add(UnsafePointer(target) + (round & 15), 1, row)
  }
  tile.write(target, PeakTile.Line.vectors * lanes, lanes)
}

/// Copies one part of an array.
func peakCopy(_ address: UnsafeRawPointer, _ index: Int) {
  let task = address.assumingMemoryBound(to: PeakTask.self).pointee
  guard let source = task.source else { return }
  let first = index * task.countPerTask
  var i = first
  while i + lanes <= first + task.countPerTask {
    store(load(source + i), task.destination + i)
    i += lanes
  }
}

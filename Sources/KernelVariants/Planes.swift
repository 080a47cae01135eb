import CKernels

extension BlockedView {
  /// The address of pixel (0, 0) of plane `index`, counted through images and blocks.
  @inline(__always)
  func plane(_ index: Int) -> UnsafeMutablePointer<Stored> {
    pixels + (index / blocks * image + index % blocks * block)
  }

  /// The address of pixel (0, 0) of the first plane.
  @inline(__always)
  var pixels: UnsafeMutablePointer<Stored> {
    origin.unsafelyUnwrapped.assumingMemoryBound(to: Stored.self)
  }

  /// The planes of one task.
  @inline(__always)
  func planes(_ index: Int, _ planesPerTask: Int) -> Range<Int> {
    let first = index * planesPerTask
    return Range(uncheckedBounds: (first, least(first + planesPerTask, n * blocks)))
  }

  /// Zeroes the whole halo of a plane.
  func zeroHalo(_ plane: UnsafeMutablePointer<Stored>) {
    zeroHalo(plane, rows: Range(uncheckedBounds: (0, h)))
  }

  /// Zeroes the halo beside some rows of a plane, above the first row and below the last.
  func zeroHalo(_ plane: UnsafeMutablePointer<Stored>, rows: Range<Int>) {
    if halo == 0 { return }
    let corner = plane - halo * (row + lanes)
    if rows.lowerBound == 0 { zero(corner, halo * row) }
    for y in rows {
      let start = plane + y * row
      zero(start - halo * lanes, halo * lanes)
      zero(start + w * lanes, halo * lanes)
    }
    if rows.upperBound == h { zero(corner + (halo + h) * row, halo * row) }
  }
}

/// Zeroes a multiple of 16 elements.
@inline(__always)
func zero<E: Element>(_ address: UnsafeMutablePointer<E>, _ count: Int) {
  var offset = 0
  while offset < count {
    store(.zero, address + offset)
    offset += lanes
  }
}

/// The smaller number; the standard library's is generic.
@inline(__always)
func least(_ a: Int, _ b: Int) -> Int { a < b ? a : b }

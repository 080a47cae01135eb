/// What bands and intervals are made of: from a lower to an upper value at each horizontal one.
struct VerticalSpans {
  let x: [Double]
  let lower: [Double]
  let upper: [Double]

  /// Widens the extents by both ends of each span, where the scales have a place for all of it.
  func extend(x extentX: inout Extent, y extentY: inout Extent) {
    for index in x.indices
    where extentX.admits(x[index]) && extentY.admits(lower[index]) && extentY.admits(upper[index]) {
      extentX.include(x[index])
      extentY.include(lower[index])
      extentY.include(upper[index])
    }
  }

  /// The ends of each span in a frame; nil for one without a place.
  func pixels(in frame: Frame) -> [(low: Pixel, high: Pixel)?] {
    x.indices.map { index in
      guard let low = frame.pixel(x: x[index], y: lower[index]),
        let high = frame.pixel(x: x[index], y: upper[index])
      else { return nil }
      return (low, high)
    }
  }
}

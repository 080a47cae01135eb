/// Vertical lines from a lower to an upper value: the interval of each of a few measurements.
///
/// For many measurements along a line a `BandMark` is easier on the eye.
public struct IntervalMark: Mark, Hashable {
  /// The horizontal values.
  public let x: [Double]
  /// The lower ends, one for each horizontal value.
  public let lower: [Double]
  /// The upper ends, one for each horizontal value.
  public let upper: [Double]
  /// The colour.
  public let ink: Ink
  /// The run that the intervals are part of; nil for none.
  public let run: String?

  /// Makes intervals.
  ///
  /// - Precondition: The three have the same length.
  public init(
    x: [Double], lower: [Double], upper: [Double], ink: Ink = .series(0), run: String? = nil
  ) {
    precondition(
      x.count == lower.count && x.count == upper.count,
      "intervals have as many ends (\(lower.count), \(upper.count)) as x values (\(x.count))")
    self.x = x
    self.lower = lower
    self.upper = upper
    self.ink = ink
    self.run = run
  }

  /// Adds the intervals.
  public func describe(into data: inout FigureData) { data.add(self) }

  /// Widens the extents by both ends where both have a place.
  public func extend(x extentX: inout Extent, y extentY: inout Extent) {
    spans.extend(x: &extentX, y: &extentY)
  }

  /// Writes one path with a stroke for every interval.
  public func draw(in frame: Frame, into svg: inout SVG) {
    let data = strokes(in: frame).map { SVG.path([$0.low, $0.high]) }.joined()
    guard !data.isEmpty else { return }
    svg.element(
      "path",
      [
        "class": "line line-\(ink.name)", "stroke-width": "1.4", "stroke-opacity": "0.75",
        "d": data,
      ])
  }

  /// Places along the strokes, at most a few pixels apart.
  public func trace(in frame: Frame) -> [Pixel] {
    strokes(in: frame).flatMap { Decimation.filled([$0.low, $0.high], spacing: 4) }
  }

  private func strokes(in frame: Frame) -> [(low: Pixel, high: Pixel)] {
    spans.pixels(in: frame).compactMap { $0 }
  }

  private var spans: VerticalSpans { VerticalSpans(x: x, lower: lower, upper: upper) }
}

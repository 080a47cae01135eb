/// A shaded range of horizontal values over the whole height of a plot.
public struct RegionMark: Mark, Hashable {
  /// The horizontal values at the two sides.
  public let range: ClosedRange<Double>
  /// The colour, drawn translucent.
  public let ink: Ink
  /// Text at the top of the region; nil for none.
  public let label: String?

  /// Makes a region.
  public init(_ range: ClosedRange<Double>, ink: Ink = .muted, label: String? = nil) {
    self.range = range
    self.ink = ink
    self.label = label
  }

  /// Adds the region.
  public func describe(into data: inout FigureData) { data.add(self) }

  /// Widens the horizontal extent by both sides.
  public func extend(x: inout Extent, y: inout Extent) {
    x.include(range.lowerBound)
    x.include(range.upperBound)
  }

  /// Writes a rectangle with fine lines at its sides.
  public func draw(in frame: Frame, into svg: inout SVG) {
    guard let (left, right) = sides(in: frame) else { return }
    svg.element(
      "rect",
      [
        "class": "fill-\(ink.name)", "fill-opacity": "0.09", "x": SVG.number(left),
        "y": SVG.number(frame.top), "width": SVG.number(right - left),
        "height": SVG.number(frame.height),
      ])
  }

  /// The text, at the top of the left side.
  public func labels(in frame: Frame) -> [Label] {
    guard let label, let (left, _) = sides(in: frame) else { return [] }
    return [Label(text: label, anchor: Pixel(x: left, y: frame.top), ink: ink, placement: .top)]
  }

  /// The part of the region inside the frame; nil when there is none.
  private func sides(in frame: Frame) -> (left: Double, right: Double)? {
    guard let upper = frame.pixelX(range.upperBound) else { return nil }
    // On a logarithmic scale a region from 0 starts at the frame's edge.
    let left = max(frame.pixelX(range.lowerBound) ?? frame.left, frame.left)
    let right = min(upper, frame.right)
    return left <= right ? (left, right) : nil
  }
}

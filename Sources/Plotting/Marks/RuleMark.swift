/// A straight line across the whole plot at one value, horizontal or vertical.
public struct RuleMark: Mark, Hashable {
  /// Which direction the value belongs to.
  public enum Direction: String, Hashable, Sendable, Codable {
    /// A vertical line at a horizontal value.
    case vertical
    /// A horizontal line at a vertical value.
    case horizontal
  }

  /// The direction of the line.
  public let direction: Direction
  /// The value at which the line stands.
  public let value: Double
  /// The colour.
  public let ink: Ink
  /// The pattern.
  public let dash: Dash
  /// Text at the line's upper or right end; nil for none.
  public let label: String?

  private init(_ direction: Direction, at value: Double, ink: Ink, dash: Dash, label: String?) {
    self.direction = direction
    self.value = value
    self.ink = ink
    self.dash = dash
    self.label = label
  }

  /// A vertical line at a horizontal value.
  public static func vertical(
    at x: Double, ink: Ink = .muted, dash: Dash = .dashed, label: String? = nil
  ) -> RuleMark {
    RuleMark(.vertical, at: x, ink: ink, dash: dash, label: label)
  }

  /// A horizontal line at a vertical value.
  public static func horizontal(
    at y: Double, ink: Ink = .muted, dash: Dash = .dashed, label: String? = nil
  ) -> RuleMark {
    RuleMark(.horizontal, at: y, ink: ink, dash: dash, label: label)
  }

  /// Adds the rule.
  public func describe(into data: inout FigureData) { data.add(self) }

  /// Widens the extent that the value belongs to.
  public func extend(x: inout Extent, y: inout Extent) {
    switch direction {
    case .vertical: x.include(value)
    case .horizontal: y.include(value)
    }
  }

  /// Writes one path.
  public func draw(in frame: Frame, into svg: inout SVG) {
    guard let (start, end) = ends(in: frame) else { return }
    let (style, data) = ("line line-\(ink.name)", SVG.path([start, end]))
    if let lengths = dash.lengths {
      svg.element(
        "path", ["class": style, "stroke-width": "1", "stroke-dasharray": lengths, "d": data])
    } else {
      svg.element("path", ["class": style, "stroke-width": "1", "d": data])
    }
  }

  /// The text at the line's upper or right end.
  public func labels(in frame: Frame) -> [Label] {
    guard let label, let (_, end) = ends(in: frame), frame.contains(end) else { return [] }
    let placement: Label.Placement = direction == .vertical ? .top : .right
    return [Label(text: label, anchor: end, ink: ink, placement: placement)]
  }

  /// Places along the line, at most a few pixels apart.
  public func trace(in frame: Frame) -> [Pixel] {
    guard let (start, end) = ends(in: frame) else { return [] }
    return Decimation.filled([start, end], spacing: 4)
  }

  /// The lower or left end and the upper or right end.
  private func ends(in frame: Frame) -> (Pixel, Pixel)? {
    switch direction {
    case .vertical:
      guard let x = frame.pixelX(value) else { return nil }
      return (Pixel(x: x, y: frame.bottom), Pixel(x: x, y: frame.top))
    case .horizontal:
      guard let y = frame.pixelY(value) else { return nil }
      return (Pixel(x: frame.left, y: y), Pixel(x: frame.right, y: y))
    }
  }
}

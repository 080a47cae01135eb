/// A text at a place given in data units.
public struct TextMark: Mark, Hashable {
  /// What is written.
  public let text: String
  /// The horizontal value at the text's middle.
  public let x: Double
  /// The vertical value at the text's middle.
  public let y: Double
  /// The colour.
  public let ink: Ink

  /// Makes a text.
  public init(_ text: String, x: Double, y: Double, ink: Ink = .muted) {
    self.text = text
    self.x = x
    self.y = y
    self.ink = ink
  }

  /// Adds the text.
  public func describe(into data: inout FigureData) { data.add(self) }

  /// Widens the extents by the text's place.
  public func extend(x extentX: inout Extent, y extentY: inout Extent) {
    guard extentX.admits(x) && extentY.admits(y) else { return }
    extentX.include(x)
    extentY.include(y)
  }

  /// Writes nothing: the text is drawn with the labels of the other marks, above all lines.
  public func draw(in frame: Frame, into svg: inout SVG) {}

  /// The text, centred on its place.
  public func labels(in frame: Frame) -> [Label] {
    guard let place = frame.pixel(x: x, y: y), frame.contains(place) else { return [] }
    return [Label(text: text, anchor: place, ink: ink, placement: .centered)]
  }
}

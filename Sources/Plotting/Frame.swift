/// The rectangle of a figure that one plot's data are drawn in, with its scales.
public struct Frame: Sendable {
  /// The scale along the horizontal direction.
  public let x: any Scale
  /// The scale along the vertical direction, larger values higher up.
  public let y: any Scale
  /// The left edge in pixels.
  public let left: Double
  /// The top edge in pixels.
  public let top: Double
  /// The width in pixels.
  public let width: Double
  /// The height in pixels.
  public let height: Double
  /// The width of the pixel columns by which long lines are thinned.
  public let columnWidth: Double

  /// Makes a frame.
  public init(
    x: any Scale, y: any Scale, left: Double, top: Double, width: Double, height: Double,
    columnWidth: Double = 0.5
  ) {
    self.x = x
    self.y = y
    self.left = left
    self.top = top
    self.width = width
    self.height = height
    self.columnWidth = columnWidth
  }

  /// The right edge in pixels.
  public var right: Double { left + width }

  /// The bottom edge in pixels.
  public var bottom: Double { top + height }

  /// The horizontal position of a value; nil for one without a place on the scale.
  public func pixelX(_ value: Double) -> Double? {
    x.fraction(of: value).map { left + Self.bounded($0) * width }
  }

  /// The vertical position of a value; nil for one without a place on the scale.
  public func pixelY(_ value: Double) -> Double? {
    y.fraction(of: value).map { bottom - Self.bounded($0) * height }
  }

  /// The position of a point; nil when either value has no place on its scale.
  public func pixel(x: Double, y: Double) -> Pixel? {
    guard let x = pixelX(x), let y = pixelY(y) else { return nil }
    return Pixel(x: x, y: y)
  }

  /// A point moved to the nearest place inside the frame.
  public func clamped(_ point: Pixel) -> Pixel {
    Pixel(x: min(max(point.x, left), right), y: min(max(point.y, top), bottom))
  }

  /// Whether a point lies in the frame or on its edge, give or take half a pixel.
  public func contains(_ point: Pixel) -> Bool {
    point.x >= left - 0.5 && point.x <= right + 0.5 && point.y >= top - 0.5
      && point.y <= bottom + 0.5
  }

  /// A fraction held within 100 frames' distance.
  ///
  /// What is further out is clipped anyhow, and renderers lose precision on huge coordinates.
  private static func bounded(_ fraction: Double) -> Double {
    min(max(fraction, -100), 101)
  }
}

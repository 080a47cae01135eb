/// A value that draws itself given scales: the unit that plots are made of.
///
/// A mark knows its data and how it looks, and nothing of ticks, margins or its neighbours.
public protocol Mark: Sendable {
  /// Widens the extents of a plot by the mark's data, so that automatic domains show all of it.
  func extend(x: inout Extent, y: inout Extent)

  /// Writes the mark's elements.
  func draw(in frame: Frame, into svg: inout SVG)

  /// Whether the mark is cut off at the frame's edges; true unless the mark says otherwise.
  var isClipped: Bool { get }

  /// The mark's entry in a legend; nil for a mark that needs none.
  var key: Key? { get }

  /// Texts that belong to the mark. Where they end up is decided for all marks together.
  func labels(in frame: Frame) -> [Label]

  /// The places the mark's lines pass through, which texts should keep clear of.
  func trace(in frame: Frame) -> [Pixel]

  /// Adds the mark's data to those that an interactive figure carries.
  func describe(into data: inout FigureData)
}

extension Mark {
  /// Cut off at the frame's edges.
  public var isClipped: Bool { true }

  /// No entry in a legend.
  public var key: Key? { nil }

  /// No texts.
  public func labels(in frame: Frame) -> [Label] { [] }

  /// Nothing in the way of texts.
  public func trace(in frame: Frame) -> [Pixel] { [] }

  /// No data: the mark is seen in the static picture only.
  public func describe(into data: inout FigureData) {}
}

/// The range of the values along one direction that a scale can show.
public struct Extent: Hashable, Sendable {
  /// The least and greatest value seen; nil before the first that can be shown.
  public private(set) var range: ClosedRange<Double>?
  /// Whether the scale is logarithmic and has no place for zero and below.
  public let isPositiveOnly: Bool

  /// Makes an extent that has seen nothing.
  public init(isPositiveOnly: Bool) {
    self.isPositiveOnly = isPositiveOnly
  }

  /// Whether the scale has a place for a value.
  public func admits(_ value: Double) -> Bool {
    value.isFinite && (!isPositiveOnly || value > 0)
  }

  /// Widens the range to hold a value, unless the scale has no place for it.
  public mutating func include(_ value: Double) {
    guard admits(value) else { return }
    guard let old = range else {
      range = value...value
      return
    }
    range = min(old.lowerBound, value)...max(old.upperBound, value)
  }
}

/// How a mark appears in a legend.
public struct Key: Hashable, Sendable {
  /// The shape of the sample beside the name.
  public enum Sample: String, Hashable, Sendable, Codable {
    /// A short line.
    case line
    /// A filled rectangle.
    case area
    /// A dot.
    case point
  }

  /// The name of what the mark shows.
  public let text: String
  /// The mark's colour.
  public let ink: Ink
  /// The mark's line pattern.
  public let dash: Dash
  /// The shape of the sample.
  public let sample: Sample

  /// Makes an entry.
  public init(text: String, ink: Ink, dash: Dash = .solid, sample: Sample = .line) {
    self.text = text
    self.ink = ink
    self.dash = dash
    self.sample = sample
  }
}

/// A text that belongs to a mark, before its place is decided.
public struct Label: Hashable, Sendable {
  /// Where a text would like to be.
  public enum Placement: String, Hashable, Sendable, Codable {
    /// To the right of a line's end, as the line's name; dropped where a legend names the lines.
    case end
    /// On any free side of a point.
    case beside
    /// At the upper end of a vertical line.
    case top
    /// Above the right end of a horizontal line.
    case right
    /// Centred on its place.
    case centered
  }

  /// What is written.
  public let text: String
  /// The place that it belongs to.
  public let anchor: Pixel
  /// The colour.
  public let ink: Ink
  /// Where the text would like to be.
  public let placement: Placement

  /// Makes a label.
  public init(text: String, anchor: Pixel, ink: Ink, placement: Placement) {
    self.text = text
    self.anchor = anchor
    self.ink = ink
    self.placement = placement
  }
}

/// Points, each with a text beside it if it has one.
public struct PointMark: Mark, Hashable {
  /// The shape of a point, for readers who cannot go by colour.
  public enum Symbol: String, Hashable, Sendable, Codable, CaseIterable {
    /// A disc.
    case circle
    /// A square.
    case square
    /// A square on its corner.
    case diamond
    /// A triangle that points up.
    case triangle
  }

  /// The horizontal values.
  public let x: [Double]
  /// The vertical values, one for each horizontal one.
  public let y: [Double]
  /// The texts beside the points: none, or one for each.
  public let labels: [String]
  /// The colour.
  public let ink: Ink
  /// The shape.
  public let symbol: Symbol
  /// The points' name in a legend; nil for points that need none.
  public let name: String?
  /// The run that the points are part of; nil for the one that their name says.
  public let run: String?

  /// Makes points.
  ///
  /// - Parameters:
  ///   - x: The horizontal values.
  ///   - y: The vertical values.
  ///   - labels: The texts beside the points: none, or one for each.
  ///   - ink: The colour.
  ///   - symbol: The shape.
  ///   - name: The points' name in a legend, if they have one.
  ///   - run: The run that the points are part of, where that is not their name.
  /// - Precondition: `x`, `y` and, unless it is empty, `labels` have the same length.
  public init(
    x: [Double], y: [Double], labels: [String] = [], ink: Ink = .series(0),
    symbol: Symbol = .circle, name: String? = nil, run: String? = nil
  ) {
    precondition(x.count == y.count, "points have as many y (\(y.count)) as x (\(x.count))")
    precondition(
      labels.isEmpty || labels.count == x.count,
      "points have no labels or one each, not \(labels.count) for \(x.count)")
    self.x = x
    self.y = y
    self.labels = labels
    self.ink = ink
    self.symbol = symbol
    self.name = name
    self.run = run
  }

  /// Makes one point.
  ///
  /// - Parameters:
  ///   - x: The horizontal value.
  ///   - y: The vertical value.
  ///   - label: The text beside the point, if it has one.
  ///   - ink: The colour.
  ///   - symbol: The shape.
  ///   - run: The run that the point is part of; nil for none.
  public init(
    x: Double, y: Double, label: String? = nil, ink: Ink = .series(0), symbol: Symbol = .circle,
    run: String? = nil
  ) {
    self.init(
      x: [x], y: [y], labels: label.map { [$0] } ?? [], ink: ink, symbol: symbol, run: run)
  }

  /// Adds the points.
  public func describe(into data: inout FigureData) { data.add(self) }

  /// Widens the extents by every point that both scales have a place for.
  public func extend(x extentX: inout Extent, y extentY: inout Extent) {
    for (x, y) in zip(x, y) where extentX.admits(x) && extentY.admits(y) {
      extentX.include(x)
      extentY.include(y)
    }
  }

  /// False: a point at the edge of the frame shows its whole symbol.
  public var isClipped: Bool { false }

  /// Writes one symbol for every point inside the frame, ringed with the background so that it stands off lines.
  public func draw(in frame: Frame, into svg: inout SVG) {
    let style = "ring fill-\(ink.name)"
    for point in trace(in: frame) where frame.contains(point) {
      svg.element(
        "path", ["class": style, "stroke-width": "1.5", "d": Self.outline(symbol, at: point)])
    }
  }

  /// The points' name with their colour.
  public var key: Key? {
    name.map { Key(text: $0, ink: ink, sample: .point) }
  }

  /// The texts of the points inside the frame.
  public func labels(in frame: Frame) -> [Label] {
    zip(zip(x, y), labels).compactMap { position, text in
      guard let point = frame.pixel(x: position.0, y: position.1), frame.contains(point),
        !text.isEmpty
      else { return nil }
      return Label(text: text, anchor: point, ink: ink, placement: .beside)
    }
  }

  /// The points.
  public func trace(in frame: Frame) -> [Pixel] {
    zip(x, y).compactMap { frame.pixel(x: $0, y: $1) }
  }

  /// The outline of a symbol around its centre, all of about the same area.
  private static func outline(_ symbol: Symbol, at center: Pixel) -> String {
    let corners: [(Double, Double)]
    switch symbol {
    case .circle:
      let radius = "4 4 0 1 0"
      return "M\(SVG.number(center.x - 4)) \(SVG.number(center.y))a\(radius) 8 0a\(radius) -8 0Z"
    case .square: corners = [(-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)]
    case .diamond: corners = [(0, -5), (5, 0), (0, 5), (-5, 0)]
    case .triangle: corners = [(0, -5), (5, 3.7), (-5, 3.7)]
    }
    return SVG.path(corners.map { Pixel(x: center.x + $0.0, y: center.y + $0.1) }) + "Z"
  }
}

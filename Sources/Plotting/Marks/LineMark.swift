/// A line through points in the order given, interrupted where a value has no place on the scales.
public struct LineMark: Mark, Hashable {
  /// How strongly a line is drawn.
  public enum Weight: String, Hashable, Sendable, Codable {
    /// What the plot is about.
    case regular
    /// Thin and pale: the measurements behind a smoothed line.
    case faint
  }

  /// The horizontal values.
  public let x: [Double]
  /// The vertical values, one for each horizontal one.
  public let y: [Double]
  /// The colour.
  public let ink: Ink
  /// The pattern.
  public let dash: Dash
  /// How strongly the line is drawn.
  public let weight: Weight
  /// The line's name, written at its end or in the legend; nil for a line without one.
  public let name: String?
  /// The run that the line is part of; nil for the one that its name says.
  public let run: String?
  /// Horizontal values at which the line is interrupted and marked as such, for example where a
  /// training was resumed.
  public let breaks: [Double]

  /// Makes a line.
  ///
  /// - Parameters:
  ///   - x: The horizontal values.
  ///   - y: The vertical values.
  ///   - ink: The colour.
  ///   - dash: The pattern; nil for the one that belongs to the colour.
  ///   - weight: How strongly the line is drawn.
  ///   - name: The line's name, if it has one.
  ///   - run: The run that the line is part of, where that is not its name.
  ///   - breaks: Horizontal values at which the line is interrupted.
  /// - Precondition: `x` and `y` have the same length.
  public init(
    x: [Double], y: [Double], ink: Ink = .series(0), dash: Dash? = nil, weight: Weight = .regular,
    name: String? = nil, run: String? = nil, breaks: [Double] = []
  ) {
    precondition(x.count == y.count, "a line has as many y values (\(y.count)) as x (\(x.count))")
    self.x = x
    self.y = y
    self.ink = ink
    self.dash = dash ?? ink.dash
    self.weight = weight
    self.name = name
    self.run = run
    self.breaks = breaks
  }

  /// Adds the line.
  public func describe(into data: inout FigureData) { data.add(self) }

  /// Widens the extents by every point that both scales have a place for.
  public func extend(x extentX: inout Extent, y extentY: inout Extent) {
    for (x, y) in zip(x, y) where extentX.admits(x) && extentY.admits(y) {
      extentX.include(x)
      extentY.include(y)
    }
  }

  /// Writes one path; every interruption starts a new sub-path.
  public func draw(in frame: Frame, into svg: inout SVG) {
    let data = Decimation.runs(pixels(in: frame))
      .map {
        SVG.path(
          Decimation.straightened(Decimation.keepingExtremes($0, columnWidth: frame.columnWidth)))
      }.joined()
    guard !data.isEmpty else { return }
    let width = weight == .regular ? "1.8" : "1"
    let style = "line line-\(ink.name)"
    switch (weight, dash.lengths) {
    case (.regular, nil):
      svg.element("path", ["class": style, "stroke-width": width, "d": data])
    case (.regular, let lengths?):
      svg.element(
        "path", ["class": style, "stroke-width": width, "stroke-dasharray": lengths, "d": data])
    case (.faint, _):
      svg.element(
        "path", ["class": style, "stroke-width": width, "stroke-opacity": "0.5", "d": data])
    }
    drawBreaks(in: frame, into: &svg)
  }

  /// The line's name with its colour and pattern.
  public var key: Key? {
    name.map { Key(text: $0, ink: ink, dash: dash) }
  }

  /// The line's name at its last point inside the frame.
  public func labels(in frame: Frame) -> [Label] {
    let points = pixels(in: frame).compactMap { $0 }
    guard let name, let end = points.last(where: frame.contains) ?? points.last else { return [] }
    return [Label(text: name, anchor: frame.clamped(end), ink: ink, placement: .end)]
  }

  /// Places along the line, at most a few pixels apart.
  public func trace(in frame: Frame) -> [Pixel] {
    Decimation.runs(pixels(in: frame)).flatMap {
      Decimation.filled(Decimation.keepingExtremes($0, columnWidth: 2), spacing: 4)
    }
  }

  /// The points' places, with a gap at every break.
  private func pixels(in frame: Frame) -> [Pixel?] {
    let points = zip(x, y).map { frame.pixel(x: $0, y: $1) }
    guard !breaks.isEmpty else { return points }
    let starts = Set(breakIndices)
    return points.enumerated().flatMap { starts.contains($0) ? [nil, $1] : [$1] }
  }

  /// The points that come first after each break.
  private var breakIndices: [Int] {
    breaks.compactMap { place in
      x.indices.dropFirst().first { x[$0 - 1] < place && place <= x[$0] }
    }
  }

  /// Two slanted strokes with free room between them, halfway from the last point before a break to
  /// the first after it.
  private func drawBreaks(in frame: Frame, into svg: inout SVG) {
    for index in breakIndices {
      guard let before = frame.pixel(x: x[index - 1], y: y[index - 1]),
        let after = frame.pixel(x: x[index], y: y[index])
      else { continue }
      let center = Pixel(x: (before.x + after.x) / 2, y: (before.y + after.y) / 2)
      let stroke = { (shift: Double) in
        SVG.path([
          Pixel(x: center.x - 2.5 + shift, y: center.y + 7),
          Pixel(x: center.x + 2.5 + shift, y: center.y - 7),
        ])
      }
      svg.element("path", ["class": "ring", "stroke-width": "5", "d": stroke(0)])
      svg.element(
        "path",
        ["class": "line line-\(ink.name)", "stroke-width": "1.4", "d": stroke(-3) + stroke(3)])
    }
  }
}

/// The area between two lines over the same horizontal values: a spread or an interval.
public struct BandMark: Mark, Hashable {
  /// The horizontal values.
  public let x: [Double]
  /// The lower edge, one value for each horizontal one.
  public let lower: [Double]
  /// The upper edge, one value for each horizontal one.
  public let upper: [Double]
  /// The colour, drawn translucent.
  public let ink: Ink
  /// The band's name in a legend; nil for a band that needs none.
  public let name: String?
  /// The run that the band is part of; nil for the one that its name says.
  public let run: String?

  /// Makes a band.
  ///
  /// - Parameters:
  ///   - x: The horizontal values.
  ///   - lower: The lower edge.
  ///   - upper: The upper edge.
  ///   - ink: The colour.
  ///   - name: The band's name, if it has one.
  ///   - run: The run that the band is part of, where that is not its name.
  /// - Precondition: The three have the same length.
  public init(
    x: [Double], lower: [Double], upper: [Double], ink: Ink = .series(0), name: String? = nil,
    run: String? = nil
  ) {
    precondition(
      x.count == lower.count && x.count == upper.count,
      "a band has as many edges (\(lower.count), \(upper.count)) as x values (\(x.count))")
    self.x = x
    self.lower = lower
    self.upper = upper
    self.ink = ink
    self.name = name
    self.run = run
  }

  /// Adds the band.
  public func describe(into data: inout FigureData) { data.add(self) }

  /// Widens the extents by both edges where both have a place.
  public func extend(x extentX: inout Extent, y extentY: inout Extent) {
    spans.extend(x: &extentX, y: &extentY)
  }

  /// Writes one closed area for every uninterrupted run of values.
  public func draw(in frame: Frame, into svg: inout SVG) {
    let edges = spans.pixels(in: frame)
    let lows = Decimation.runs(edges.map { $0?.low })
    let highs = Decimation.runs(edges.map { $0?.high })
    let data = zip(lows, highs).map { low, high in
      let upper = Decimation.straightened(
        Decimation.keepingExtremes(high, columnWidth: frame.columnWidth))
      let lower = Decimation.straightened(
        Decimation.keepingExtremes(low, columnWidth: frame.columnWidth))
      return SVG.path(upper + lower.reversed()) + "Z"
    }
    guard !data.isEmpty else { return }
    svg.element(
      "path", ["class": "fill-\(ink.name)", "fill-opacity": "0.22", "d": data.joined()])
  }

  /// The band's name with its colour.
  public var key: Key? {
    name.map { Key(text: $0, ink: ink, sample: .area) }
  }

  private var spans: VerticalSpans { VerticalSpans(x: x, lower: lower, upper: upper) }
}

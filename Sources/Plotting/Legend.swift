/// The names of marks with a sample of each, in rows above the plots.
struct Legend {
  /// One entry with the left end of its sample, in pixels from the legend's left edge.
  private struct Entry {
    let key: Key
    let text: String
    let x: Double
    let row: Int
  }

  private let entries: [Entry]
  /// The room the legend takes, in pixels; 0 when it has no entries.
  let height: Double

  private static let sampleWidth = 22.0
  private static let rowHeight = 18.0

  init(keys: [Key], width: Double) {
    var entries: [Entry] = []
    var (x, row) = (0.0, 0)
    for key in keys {
      let text = TextMetrics.shortened(
        key.text, size: TextMetrics.labelSize, width: width - Self.sampleWidth - 6)
      let size =
        Self.sampleWidth + 6 + TextMetrics.width(text, size: TextMetrics.labelSize)
      if x > 0 && x + size > width { (x, row) = (0, row + 1) }
      entries.append(Entry(key: key, text: text, x: x, row: row))
      x += size + 18
    }
    self.entries = entries
    height = entries.isEmpty ? 0 : Double(row + 1) * Self.rowHeight + 4
  }

  /// The entries of all plots, each once, in the order of the marks.
  ///
  /// - Parameters:
  ///   - plots: The plots of a figure.
  ///   - x: Their horizontal axis.
  ///   - includesLines: Whether lines are among them; they have their names at their ends otherwise.
  /// - Returns: The entries without repetitions.
  static func keys(of plots: [Plot], x: Axis, includesLines: Bool) -> [Key] {
    var seen: Set<Key> = []
    let all = plots.flatMap { $0.marks.compactMap(\.key) }
    return all.filter { (includesLines || $0.sample != .line) && seen.insert($0).inserted }
  }

  func draw(left: Double, top: Double, into svg: inout SVG) {
    guard !entries.isEmpty else { return }
    svg.open("g", ["class": "legend"])
    for entry in entries {
      let (x, y) = (left + entry.x, top + Double(entry.row) * Self.rowHeight + 9)
      Self.drawSample(of: entry.key, x: x, y: y, into: &svg)
      svg.element(
        "text",
        [
          "class": "text-\(entry.key.ink.name)",
          "x": SVG.number(x + Self.sampleWidth + 6), "y": SVG.number(y + 4),
        ],
        text: entry.text)
    }
    svg.close("g")
  }

  private static func drawSample(of key: Key, x: Double, y: Double, into svg: inout SVG) {
    let name = key.ink.name
    switch key.sample {
    case .line:
      let data = SVG.path([Pixel(x: x, y: y), Pixel(x: x + sampleWidth, y: y)])
      let dashes = key.dash.lengths ?? "none"
      svg.element(
        "path",
        [
          "class": "line line-\(name)", "stroke-width": "1.8", "stroke-dasharray": dashes,
          "d": data,
        ]
      )
    case .area:
      svg.element(
        "rect",
        [
          "class": "fill-\(name)", "fill-opacity": "0.25", "x": SVG.number(x),
          "y": SVG.number(y - 5), "width": SVG.number(sampleWidth), "height": "10",
        ])
    case .point:
      svg.element(
        "circle",
        [
          "class": "fill-\(name)", "cx": SVG.number(x + sampleWidth / 2), "cy": SVG.number(y),
          "r": "4",
        ])
    }
  }
}

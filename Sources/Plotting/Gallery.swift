/// A sheet of small figures side by side, for comparing many of a kind at a glance.
///
///     let sheet = Gallery(
///       title: "Families of schedules", description: "A learning rate over a run for each family.",
///       figures: families)
///     let text = sheet.svg(id: "families", width: 960)
///
/// The figures keep their own axes; give them the same domains where sizes are to be compared.
public struct Gallery: Sendable {
  /// The heading; also the accessible name.
  public let title: String
  /// A quieter line under the heading; nil for none.
  public let subtitle: String?
  /// What the sheet shows, for readers who cannot see it.
  public let description: String
  /// The figures, row by row.
  public let figures: [Figure]
  /// The colours of the whole sheet; those of the figures do not matter.
  public let theme: Theme
  /// The least width of a figure in pixels: as many go into a row as have it.
  public let leastWidth: Double

  /// Makes a sheet.
  ///
  /// - Parameters:
  ///   - title: The heading.
  ///   - subtitle: A quieter line under the heading.
  ///   - description: What the sheet shows, for readers who cannot see it.
  ///   - figures: The figures, row by row.
  ///   - theme: The colours of the whole sheet.
  ///   - leastWidth: The least width of a figure in pixels, 160…4000.
  /// - Precondition: `leastWidth` is in that range.
  public init(
    title: String, subtitle: String? = nil, description: String, figures: [Figure],
    theme: Theme = .automatic, leastWidth: Double = 220
  ) {
    precondition(
      leastWidth >= 160 && leastWidth <= 4000, "a small figure is 160 to 4000 pixels wide")
    self.title = title
    self.subtitle = subtitle
    self.description = description
    self.figures = figures
    self.theme = theme
    self.leastWidth = leastWidth
  }

  /// The sheet as an SVG document.
  ///
  /// - Parameters:
  ///   - id: A name unique on the page; a letter, then letters, digits, `-` and `_`.
  ///   - width: The width in pixels, 240…4000. A narrow sheet has fewer figures in a row.
  /// - Returns: The text of the document; the same sheet gives the same bytes.
  /// - Precondition: `id` is such a name and `width` in that range.
  public func svg(id: String, width: Double = 960) -> String {
    Figure.checkPlace(id: id, width: width)
    let heading = Figure(
      title: title, subtitle: subtitle, description: description, x: Axis(""), plots: [],
      theme: theme)
    let head = FigureLayout(figure: heading, width: width.rounded())
    let columns = max(1, Int(width / leastWidth))
    let cellWidth = (width / Double(columns)).rounded(.down)
    let cells = figures.map {
      FigureLayout(figure: $0, width: cellWidth, isSmall: true)
    }
    let rows = stride(from: 0, to: cells.count, by: columns).map {
      cells[$0..<min($0 + columns, cells.count)]
    }
    // Headings of different lengths must not set the plots of a row apart.
    let headings = rows.map { row in row.map(\.headingBottom).max() ?? 0 }
    let heights = zip(rows, headings).map { row, heading in
      heading + (row.map { $0.height - $0.headingBottom }.max() ?? 0)
    }
    let height = head.headingBottom + heights.reduce(0, +)
    var svg = SVG()
    head.open(id: id, height: height, into: &svg)
    svg.raw(theme.styleSheet(id: id))
    svg.close("style")
    head.drawBackground(height: height, into: &svg)
    head.drawHeading(into: &svg)
    var top = head.headingBottom
    for (number, row) in rows.enumerated() {
      for (index, cell) in zip(row.indices, row) {
        let left = Double(index % columns) * cellWidth
        svg.open(
          "g", ["transform": "translate(\(SVG.number(left)) \(SVG.number(top)))"])
        cell.drawHeading(into: &svg)
        svg.open(
          "g", ["transform": "translate(0 \(SVG.number(headings[number] - cell.headingBottom)))"])
        cell.drawPanels(id: "\(id)-\(index + 1)", into: &svg)
        svg.close("g")
        svg.close("g")
      }
      top += heights[number]
    }
    svg.close("svg")
    return svg.text
  }
}

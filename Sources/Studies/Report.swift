public import Plotting

/// A result told on one page: text, tables and figures in a single HTML file without references.
///
///     let report = Report(
///       title: "Super-convergence", summary: "1cycle needs a third of the epochs.",
///       blocks: [.heading("Method"), .paragraph("Three seeds each.")])
///     let page = report.html
///
/// The page follows the reader's choice of light or dark, prints in light, and shows figures in a
/// narrow layout on a phone. All text is passed in as plain values and escaped.
public struct Report: Sendable {
  /// A part of the page.
  public enum Block: Sendable {
    /// The heading of a section.
    case heading(String)
    /// Running text.
    case paragraph(String)
    /// The few numbers that the page is about, each with what it is.
    case highlights([Fact])
    /// Rows and columns.
    case table(Table)
    /// A figure with the text under it.
    case figure(Figure, caption: String)
    /// Commands as typed, one a line.
    case commands([String])
    /// Names with their values, such as the settings of a run.
    case facts([Fact])
  }

  /// A name with its value.
  public struct Fact: Hashable, Sendable, Codable {
    /// The name.
    public let name: String
    /// The value, written as it is to appear.
    public let value: String

    /// Makes a fact.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Rows and columns of text.
  public struct Table: Hashable, Sendable, Codable {
    /// A column.
    public struct Column: Hashable, Sendable, Codable {
      /// The text at the top.
      public let title: String
      /// Whether the column holds numbers, which are set right and with digits of one width.
      public let isNumeric: Bool

      /// Makes a column.
      public init(_ title: String, isNumeric: Bool = false) {
        self.title = title
        self.isNumeric = isNumeric
      }
    }

    /// The text above the table; nil for none.
    public let caption: String?
    /// The columns; the first names the rows.
    public let columns: [Column]
    /// The rows, a text for every column.
    public let rows: [[String]]

    /// Makes a table.
    ///
    /// - Parameters:
    ///   - caption: The text above the table.
    ///   - columns: The columns; the first names the rows.
    ///   - rows: The rows.
    /// - Precondition: Every row has a text for every column.
    public init(caption: String? = nil, columns: [Column], rows: [[String]]) {
      precondition(
        rows.allSatisfy { $0.count == columns.count },
        "every row of a table has \(columns.count) texts, one for each column")
      self.caption = caption
      self.columns = columns
      self.rows = rows
    }
  }

  /// The title.
  public let title: String
  /// The result in a sentence or two.
  public let summary: String
  /// The parts of the page.
  public let blocks: [Block]

  /// Makes a report.
  ///
  /// - Parameters:
  ///   - title: The title.
  ///   - summary: The result in a sentence or two.
  ///   - blocks: The parts of the page.
  public init(title: String, summary: String, blocks: [Block]) {
    self.title = title
    self.summary = summary
    self.blocks = blocks
  }

  /// The page; the same report gives the same bytes.
  public var html: String {
    var page = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(SVG.escaped(title))</title>
      <style>
      \(Self.styleSheet)
      </style>
      </head>
      <body>
      <main>
      <h1>\(SVG.escaped(title))</h1>
      <p class="summary">\(SVG.escaped(summary))</p>

      """
    var figureCount = 0
    for block in blocks {
      if case .figure = block { figureCount += 1 }
      page += html(of: block, figureNumber: figureCount)
    }
    return page + "</main>\n</body>\n</html>\n"
  }
}

// MARK: - Blocks

extension Report {
  private func html(of block: Block, figureNumber: Int) -> String {
    switch block {
    case .heading(let text): "<h2>\(SVG.escaped(text))</h2>\n"
    case .paragraph(let text): "<p>\(SVG.escaped(text))</p>\n"
    case .highlights(let facts): list(facts, style: "highlights")
    case .table(let table): html(of: table)
    case .figure(let figure, let caption): html(of: figure, caption, number: figureNumber)
    case .commands(let lines):
      "<pre><code>\(lines.map(SVG.escaped).joined(separator: "\n"))</code></pre>\n"
    case .facts(let facts): list(facts, style: "facts")
    }
  }

  private func list(_ facts: [Fact], style: String) -> String {
    let items = facts.map { fact in
      "<div><dt>\(SVG.escaped(fact.name))</dt><dd>\(SVG.escaped(fact.value))</dd></div>\n"
    }
    return "<dl class=\"\(style)\">\n\(items.joined())</dl>\n"
  }

  private func html(of table: Table) -> String {
    var text = "<div class=\"scroll\"><table>\n"
    if let caption = table.caption { text += "<caption>\(SVG.escaped(caption))</caption>\n" }
    let titles = table.columns.map { column in
      "<th scope=\"col\"\(style(column))>\(SVG.escaped(column.title))</th>"
    }
    text += "<thead><tr>\(titles.joined())</tr></thead>\n<tbody>\n"
    for row in table.rows {
      let cells = zip(table.columns, row).enumerated().map { index, cell in
        let (column, value) = (cell.0, SVG.escaped(cell.1))
        return index == 0
          ? "<th scope=\"row\"\(style(column))>\(value)</th>"
          : "<td\(style(column))>\(value)</td>"
      }
      text += "<tr>\(cells.joined())</tr>\n"
    }
    return text + "</tbody></table></div>\n"
  }

  private func style(_ column: Table.Column) -> String {
    column.isNumeric ? " class=\"number\"" : ""
  }

  /// A figure in two layouts, of which the style sheet shows one.
  private func html(of figure: Figure, _ caption: String, number: Int) -> String {
    let layouts = [("wide", 800.0), ("narrow", 380.0)].map { name, width in
      "<div class=\"\(name)\">\n"
        + figure.svg(id: "figure-\(number)-\(name)", width: width) + "</div>\n"
    }
    return "<figure>\n\(layouts.joined())"
      + "<figcaption><b>Figure \(number).</b> \(SVG.escaped(caption))</figcaption>\n</figure>\n"
  }

  /// The page's colours are those of the figures, so that figures have no visible edge.
  private static let styleSheet = """
    :root{--background:#ffffff;--text:#1a1a1a;--muted:#5a5a5a;--rule:#d9d9d9;--raised:#f5f6f7}
    @media screen and (prefers-color-scheme:dark){
    :root{--background:#15181c;--text:#ececec;--muted:#a9adb2;--rule:#353b42;--raised:#1e2227}
    }
    *{box-sizing:border-box}
    body{margin:0;background:var(--background);color:var(--text);
    font:16px/1.55 -apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans',sans-serif}
    main{max-width:848px;margin:0 auto;padding:40px 24px 64px}
    h1{font-size:1.9em;line-height:1.2;margin:0 0 .4em;letter-spacing:-.01em}
    h2{font-size:1.2em;margin:2.2em 0 .5em}
    p{max-width:68ch;margin:.6em 0}
    .summary{font-size:1.12em;color:var(--muted);margin-bottom:1.6em}
    .scroll{overflow-x:auto;margin:1em 0}
    table{border-collapse:collapse;width:100%;font-size:.94em;
    border-top:2px solid var(--text);border-bottom:2px solid var(--text)}
    caption{text-align:left;color:var(--muted);padding-bottom:.5em}
    th,td{padding:.45em .9em;text-align:left;vertical-align:baseline;font-weight:400}
    th:first-child,td:first-child{padding-left:.2em}
    thead th{font-weight:600;border-bottom:1px solid var(--text);vertical-align:bottom}
    tbody tr+tr>*{border-top:1px solid var(--rule)}
    .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    figure{margin:1.8em 0}
    figure svg{display:block;width:100%;height:auto}
    figcaption{color:var(--muted);font-size:.92em;max-width:76ch;padding:.3em 14px 0}
    figcaption b{color:var(--text);font-weight:600}
    .narrow{display:none}
    .wide svg{max-width:800px}
    pre{overflow-x:auto;background:var(--raised);padding:.8em 1em;border-radius:6px;font-size:.86em}
    code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace}
    dl{margin:1em 0}
    dt{color:var(--muted)}
    dd{margin:0}
    .highlights{display:flex;flex-wrap:wrap;gap:.8em 3em}
    .highlights div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
    .highlights dd{font-size:2em;line-height:1.2;font-weight:600;font-variant-numeric:tabular-nums}
    .highlights dt{font-size:.92em}
    .facts{font-size:.94em}
    .facts div{display:grid;grid-template-columns:minmax(9em,1fr) 3fr;gap:1em;padding:.25em .2em}
    .facts div+div{border-top:1px solid var(--rule)}
    .facts dd{overflow-wrap:anywhere}
    @media screen and (max-width:640px){
    main{padding:24px 16px 48px}
    h1{font-size:1.55em}
    .wide{display:none}
    .narrow{display:block;margin:0 -8px}
    .facts div{grid-template-columns:1fr;gap:0}
    }
    @media print{
    @page{margin:18mm}
    body{font-size:10.5pt}
    main{max-width:none;padding:0}
    h2{break-after:avoid}
    figure,table,pre,.highlights{break-inside:avoid}
    .scroll{overflow:visible}
    pre{white-space:pre-wrap;border:1px solid var(--rule)}
    }
    """
}

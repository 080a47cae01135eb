extension Gallery {
  /// An HTML page with every figure of the sheet as one that a reader can explore.
  ///
  /// The page needs no network and works from a file; where scripts do not run, the pictures stay.
  ///
  /// - Parameters:
  ///   - id: A name; a letter, then letters, digits, `-` and `_`.
  ///   - dataLimit: Bytes for the data of each figure, as for `Figure.interactiveSVG`.
  /// - Returns: The text of the page; the same sheet gives the same bytes.
  /// - Precondition: `id` is such a name.
  public func html(id: String, dataLimit: Int = Figure.usualDataLimit) -> String {
    let cellWidth = max(leastWidth, 300)
    Figure.checkPlace(id: id, width: cellWidth)
    let cells = figures.enumerated().map { number, figure in
      figure.with(theme: theme).interactiveSVG(
        id: "\(id)-\(number + 1)", width: cellWidth, dataLimit: dataLimit,
        includesScript: number == 0)
    }
    // A sheet is for looking: what a single figure's page has for working with it would drown it.
    let rules =
      "main{max-width:1280px;margin:0 auto;font-family:\(Theme.fontFamily)}"
      + "h1{font-size:20px;margin:14px 14px 2px}h1+p{font-size:13px;margin:0 14px 6px}"
      + ".sheet{display:grid;grid-template-columns:"
      + "repeat(auto-fill,minmax(min(\(SVG.number(leastWidth + 60))px,100%),1fr))}"
      + ".sheet>*{min-width:0}.sheet svg{max-width:100%;height:auto}"
      + ".sheet .tools,.sheet .hint{display:none!important}"
    return HTMLPage(title: title, theme: theme).text(
      rules: rules,
      body: """
        <h1>\(SVG.escaped(title))</h1>
        <p>\(SVG.escaped(subtitle ?? ""))</p>
        <div class="sheet">
        \(cells.map { "<div>\n\($0)</div>\n" }.joined())</div>

        """)
  }
}

extension Figure {
  /// Room that the data of an interactive figure may take unless said otherwise, in bytes.
  ///
  /// With the script and the static picture, files then stay below 300 kB.
  public static let usualDataLimit = 150_000

  /// The figure as an SVG document that a reader can explore.
  ///
  /// It is the static picture with its data and a script. Where scripts do not run, the picture
  /// stays. As a file it opens in a browser; inside an HTML page or a notebook's output it replaces
  /// itself by its interactive view.
  ///
  /// - Parameters:
  ///   - id: A name unique on the page; a letter, then letters, digits, `-` and `_`.
  ///   - width: The width of the static picture in pixels, 240…4000. The view takes the width that
  ///     the page gives it.
  ///   - dataLimit: Bytes for the data. Longer data lose precision, to no less than 0.012 % of a
  ///     value, and then points, but no spike.
  ///   - includesScript: Whether the script comes along. A page with many figures may carry `script`
  ///     once instead.
  /// - Returns: The text of the document; the same figure gives the same bytes.
  /// - Precondition: `id` is such a name and `width` in that range.
  public func interactiveSVG(
    id: String, width: Double = 720, dataLimit: Int = usualDataLimit, includesScript: Bool = true
  ) -> String {
    Self.checkPlace(id: id, width: width)
    let layout = FigureLayout(
      figure: self, width: width.rounded(), columnWidth: pictureColumnWidth(for: width))
    return layout.svg(
      id: id,
      interaction: FigureLayout.Interaction(
        payload: payload(dataLimit: dataLimit), script: includesScript ? Self.script : nil))
  }

  /// A web page that shows the interactive figure alone.
  ///
  /// The page needs no network and works from a file.
  ///
  /// - Parameters:
  ///   - id: A name; a letter, then letters, digits, `-` and `_`.
  ///   - width: The width of the static picture in pixels, 240…4000.
  ///   - dataLimit: Bytes for the data, as for `interactiveSVG`.
  /// - Returns: The text of the page.
  /// - Precondition: `id` is such a name and `width` in that range.
  public func html(id: String, width: Double = 720, dataLimit: Int = usualDataLimit) -> String {
    HTMLPage(title: title.isEmpty ? description : title, theme: theme).text(
      rules: "main{max-width:1200px;margin:0 auto}main>svg{max-width:100%;height:auto}",
      body: interactiveSVG(id: id, width: width, dataLimit: dataLimit))
  }

  /// The figure's data as JSON: what a live page passes to `update` of a figure that it shows.
  ///
  /// - Parameter dataLimit: Bytes for the marks, as for `interactiveSVG`.
  /// - Returns: One JSON object without line breaks; safe inside XML and HTML.
  public func payload(dataLimit: Int = usualDataLimit) -> String {
    JSONText.object([
      "version": "1", "title": JSONText.string(title),
      "subtitle": subtitle.map { JSONText.string($0) },
      "description": JSONText.string(description), "legend": "\(naming == .legend)",
      "x": Self.json(x),
      "panels": JSONText.array(
        plots.map { plot in
          JSONText.object([
            "y": Self.json(plot.y), "share": JSONText.number(plot.heightShare),
            "smooths": "\(plot.allowsSmoothing)",
          ])
        }),
      "progress": JSONText.array(
        progress.map { progress in
          JSONText.object([
            "run": JSONText.string(progress.run), "x": Column.exact(progress.x),
            "measures": JSONText.array(
              progress.measures.map { measure in
                JSONText.object([
                  "axis": Self.json(measure.axis), "values": Column.exact(measure.values),
                ])
              }),
          ])
        }),
      "handles": handles.isEmpty
        ? nil
        : JSONText.array(
          handles.map { handle in
            JSONText.object([
              "id": JSONText.string(handle.id), "panel": "\(handle.panel)",
              "x": JSONText.number(handle.x), "y": JSONText.number(handle.y),
              "label": JSONText.string(handle.label),
            ])
          }),
      "notes": notes.isEmpty
        ? nil
        : JSONText.array(
          notes.map { note in
            JSONText.object([
              "name": JSONText.string(note.name), "text": JSONText.string(note.text),
              "ink": JSONText.string(note.ink.name),
            ])
          }),
      "marks": FigureData(plots).json(limit: dataLimit),
    ])
  }

  private static func json(_ axis: Axis) -> String {
    let (kind, stepsPerEpoch): (String, Double?) =
      switch axis.kind {
      case .linear: ("linear", nil)
      case .logarithmic: ("logarithmic", nil)
      case .whole: ("whole", nil)
      case .epochs(let stepsPerEpoch): ("epochs", stepsPerEpoch)
      case .percent: ("percent", nil)
      }
    return JSONText.object([
      "title": JSONText.string(axis.title), "kind": "\"\(kind)\"",
      "stepsPerEpoch": stepsPerEpoch.map(JSONText.number),
      "domain": axis.domain.map { JSONText.numbers([$0.lowerBound, $0.upperBound]) },
      "includesZero": "\(axis.includesZero)",
    ])
  }

  /// The width of the pixel columns by which the static picture's lines are thinned: as coarse as
  /// needed for about 4,000 points, since the view draws its own.
  private func pictureColumnWidth(for width: Double) -> Double {
    let lengths = FigureData(plots).drawnLengths
    var column = 0.5
    while column < width / 8 {
      let mostKept = 4 * Int(width / column)
      if lengths.reduce(0, { $0 + min($1, mostKept) }) <= 4000 { break }
      column *= 2
    }
    return column
  }
}

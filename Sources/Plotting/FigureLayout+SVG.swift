// Drawing: the only order in which a figure's parts are written.
extension FigureLayout {
  /// What makes a figure interactive.
  struct Interaction {
    let payload: String
    /// Nil where the page has the script already.
    let script: String?
  }

  func svg(id: String, interaction: Interaction? = nil) -> String {
    var svg = SVG()
    open(id: id, height: height, into: &svg)
    svg.raw(figure.theme.styleSheet(id: id))
    if interaction != nil { svg.raw(figure.theme.viewStyleSheet(id: id)) }
    svg.close("style")
    // The script takes its data and then the picture's place.
    if let interaction {
      svg.raw(["<metadata class=\"anneal-data\">\(interaction.payload)</metadata>"])
    }
    drawBackground(height: height, into: &svg)
    drawHeading(into: &svg)
    drawPanels(id: id, into: &svg)
    if let script = interaction?.script {
      svg.open("script")
      svg.raw(["// <![CDATA[", script, "// ]]>"])
      svg.close("script")
    }
    svg.close("svg")
    return svg.text
  }

  /// Opens a document and in it a style sheet.
  func open(id: String, height: Double, into svg: inout SVG) {
    svg.open(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "id": id, "role": "img",
        "aria-labelledby": "\(id)-title \(id)-desc",
        "viewBox": "0 0 \(SVG.number(width)) \(SVG.number(height))",
        "width": SVG.number(width), "height": SVG.number(height),
      ])
    svg.element("title", ["id": "\(id)-title"], text: figure.title)
    svg.element("desc", ["id": "\(id)-desc"], text: figure.description)
    svg.open("style")
  }

  func drawBackground(height: Double, into svg: inout SVG) {
    svg.element(
      "rect",
      ["class": "background", "width": SVG.number(width), "height": SVG.number(height)])
  }

  func drawPanels(id: String, into svg: inout SVG) {
    for (index, panel) in panels.enumerated() {
      svg.open("g", ["class": "plot"])
      drawAxes(of: panel, isLast: index == panels.count - 1, into: &svg)
      drawMarks(of: panel, clip: "\(id)-clip-\(index + 1)", into: &svg)
      svg.close("g")
    }
    notes.draw(left: Self.outerMargin, top: notesTop, into: &svg)
  }

  func drawHeading(into svg: inout SVG) {
    let left = SVG.number(Self.outerMargin)
    var y = Self.outerMargin
    for line in titleLines {
      if isSmall {
        svg.element(
          "text", ["class": "text-ink", "font-weight": "600", "x": left, "y": SVG.number(y + 12)],
          text: line)
      } else {
        svg.element(
          "text", ["class": "title text-ink", "x": left, "y": SVG.number(y + 14)], text: line)
      }
      y += titleHeight
    }
    for line in subtitleLines {
      svg.element("text", ["class": "text-muted", "x": left, "y": SVG.number(y + 12)], text: line)
      y += 17
    }
    legend.draw(left: Self.outerMargin, top: y + 4, into: &svg)
  }

  // MARK: - Axes

  private func drawAxes(of panel: Panel, isLast: Bool, into svg: inout SVG) {
    let frame = panel.frame
    if !panel.plot.y.title.isEmpty {
      svg.element(
        "text",
        ["class": "text-muted", "x": SVG.number(Self.outerMargin), "y": SVG.number(frame.top - 9)],
        text: panel.plot.y.title)
    }
    if let note = panel.note {
      let room =
        frame.right - Self.outerMargin - 20
        - TextMetrics.width(panel.plot.y.title, size: TextMetrics.labelSize)
      svg.element(
        "text",
        [
          "class": "text-muted", "x": SVG.number(frame.right), "y": SVG.number(frame.top - 9),
          "text-anchor": "end",
        ], text: TextMetrics.shortened(note, size: TextMetrics.labelSize, width: room))
    }
    let rows = panel.hasData || panel.plot.y.domain != nil ? panel.ticks : []
    let columns = hasData || figure.x.domain != nil ? xTicks : []
    drawGrid(frame, rows: rows, columns: columns, into: &svg)
    drawTickLabels(frame, rows: rows, columns: isLast ? columns : [], into: &svg)
    guard isLast, !figure.x.title.isEmpty else { return }
    svg.element(
      "text",
      [
        "class": "text-muted", "x": SVG.number(frame.left + frame.width / 2),
        "y": SVG.number(frame.bottom + Self.tickGap + 14 + Self.lineHeight),
        "text-anchor": "middle",
      ], text: figure.x.title)
  }

  /// Grid lines at labelled ticks, the axis lines, and marks outside the frame at every tick.
  private func drawGrid(_ frame: Frame, rows: [Tick], columns: [Tick], into svg: inout SVG) {
    var (grid, marks) = ("", "")
    let (left, right) = (SVG.number(frame.left), SVG.number(frame.right))
    let (top, bottom) = (SVG.number(frame.top), SVG.number(Self.crisp(frame.bottom)))
    for tick in columns {
      guard let x = frame.pixelX(tick.value).map({ SVG.number(Self.crisp($0)) }) else { continue }
      if tick.label != nil { grid += "M\(x) \(top)V\(bottom)" }
      let length = tick.label != nil ? Self.tickLength : Self.tickLength / 2
      marks += "M\(x) \(bottom)v\(SVG.number(length))"
    }
    for tick in rows {
      guard let y = frame.pixelY(tick.value).map({ SVG.number(Self.crisp($0)) }) else { continue }
      if tick.label != nil { grid += "M\(left) \(y)H\(right)" }
      let length = tick.label != nil ? Self.tickLength : Self.tickLength / 2
      marks += "M\(SVG.number(Self.crisp(frame.left))) \(y)h\(SVG.number(-length))"
    }
    if !grid.isEmpty {
      svg.element("path", ["class": "grid", "fill": "none", "stroke-width": "1", "d": grid])
    }
    let axes = "M\(SVG.number(Self.crisp(frame.left))) \(top)V\(bottom)H\(right)"
    svg.element(
      "path", ["class": "axis", "fill": "none", "stroke-width": "1", "d": axes + marks])
  }

  private func drawTickLabels(
    _ frame: Frame, rows: [Tick], columns: [Tick], into svg: inout SVG
  ) {
    for (ticks, anchor) in [(rows, "end"), (columns, "middle")]
    where ticks.contains(where: { $0.label != nil }) {
      svg.open("g", ["text-anchor": anchor])
      for tick in ticks {
        guard let label = tick.label, let place = place(of: tick, in: frame, anchor: anchor) else {
          continue
        }
        svg.element(
          "text",
          ["class": "tick text-muted", "x": SVG.number(place.x), "y": SVG.number(place.y)],
          text: label)
      }
      svg.close("g")
    }
  }

  /// The place of a tick's text: beside the left edge, or under the bottom edge.
  private func place(of tick: Tick, in frame: Frame, anchor: String) -> Pixel? {
    if anchor == "end" {
      return frame.pixelY(tick.value).map { Pixel(x: frame.left - Self.tickGap, y: $0 + 4) }
    }
    guard let x = frame.pixelX(tick.value), let label = tick.label else { return nil }
    // A label at the frame's right end must not leave the figure.
    let half = TextMetrics.width(label, size: TextMetrics.tickSize) / 2
    return Pixel(x: min(x, width - half - 2), y: frame.bottom + Self.tickGap + 10)
  }

  // MARK: - Marks

  private func drawMarks(of panel: Panel, clip: String, into svg: inout SVG) {
    let frame = panel.frame
    guard panel.hasData && hasData else {
      svg.element(
        "text",
        [
          "class": "text-muted", "x": SVG.number(frame.left + frame.width / 2),
          "y": SVG.number(frame.top + frame.height / 2 + 4), "text-anchor": "middle",
        ], text: "no values to draw")
      return
    }
    // One pixel more than the frame, so that a line along an edge keeps its full width.
    svg.open("clipPath", ["id": clip])
    svg.element(
      "rect",
      [
        "x": SVG.number(frame.left - 1), "y": SVG.number(frame.top - 1),
        "width": SVG.number(frame.width + 2), "height": SVG.number(frame.height + 2),
      ])
    svg.close("clipPath")
    svg.open("g", ["clip-path": "url(#\(clip))"])
    for mark in panel.plot.marks where mark.isClipped { mark.draw(in: frame, into: &svg) }
    svg.close("g")
    for mark in panel.plot.marks where !mark.isClipped { mark.draw(in: frame, into: &svg) }
    drawLabels(of: panel, into: &svg)
  }

  private func drawLabels(of panel: Panel, into svg: inout SVG) {
    let labels = panel.plot.marks.flatMap { $0.labels(in: panel.frame) }
      .filter { panel.namesLines || $0.placement != .end }
    let placement = LabelPlacement(
      frame: panel.frame, rightLimit: width - 4,
      trace: panel.plot.marks.flatMap { $0.trace(in: panel.frame) })
    for label in placement.place(labels) {
      if !label.leader.isEmpty {
        svg.element(
          "path",
          ["class": "line line-muted", "stroke-width": "0.75", "d": SVG.path(label.leader)])
      }
      svg.element(
        "text",
        [
          "class": "halo text-\(label.ink.name)", "x": SVG.number(label.box.left),
          "y": SVG.number(label.box.top + LabelPlacement.rowHeight / 2 + 4),
        ], text: label.text)
    }
  }

  /// The middle of the nearest pixel, where a line of one pixel is sharp.
  private static func crisp(_ position: Double) -> Double {
    position.rounded(.down) + 0.5
  }
}

/// Where everything in a figure goes: computed once for a width, then drawn.
struct FigureLayout {
  let figure: Figure
  let width: Double
  let height: Double
  let titleLines: [String]
  let subtitleLines: [String]
  let legend: Legend
  let notes: NoteList
  /// Where the plots with their axis end and the notes begin.
  let notesTop: Double
  let panels: [Panel]
  let xTicks: [Tick]
  let hasData: Bool
  /// Where the heading ends and the plots begin.
  let headingBottom: Double
  /// Whether the figure is one of many on a sheet, with a lower heading and lower plots.
  let isSmall: Bool

  /// One plot with its place and ticks.
  struct Panel {
    let plot: Plot
    let frame: Frame
    let ticks: [Tick]
    let note: String?
    let hasData: Bool
    let namesLines: Bool
  }

  static let outerMargin = 14.0
  static let tickLength = 4.0
  /// From the frame's edge to the tick labels.
  static let tickGap = 8.0
  static let lineHeight = 16.0
  /// From a line's end to its name.
  static let nameGap = 9.0
  /// Below this width more than two names beside their lines would take the lines' room.
  private static let narrow = 480.0

  init(figure: Figure, width: Double, columnWidth: Double = 0.5, isSmall: Bool = false) {
    self.figure = figure
    self.width = width
    self.isSmall = isSmall
    let inner = width - 2 * Self.outerMargin
    titleLines = TextMetrics.wrapped(
      figure.title, size: isSmall ? TextMetrics.labelSize : TextMetrics.titleSize, width: inner)
    subtitleLines = TextMetrics.wrapped(
      figure.subtitle ?? "", size: TextMetrics.labelSize, width: inner)

    let extents = figure.plots.map { $0.extents(x: figure.x) }
    var xExtent = figure.x.emptyExtent
    for extent in extents {
      if let range = extent.x.range {
        xExtent.include(range.lowerBound)
        xExtent.include(range.upperBound)
      }
    }
    hasData = xExtent.range != nil
    let xScale = figure.x.scale(for: xExtent, margin: 0)
    let yScales = zip(figure.plots, extents).map { $0.y.scale(for: $1.y, margin: 0.05) }
    let heights = Self.heights(figure.plots, width: isSmall ? width : max(width, Self.narrow))
    let yTicks = zip(yScales, heights).map { Self.ticks($0, height: $1) }
    let tickWidth =
      yTicks.joined().compactMap(\.label)
      .map { TextMetrics.width($0, size: TextMetrics.tickSize) }.max() ?? 0
    let left = (Self.outerMargin + tickWidth + Self.tickGap).rounded(.up)

    // Names at line ends ask for room on the right; where that is too much, a legend takes over.
    let widest = width - left - Self.outerMargin
    let direct = Self.widthBesideNames(
      figure, xScale: xScale, yScales: yScales, heights: heights, left: left, width: width)
    let usesLegend = figure.naming == .legend || direct == nil
    let frameWidth = (usesLegend ? widest : min(widest, direct ?? widest)).rounded(.down)
    legend = Legend(
      keys: Legend.keys(of: figure.plots, x: figure.x, includesLines: usesLegend), width: inner)

    xTicks = Self.fittingTicks(xScale, width: frameWidth)
    var top =
      Self.outerMargin + Double(titleLines.count) * (isSmall ? 16 : 20)
      + Double(subtitleLines.count) * 17 + legend.height + 4
    headingBottom = top
    var panels: [Panel] = []
    for (index, plot) in figure.plots.enumerated() {
      let hasData = extents[index].y.range != nil
      let note = Self.note(for: plot, x: figure.x, hasData: hasData)
      if !plot.y.title.isEmpty || note != nil { top += Self.lineHeight + 4 }
      let frame = Frame(
        x: xScale, y: yScales[index], left: left, top: top, width: frameWidth,
        height: heights[index], columnWidth: columnWidth)
      panels.append(
        Panel(
          plot: plot, frame: frame, ticks: yTicks[index], note: note, hasData: hasData,
          namesLines: !usesLegend))
      top = frame.bottom + (index + 1 < figure.plots.count ? 14 : 0)
    }
    self.panels = panels
    let axisTitle = figure.x.title.isEmpty ? 0 : Self.lineHeight + 2
    notes = NoteList(figure.notes, width: inner)
    notesTop = top + Self.tickGap + 14 + axisTitle
    height = (notesTop + notes.height + Self.outerMargin - 4).rounded()
  }

  // MARK: - Sizes

  /// The distance between the baselines of the heading's first lines.
  var titleHeight: Double { isSmall ? 16 : 20 }

  /// Frame heights: together about half a width, more for several plots.
  private static func heights(_ plots: [Plot], width: Double) -> [Double] {
    let shares = plots.reduce(0) { $0 + $1.heightShare }
    let ratio = 0.42 + 0.15 * Double(max(plots.count - 1, 0))
    let total = min(ratio * width, 1200)
    return plots.map { max(70, (total * $0.heightShare / shares).rounded()) }
  }

  /// The frame width that leaves room for the names at line ends; nil when a legend is better.
  private static func widthBesideNames(
    _ figure: Figure, xScale: any Scale, yScales: [any Scale], heights: [Double], left: Double,
    width: Double
  ) -> Double? {
    var frameWidth = width - left - outerMargin
    let widest = frameWidth
    for (index, plot) in figure.plots.enumerated() {
      let frame = Frame(
        x: xScale, y: yScales[index], left: 0, top: 0, width: 1, height: heights[index])
      let names = plot.marks.flatMap { $0.labels(in: frame) }.filter { $0.placement == .end }
      guard names.count <= (width < narrow ? 2 : 8),
        Double(names.count) * LabelPlacement.rowHeight <= heights[index]
      else { return nil }
      for name in names {
        let room =
          width - left - 6 - nameGap - TextMetrics.width(name.text, size: TextMetrics.labelSize)
        frameWidth = min(frameWidth, room / max(name.anchor.x, 0.01))
      }
    }
    return frameWidth >= widest * 0.66 ? frameWidth : nil
  }

  /// Vertical ticks, two at least where the scale has them: one alone does not tell a scale.
  private static func ticks(_ scale: any Scale, height: Double) -> [Tick] {
    let wanted = max(2, Int(height / 40))
    for count in wanted...(wanted + 3) {
      let ticks = scale.ticks(atMost: count)
      if ticks.count(where: { $0.label != nil }) > 1 { return ticks }
    }
    return scale.ticks(atMost: wanted)
  }

  /// As many ticks as have room for their labels side by side.
  private static func fittingTicks(_ scale: any Scale, width: Double) -> [Tick] {
    for count in stride(from: max(2, Int(width / 60)), through: 1, by: -1) {
      let ticks = scale.ticks(atMost: count)
      let labels = ticks.compactMap { tick in tick.label.map { (tick.value, $0) } }
      let places = labels.map { value, label in
        let half = TextMetrics.width(label, size: TextMetrics.tickSize) / 2
        let center = (scale.fraction(of: value) ?? 0) * width
        return (start: center - half, end: center + half)
      }
      let fits = zip(places, places.dropFirst()).allSatisfy { $0.end + 14 <= $1.start }
      if fits { return ticks }
    }
    return []
  }

  /// A remark beside the axis title about marks that cannot be drawn.
  private static func note(for plot: Plot, x: Axis, hasData: Bool) -> String? {
    let names = plot.undrawnNames(x: x)
    guard hasData && !names.isEmpty else { return nil }
    let isLogarithmic = x.kind == .logarithmic || plot.y.kind == .logarithmic
    return "not drawn, for want of \(isLogarithmic ? "positive" : "finite") values: "
      + names.joined(separator: ", ")
  }
}

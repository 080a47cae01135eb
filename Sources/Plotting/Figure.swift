/// A picture: one plot, or several stacked over a shared horizontal axis, with titles.
///
///     let figure = Figure(
///       title: "1cycle", description: "The learning rate rises and falls once.",
///       x: Axis("step", kind: .whole),
///       plots: [
///         Plot(y: Axis("learning rate"), marks: [LineMark(x: [0, 30, 100], y: [0.1, 1, 0])])
///       ])
///     let text = figure.svg(id: "one-cycle")
///
/// What it does not do, on purpose: animation, three dimensions, pie charts, second vertical axes,
/// and smoothing that invents data.
public struct Figure: Sendable {
  /// How lines get their names.
  public enum Naming: String, Hashable, Sendable, Codable {
    /// At the end of each line, or in a legend where there are too many or no room.
    case automatic
    /// In a legend.
    case legend
  }

  /// The heading; also the accessible name.
  public let title: String
  /// A quieter line under the heading; nil for none.
  public let subtitle: String?
  /// What the figure shows, for readers who cannot see it.
  public let description: String
  /// The horizontal axis that all plots share.
  public let x: Axis
  /// The plots, from top to bottom.
  public let plots: [Plot]
  /// Lines of text under the plots that say more of what is marked in them.
  public let notes: [Note]
  /// The colours.
  public let theme: Theme
  /// How lines get their names.
  public let naming: Naming
  /// Other measures that a reader of an interactive figure can put on the horizontal axis.
  public let progress: [Progress]
  /// Places that a reader of an interactive figure can drag.
  public let handles: [Handle]

  /// Makes a figure.
  ///
  /// - Parameters:
  ///   - title: The heading; empty for none.
  ///   - subtitle: A quieter line under the heading.
  ///   - description: What the figure shows, for readers who cannot see it.
  ///   - x: The horizontal axis that all plots share.
  ///   - plots: The plots, from top to bottom.
  ///   - notes: Lines of text under the plots that say more of what is marked in them.
  ///   - theme: The colours.
  ///   - naming: How lines get their names.
  ///   - progress: Other measures for the horizontal axis of an interactive figure.
  ///   - handles: Places that a reader of an interactive figure can drag.
  public init(
    title: String, subtitle: String? = nil, description: String, x: Axis, plots: [Plot],
    notes: [Note] = [], theme: Theme = .automatic, naming: Naming = .automatic,
    progress: [Progress] = [], handles: [Handle] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.description = description
    self.x = x
    self.plots = plots
    self.notes = notes
    self.theme = theme
    self.naming = naming
    self.progress = progress
    self.handles = handles
  }

  /// The figure as an SVG document.
  ///
  /// - Parameters:
  ///   - id: A name unique on the page that the figure is put into; a letter, then letters, digits,
  ///     `-` and `_`.
  ///   - width: The width in pixels, 240…4000. Type keeps its size, so a narrow figure is a
  ///     different layout and not a smaller picture.
  /// - Returns: The text of the document; the same figure gives the same bytes.
  /// - Precondition: `id` is such a name and `width` in that range.
  public func svg(id: String, width: Double = 720) -> String {
    Self.checkPlace(id: id, width: width)
    return FigureLayout(figure: self, width: width.rounded()).svg(id: id)
  }

  /// The same figure in other colours.
  func with(theme: Theme) -> Figure {
    Figure(
      title: title, subtitle: subtitle, description: description, x: x, plots: plots, notes: notes,
      theme: theme, naming: naming, progress: progress, handles: handles)
  }

  /// Checks what a caller says about the figure's place on a page.
  static func checkPlace(id: String, width: Double) {
    precondition(isName(id), "an id is a letter, then letters, digits, - and _: \(id)")
    precondition(width >= 240 && width <= 4000, "a figure is 240 to 4000 pixels wide: \(width)")
  }

  private static func isName(_ id: String) -> Bool {
    guard let first = id.first, first.isASCII, first.isLetter else { return false }
    return id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
  }
}

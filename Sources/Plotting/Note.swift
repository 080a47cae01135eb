/// A line of text under a figure's plots that says more of what is marked in them than fits beside
/// it: the reason of a suggestion, for example.
public struct Note: Hashable, Sendable {
  /// What the note is about, as it is labelled in the plot.
  public let name: String
  /// What there is to say of it.
  public let text: String
  /// The colour of what it is about.
  public let ink: Ink

  /// Makes a note.
  public init(_ name: String, text: String, ink: Ink = .text) {
    self.name = name
    self.text = text
    self.ink = ink
  }
}

/// The notes of a figure in rows under the plots: names in a column, texts beside them.
struct NoteList {
  private struct Row {
    let text: String
    let ink: Ink
    let x: Double
    let y: Double
  }

  private let rows: [Row]
  /// The room the notes take, in pixels; 0 when there are none.
  let height: Double

  private static let lineHeight = 16.0
  private static let gap = 12.0
  private static let size = TextMetrics.labelSize

  init(_ notes: [Note], width: Double) {
    var rows: [Row] = []
    let widest = notes.map { TextMetrics.width($0.name, size: Self.size) }.max() ?? 0
    // Where names would leave their texts too little room, these stand under them.
    let isStacked = widest > width * 0.3
    let left = isStacked ? 0 : widest + Self.gap
    var y = 8.0
    for note in notes {
      for line in isStacked
        ? TextMetrics.wrapped(note.name, size: Self.size, width: width) : [note.name]
      {
        rows.append(Row(text: line, ink: note.ink, x: 0, y: y))
        y += isStacked ? Self.lineHeight : 0
      }
      let lines = TextMetrics.wrapped(note.text, size: Self.size, width: width - left)
      for line in lines {
        rows.append(Row(text: line, ink: .muted, x: left, y: y))
        y += Self.lineHeight
      }
      if !isStacked && lines.isEmpty { y += Self.lineHeight }
      if isStacked { y += 4 }
    }
    self.rows = rows
    height = notes.isEmpty ? 0 : y
  }

  func draw(left: Double, top: Double, into svg: inout SVG) {
    guard !rows.isEmpty else { return }
    svg.open("g", ["class": "notes"])
    for row in rows {
      svg.element(
        "text",
        [
          "class": "text-\(row.ink.name)", "x": SVG.number(left + row.x),
          "y": SVG.number(top + row.y + 12),
        ], text: row.text)
    }
    svg.close("g")
  }
}

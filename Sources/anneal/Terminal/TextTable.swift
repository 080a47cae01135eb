/// A table for a terminal: a heading, a rule, and aligned columns.
struct TextTable: Sendable {
  enum Alignment: Sendable { case left, right }

  struct Column: Sendable {
    var title: String
    var alignment: Alignment

    /// A column of words.
    static func text(_ title: String) -> Column { Column(title: title, alignment: .left) }
    /// A column of numbers.
    static func number(_ title: String) -> Column { Column(title: title, alignment: .right) }
  }

  var columns: [Column]
  var rows: [[String]] = []

  init(_ columns: Column...) {
    self.init(columns: columns)
  }

  init(columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row.
  ///
  /// - Precondition: There is one cell for each column.
  mutating func append(_ cells: String...) {
    append(cells)
  }

  /// Adds a row.
  ///
  /// - Precondition: There is one cell for each column.
  mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row has a cell for each column")
    rows.append(cells)
  }

  /// The table's lines, without trailing spaces.
  var lines: [String] {
    let widths = columns.indices.map { column in
      rows.reduce(columns[column].title.count) { max($0, $1[column].count) }
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return [line(columns.map(\.title), widths), rule] + rows.map { line($0, widths) }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() {
      let padding = String(repeating: " ", count: widths[index] - cell.count)
      text += (index == 0 ? "" : "  ")
      text += columns[index].alignment == .left ? cell + padding : padding + cell
    }
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}

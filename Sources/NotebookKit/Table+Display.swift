import Plotting
public import Studies

/// Makes a table.
///
///     table(["rule", "rate"], [["valley", 0.12], ["steepest", 0.4]])
///
/// - Parameters:
///   - titles: The columns' titles; the first column names the rows.
///   - rows: The rows; numbers stand at the right and are written with four digits.
///   - caption: The text above the table; nil for none.
/// - Returns: The table, which shows itself.
/// - Precondition: Every row has a value for every column.
public func table(
  _ titles: [String], _ rows: [[Any]], caption: String? = nil
) -> Report.Table {
  Report.Table(
    caption: caption,
    columns: titles.enumerated().map { place, title in
      let values = rows.compactMap { place < $0.count ? $0[place] : nil }
      let isNumeric =
        !values.isEmpty && values.allSatisfy { $0 is Double || $0 is Float || $0 is Int }
      return Report.Table.Column(title, isNumeric: isNumeric && place > 0)
    },
    rows: rows.map { $0.map(cellText) })
}

private func cellText(_ value: Any) -> String {
  switch value {
  case let value as Double: NumberText.significant(value, digits: 4)
  case let value as Float: NumberText.significant(Double(value), digits: 4)
  default: String(describing: value)
  }
}

extension Report.Table: Displayable {
  /// The table as HTML, and with aligned columns as text.
  public var mimeBundle: MIMEBundle { MIMEBundle(text: alignedText, html: html) }

  private var html: String {
    func cell(_ name: String, _ text: String, _ place: Int) -> String {
      let side = columns[place].isNumeric ? "right" : "left"
      return "<\(name) style=\"text-align:\(side)\">\(SVG.escaped(text))</\(name)>"
    }
    let heading = columns.indices.map { cell("th", columns[$0].title, $0) }.joined()
    let body = rows.map { row in
      "<tr>" + row.indices.map { cell("td", row[$0], $0) }.joined() + "</tr>"
    }
    let caption = caption.map { "<caption>\(SVG.escaped($0))</caption>" } ?? ""
    return "<table>\(caption)<thead><tr>\(heading)</tr></thead>"
      + "<tbody>\(body.joined())</tbody></table>"
  }

  private var alignedText: String {
    let lines = [columns.map(\.title)] + rows
    let widths = columns.indices.map { place in lines.map { $0[place].count }.max() ?? 0 }
    let aligned = lines.map { line in
      line.indices.map { place in
        let padding = String(repeating: " ", count: widths[place] - line[place].count)
        return columns[place].isNumeric ? padding + line[place] : line[place] + padding
      }.joined(separator: "  ").trimmingEnd()
    }
    return ((caption.map { [$0] } ?? []) + aligned).joined(separator: "\n")
  }
}

extension String {
  /// Without spaces at the end.
  fileprivate func trimmingEnd() -> String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

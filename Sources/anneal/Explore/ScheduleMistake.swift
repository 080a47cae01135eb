import Schedules

extension ScheduleQuestion {
  /// Why there is no answer, and where.
  struct Mistake: Error, Hashable, Encodable {
    /// What was typed wrongly, by the name that its element has in the page.
    enum Field: String, Hashable, Sendable, Encodable {
      case text
      case steps
      case stepsPerEpoch = "steps-per-epoch"
    }

    var text: String
    var field = Field.text
    /// The place in the whole text, in characters from 1; nothing where it is no single one.
    var column: Int?
    /// The line of the text around that place, and a line with a mark under it.
    var excerpt: String?

    init(text: String, field: Field = .text) { (self.text, self.field) = (text, field) }

    /// A mistake in no part of a text.
    init(_ error: any Error) {
      if case ScheduleError.unitNeeds("stepsPerEpoch", let phase) = error {
        self.init(
          text: "\(phase) is measured in epochs; say how many steps are in one",
          field: .stepsPerEpoch)
      } else {
        self.init(text: CommandError(reporting: error).description)
      }
    }

    /// A mistake in a word of a text.
    ///
    /// - Parameters:
    ///   - error: What is wrong with the word, with columns that count from its beginning.
    ///   - text: The whole text.
    ///   - start: Where the word begins in it, in characters.
    init(_ error: any Error, in text: String, from start: Int) {
      let (column, problem): (Int, String)
      switch error {
      case ScheduleError.syntax(let found, let expected, let actual, _):
        (column, problem) = (found, "expected \(expected), found \(actual)")
      case ScheduleError.unknownName(let kind, let name, let nearest, let found, _):
        let hint = nearest.map { "; did you mean '\($0)'?" } ?? ""
        (column, problem) = (found, "unknown \(kind) '\(name.prefix(60))'\(hint)")
      default:
        self.init(error)
        return
      }
      let place = Place(of: start + column - 1, in: text)
      let line = text.contains(where: \.isNewline) ? "line \(place.line), " : ""
      self.init(text: "\(line)column \(place.column): \(problem)")
      self.column = start + column
      excerpt = place.excerpt
    }
  }
}

/// A place in a text of several lines.
private struct Place {
  /// Characters of a line that are shown around a place, which a phone has room for.
  static let width = 36

  /// From 1.
  let line: Int
  /// From 1.
  let column: Int
  private let text: [Character]

  init(of place: Int, in text: String) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var (number, first) = (0, 0)
    while number + 1 < lines.count, first + lines[number].count < place {
      first += lines[number].count + 1
      number += 1
    }
    line = number + 1
    column = place - first + 1
    self.text = Array(lines[number])
  }

  /// The line, or what is around the place where it is long, over a caret.
  var excerpt: String {
    let isLong = text.count > Self.width
    let from = isLong ? max(0, min(column - 1 - Self.width / 2, text.count - Self.width)) : 0
    let part = text[from..<min(text.count, from + Self.width)].map { $0 == "\t" ? " " : $0 }
    let (before, after) = (from > 0 ? "…" : "", from + part.count < text.count ? "…" : "")
    let blank = String(repeating: " ", count: column - 1 - from + before.count)
    return before + String(part) + after + "\n" + blank + "^"
  }
}

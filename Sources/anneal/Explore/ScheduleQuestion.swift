import Plotting
import Schedules
import Studies

/// What the page asks about a text, and everything that it then shows.
struct ScheduleQuestion: Hashable, Sendable, Codable {
  /// Where a reader pulled a knot of the figure.
  struct Drag: Hashable, Sendable, Codable {
    /// The handle's name, `entry:knot`.
    var id: String
    var x: Double
    var y: Double
  }

  /// The longest run that is drawn while somebody waits, in steps.
  static let stepLimit = 1_000_000

  var text: String
  var steps: Int
  var stepsPerEpoch: Double?
  /// The plan to compare with; empty for none.
  var reference = ""
  var drag: Drag?

  /// The run.
  var horizon: Horizon {
    Horizon(steps: steps, stepsPerEpoch: stepsPerEpoch)
  }

  /// The words of a text and where each begins, in characters; white space inside brackets, or after a
  /// comma, does not end a word.
  static func words(of text: String) -> [(word: String, column: Int)] {
    var words: [(word: String, column: Int)] = []
    var (depth, isInside) = (0, false)
    for (column, character) in text.enumerated() {
      if character.isWhitespace, depth == 0, !(isInside && words.last?.word.last == ",") {
        isInside = false
        continue
      }
      if !isInside { words.append(("", column)) }
      isInside = true
      words[words.count - 1].word.append(character)
      if "({[".contains(character) { depth += 1 }
      if ")}]".contains(character) { depth = max(0, depth - 1) }
    }
    return words
  }

  /// The words as schedules.
  ///
  /// - Throws: `Mistake`, with the place in the whole text.
  static func schedules(_ text: String) throws(Mistake) -> ScheduleWords {
    let parts = words(of: text)
    guard !parts.isEmpty else {
      throw Mistake(
        text: "type a schedule, for example lr=onecycle(peak=0.4,warmup=30%)", column: 1)
    }
    for (word, column) in parts {
      do { _ = try ScheduleWords([word]) } catch {
        // A word without a name is parsed as it is, so columns count from its beginning either way.
        throw Mistake(error, offset: column)
      }
    }
    do { return try ScheduleWords(parts.map(\.word)) } catch { throw Mistake(error, offset: 0) }
  }

  /// Why there is no answer, and where in the text.
  struct Mistake: Error, Hashable, Encodable {
    var text: String
    /// From 1; nothing where it is the whole.
    var column: Int?

    init(text: String, column: Int?) { (self.text, self.column) = (text, column) }

    init(_ error: any Error, offset: Int) {
      switch error {
      case ScheduleError.syntax(let column, let expected, let found, _):
        self.column = column + offset
        text = "column \(column + offset): expected \(expected), found \(found)"
      case ScheduleError.unknownName(let kind, let name, let nearest, let column, _):
        self.column = column + offset
        text =
          "column \(column + offset): unknown \(kind) '\(name.prefix(60))'"
          + (nearest.map { "; did you mean '\($0)'?" } ?? "")
      default:
        column = nil
        text = CommandError(reporting: error).description
      }
    }
  }
}

import Plotting
import Schedules

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
  /// The number of steps, as it was typed.
  var steps: String
  /// The number of steps in an epoch, as it was typed; blank where there are no epochs.
  var stepsPerEpoch: String
  /// The plan to compare with; empty for none.
  var reference = ""
  var drag: Drag?

  init(
    text: String, steps: Int, stepsPerEpoch: Int? = nil, reference: String = "", drag: Drag? = nil
  ) {
    self.text = text
    self.steps = "\(steps)"
    self.stepsPerEpoch = stepsPerEpoch.map { "\($0)" } ?? ""
    self.reference = reference
    self.drag = drag
  }

  /// The run.
  ///
  /// - Throws: `Mistake` for a number that is none, with the field in which it was typed.
  func horizon() throws(Mistake) -> Horizon {
    guard let steps = Int(Self.trimmed(steps)), (1...Self.stepLimit).contains(steps) else {
      throw Mistake(
        text: "steps: expected a whole number from 1 to \(NumberText.grouped(Self.stepLimit)), "
          + "found \(Self.shown(self.steps))", field: .steps)
    }
    let typed = Self.trimmed(stepsPerEpoch)
    if typed.isEmpty { return Horizon(steps: steps) }
    guard let stepsPerEpoch = Double(typed), stepsPerEpoch > 0, stepsPerEpoch.isFinite else {
      throw Mistake(
        text: "steps in an epoch: expected a positive number, or nothing, "
          + "found \(Self.shown(typed))", field: .stepsPerEpoch)
    }
    return Horizon(steps: steps, stepsPerEpoch: stepsPerEpoch)
  }

  private static func trimmed(_ text: String) -> String {
    var rest = text[...].drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }

  private static func shown(_ text: String) -> String {
    text.isEmpty ? "nothing" : "'\(text.prefix(40))'"
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
      throw Mistake(text: "type a schedule, for example lr=onecycle(peak=0.4,warmup=30%)")
    }
    for (word, column) in parts {
      do { _ = try ScheduleWords([word]) } catch {
        // A word without a name is parsed as it is, so columns count from its beginning either way.
        throw Mistake(error, in: text, from: column)
      }
    }
    do { return try ScheduleWords(parts.map(\.word)) } catch { throw Mistake(error) }
  }
}

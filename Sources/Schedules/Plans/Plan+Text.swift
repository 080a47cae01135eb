extension Plan {
  /// The text form, a word per schedule: `lr=0.1`, `stem:lr=(0.1)*0.5`, `imageSize=128@13ep,224/32`.
  public var words: [String] {
    entries.map { entry in
      let rounding = entry.multiple.map { $0 == 1 ? "" : "/\($0)" } ?? ""
      guard let proportion = entry.proportion else {
        return "\(entry.word)=\(entry.schedule)\(rounding)"
      }
      // A whole number's reference is always there, so that a multiple after it is not taken for one.
      let isPlain = proportion.reference == 1 && entry.multiple == nil
      let reference = isPlain ? "" : "/\(formatted(proportion.reference))"
      return "\(entry.word)=(\(entry.schedule))*\(proportion.key.word)\(reference)\(rounding)"
    }
  }

  /// Reads a plan's text form.
  ///
  /// - Parameters:
  ///   - words: Each `key=schedule` or `group:key=schedule`, with `*key/reference` after one that is
  ///     proportional to another and `/multiple` after an integer's.
  ///   - curves: Curves of your own that the words may name.
  /// - Throws: A ``ScheduleError`` with the word, the column, and what was expected there.
  public init(words: [String], curves: [Curve] = []) throws(ScheduleError) {
    var entries: [Entry] = []
    for word in words { entries.append(try Entry(parsing: word, curves: curves)) }
    self.init(entries: entries)
    try validate()
  }
}

extension Plan: LosslessStringConvertible {
  /// The words of the text form, with spaces between them.
  public var description: String { words.joined(separator: " ") }

  /// Reads words with white space between them; nothing if they are not a plan.
  public init?(_ description: String) {
    let words = description.split { $0.isWhitespace }.map(String.init)
    guard let plan = try? Plan(words: words) else { return nil }
    self = plan
  }
}

extension Plan.Entry {
  init(parsing word: String, curves: [Curve]) throws(ScheduleError) {
    var parser = ScheduleParser(word, curves: curves)
    var name = parser.scanner.word { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ":") }
    var group: String?
    var start = 0
    if parser.scanner.take(":") {
      guard Plan.isGroupName(name) else {
        throw Scanner(word).failure(expected: "a group's name before ':'")
      }
      group = name
      start = parser.scanner.position
      name = parser.scanner.word { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ":") }
    }
    if name.isEmpty { throw parser.scanner.failure(expected: "a hyper-parameter's name") }
    try parser.scanner.require("=")
    guard let key = HyperparameterKey(word: name) else {
      let known = HyperparameterKey.allCases.flatMap { Set([$0.word, $0.rawValue]).sorted() }
      throw parser.scanner.unknown("hyper-parameter", name, among: known, at: start)
    }
    let schedule = try parser.schedule()
    let proportion = try parser.proportion(of: key)
    var multiple: Int?
    if key.isInteger { multiple = parser.scanner.take("/") ? try parser.count() : 1 }
    parser.scanner.skipSpaces()
    guard parser.scanner.isAtEnd else {
      throw parser.scanner.failure(expected: "',' or a modifier or the end")
    }
    try schedule.validate()
    self.init(
      key: key, group: group, schedule: schedule, multiple: multiple, proportion: proportion)
  }
}

extension ScheduleParser {
  /// `*key/reference` after the schedule of a plan, if it is there.
  fileprivate mutating func proportion(
    of key: HyperparameterKey
  ) throws(ScheduleError) -> Plan.Proportion? {
    guard scanner.take("*") else { return nil }
    let start = scanner.position
    let name = name()
    guard let other = HyperparameterKey(word: name) else {
      throw scanner.unknown(
        "hyper-parameter", name, among: HyperparameterKey.allCases.map(\.word), at: start)
    }
    if key.isInteger { try scanner.require("/") }
    guard key.isInteger || scanner.take("/") else {
      return Plan.Proportion(key: other, reference: 1)
    }
    let before = scanner
    let reference = try scanner.number()
    guard reference > 0 else { throw before.failure(expected: "a positive number") }
    return Plan.Proportion(key: other, reference: reference)
  }
}

/// A place in a text, read byte by byte; it never reads past the end and never goes back far.
struct Scanner {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { position >= bytes.count }

  /// The byte so many places ahead, or 0 past the end.
  func peek(_ ahead: Int = 0) -> UInt8 {
    position + ahead < bytes.count ? bytes[position + ahead] : 0
  }

  /// Takes whatever byte comes next; nothing at the end.
  mutating func next() -> UInt8? {
    guard !isAtEnd else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func skipSpaces() {
    while !isAtEnd, peek() == 0x20 || (0x09...0x0D).contains(peek()) { position += 1 }
  }

  /// Takes an ASCII mark if it comes next, after white space.
  mutating func take(_ mark: String) -> Bool {
    skipSpaces()
    var end = position
    for byte in mark.utf8 {
      guard end < bytes.count, bytes[end] == byte else { return false }
      end += 1
    }
    position = end
    return true
  }

  mutating func require(_ mark: String) throws(ScheduleError) {
    guard take(mark) else { throw failure(expected: "'\(mark)'") }
  }

  /// Takes the letters, digits and other bytes that a name may have; maybe none.
  mutating func word(where isPart: (UInt8) -> Bool) -> String {
    skipSpaces()
    let start = position
    while !isAtEnd, isPart(peek()) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// A finite decimal number: sign, digits, fraction and exponent as in Swift, with no other names.
  mutating func number(_ expected: String = "a number") throws(ScheduleError) -> Double {
    skipSpaces()
    let start = position
    if peek() == UInt8(ascii: "-") || peek() == UInt8(ascii: "+") { position += 1 }
    let first = position
    skipDigits()
    // Two dots are the mark between the values of a ramp.
    if peek() == UInt8(ascii: "."), peek(1) != UInt8(ascii: ".") {
      position += 1
      skipDigits()
    }
    let hasDigits = bytes[first..<position].contains { Scanner.isDigit($0) }
    if hasDigits { skipExponent() }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard hasDigits, let value = Double(text) ?? Double("0" + text), value.isFinite else {
      position = start
      throw failure(expected: hasDigits ? "a finite number" : expected)
    }
    return value
  }

  private mutating func skipDigits() {
    while Scanner.isDigit(peek()) { position += 1 }
  }

  /// An `e` belongs to the number only if digits follow: in `3ep` it begins the unit.
  private mutating func skipExponent() {
    guard peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") else { return }
    let isSigned = peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+")
    guard Scanner.isDigit(peek(isSigned ? 2 : 1)) else { return }
    position += isSigned ? 2 : 1
    skipDigits()
  }

  static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte)
  }
}

// MARK: - Errors

extension Scanner {
  /// What was expected here, and what there is instead.
  func failure(expected: String) -> ScheduleError {
    let next = String(decoding: bytes[min(position, bytes.count)...].prefix(16), as: UTF8.self)
    return .syntax(
      column: column(position), expected: expected,
      found: next.first.map { "'\($0)'" } ?? "the end", text: excerpt)
  }

  /// Brackets in brackets, deeper than anybody would write.
  var tooDeep: ScheduleError {
    failure(expected: "nesting at most \(ScheduleParser.depthLimit) deep")
  }

  func unknown(
    _ kind: String, _ name: String, among known: [String], at start: Int
  ) -> ScheduleError {
    .unknownName(
      kind: kind, name: name, nearest: nearestName(to: name, among: known),
      column: column(start), text: excerpt)
  }

  /// A byte's place in characters, from 1.
  private func column(_ position: Int) -> Int {
    String(decoding: bytes[..<min(position, bytes.count)], as: UTF8.self).count + 1
  }

  /// The text as errors show it: the beginning of a long one.
  private var excerpt: String {
    let text = String(decoding: bytes.prefix(512), as: UTF8.self)
    return text.count > 80 ? String(text.prefix(80)) + "…" : text
  }
}

extension JSONValue {
  /// Reads a text of JSON (RFC 8259).
  ///
  /// Unlike most readers this one says where a mistake is, and a name that stands twice in an object is
  /// one.
  ///
  /// - Parameter text: One JSON value.
  /// - Throws: A ``ScheduleError`` with the column, what was expected there and what was found.
  public init(parsing text: String) throws(ScheduleError) {
    var scanner = Scanner(text)
    self = try scanner.jsonValue(depth: 0)
    scanner.skipSpaces()
    guard scanner.isAtEnd else { throw scanner.failure(expected: "the end") }
  }
}

extension Scanner {
  fileprivate mutating func jsonValue(depth: Int) throws(ScheduleError) -> JSONValue {
    guard depth < ScheduleParser.depthLimit else { throw tooDeep }
    skipSpaces()
    switch peek() {
    case UInt8(ascii: "{"): return .object(try jsonObject(depth: depth))
    case UInt8(ascii: "["): return .array(try jsonArray(depth: depth))
    case UInt8(ascii: "\""): return .string(try jsonString())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return .number(try jsonNumber())
    default:
      let before = self
      switch word(where: Scanner.isLetter) {
      case "true": return .boolean(true)
      case "false": return .boolean(false)
      case "null": return .null
      default: throw before.failure(expected: "a JSON value")
      }
    }
  }

  private mutating func jsonObject(depth: Int) throws(ScheduleError) -> [String: JSONValue] {
    try require("{")
    var members: [String: JSONValue] = [:]
    if take("}") { return members }
    repeat {
      skipSpaces()
      let before = self
      guard peek() == UInt8(ascii: "\"") else { throw failure(expected: "a name in quotes") }
      let name = try jsonString()
      try require(":")
      let value = try jsonValue(depth: depth + 1)
      guard members.updateValue(value, forKey: name) == nil else {
        throw before.failure(expected: "each name once")
      }
    } while take(",")
    guard take("}") else { throw failure(expected: "',' or '}'") }
    return members
  }

  private mutating func jsonArray(depth: Int) throws(ScheduleError) -> [JSONValue] {
    try require("[")
    var elements: [JSONValue] = []
    if take("]") { return elements }
    repeat { elements.append(try jsonValue(depth: depth + 1)) } while take(",")
    guard take("]") else { throw failure(expected: "',' or ']'") }
    return elements
  }

  private mutating func jsonNumber() throws(ScheduleError) -> Double {
    let before = self
    _ = take("-")
    // A zero stands alone before the point; a point has digits on both sides.
    let isWritten =
      Scanner.isDigit(peek()) && !(peek() == UInt8(ascii: "0") && Scanner.isDigit(peek(1)))
    let digits = word(where: Scanner.isDigit)
    let hasFraction = peek() != UInt8(ascii: ".") || Scanner.isDigit(peek(1))
    guard isWritten, !digits.isEmpty, hasFraction else {
      throw before.failure(expected: "a JSON number")
    }
    self = before
    return try number()
  }

  private mutating func jsonString() throws(ScheduleError) -> String {
    _ = next()
    var text: [UInt8] = []
    while true {
      let before = self
      switch next() {
      case UInt8(ascii: "\"")?: return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\")?: text.append(contentsOf: try jsonEscape())
      case let byte? where byte >= 0x20: text.append(byte)
      default: throw before.failure(expected: "a closing quote")
      }
    }
  }

  /// What a backslash stands for together with what follows it.
  private mutating func jsonEscape() throws(ScheduleError) -> [UInt8] {
    let before = self
    switch next() {
    case let byte? where "\"\\/".utf8.contains(byte): return [byte]
    case UInt8(ascii: "b")?: return [0x08]
    case UInt8(ascii: "f")?: return [0x0C]
    case UInt8(ascii: "n")?: return [0x0A]
    case UInt8(ascii: "r")?: return [0x0D]
    case UInt8(ascii: "t")?: return [0x09]
    case UInt8(ascii: "u")?:
      guard let first = hexadecimal() else { break }
      var units = [first]
      // The second half of a character beyond the first 65,536.
      if UTF16.isLeadSurrogate(first), peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") {
        _ = (next(), next())
        guard let second = hexadecimal() else { break }
        units.append(second)
      }
      return Array(String(decoding: units, as: UTF16.self).utf8)
    default: break
    }
    throw before.failure(expected: "an escape such as n or u0041")
  }

  private mutating func hexadecimal() -> UInt16? {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next(), let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        return nil
      }
      value = value << 4 | UInt16(digit)
    }
    return value
  }
}

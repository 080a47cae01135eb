/// Writes JSON that may stand inside XML and HTML as it is.
///
/// `<`, `>`, `&`, everything beyond ASCII and everything that XML forbids is written as an escape.
enum JSONText {
  /// A string in quotes.
  static func string(_ content: String) -> String {
    var result = "\""
    for unit in content.utf16 {
      switch unit {
      case UInt16(ascii: "\""): result += "\\\""
      case UInt16(ascii: "\\"): result += "\\\\"
      case UInt16(ascii: "<"), UInt16(ascii: ">"), UInt16(ascii: "&"), 0..<0x20, 0x7F...:
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      }
    }
    return result + "\""
  }

  /// A string in quotes, or null.
  static func string(_ content: String?) -> String {
    content.map { string($0) } ?? "null"
  }

  /// The shortest digits that read back as the same number; null for one that is not finite.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    if value == value.rounded() && abs(value) < 1e15 { return "\(Int(value))" }
    return "\(value)"
  }

  /// An array of numbers.
  static func numbers(_ values: [Double]) -> String {
    array(values.map(number))
  }

  /// An array of texts that already are JSON.
  static func array(_ items: [String]) -> String {
    "[\(items.joined(separator: ","))]"
  }

  /// An object of texts that already are JSON, without those that are nil.
  static func object(_ members: KeyValuePairs<String, String?>) -> String {
    let list = members.compactMap { member in member.value.map { "\"\(member.key)\":\($0)" } }
    return "{\(list.joined(separator: ","))}"
  }
}

extension UInt16 {
  fileprivate init(ascii scalar: Unicode.Scalar) {
    self = UInt16(truncatingIfNeeded: scalar.value)
  }
}

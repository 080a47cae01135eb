#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// JSON that goes to the page and comes from it.
enum JSON {
  /// A value as JSON that may stand inside a script of a page as it is.
  static func text(_ value: some Encodable, isReadable: Bool = false) -> String {
    let encoder = JSONEncoder.ofResults
    if isReadable { encoder.outputFormatting.insert(.prettyPrinted) }
    // What is encoded here are structs of numbers and text, which always can be.
    guard let data = try? encoder.encode(value) else { return "null" }
    return isReadable ? String(decoding: data, as: UTF8.self) : safe(data)
  }

  static func value<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) -> Value? {
    try? JSONDecoder().decode(type, from: Data(bytes))
  }

  private static func safe(_ data: Data) -> String {
    var result = ""
    for character in String(decoding: data, as: UTF8.self).unicodeScalars {
      switch character {
      case "<": result += "\\u003c"
      case "&": result += "\\u0026"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}

/// Writes SVG text: one element a line, attributes in the order given, numbers to 0.01 px.
///
/// The same calls give the same bytes on every machine; nothing here reads a clock or hashes.
public struct SVG: Sendable {
  /// What has been written so far.
  public private(set) var text = ""
  private var depth = 0

  /// Makes an empty document.
  public init() {}

  /// Opens an element that others will be nested in.
  public mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
    line("<\(name)\(Self.list(attributes))>")
    depth += 1
  }

  /// Closes the innermost open element.
  ///
  /// - Parameter name: The name it was opened with.
  public mutating func close(_ name: String) {
    depth -= 1
    line("</\(name)>")
  }

  /// Writes an element without content.
  public mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    line("<\(name)\(Self.list(attributes))/>")
  }

  /// Writes an element that holds text; the text is escaped.
  public mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String>, text content: String
  ) {
    line("<\(name)\(Self.list(attributes))>\(Self.escaped(content))</\(name)>")
  }

  /// Writes lines as they are: for style sheets, which hold no text of a user's.
  mutating func raw(_ lines: [String]) {
    for content in lines { line(content) }
  }

  private mutating func line(_ content: String) {
    text += String(repeating: " ", count: depth) + content + "\n"
  }

  private static func list(_ attributes: KeyValuePairs<String, String>) -> String {
    attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
  }

  // MARK: - Numbers, paths and text

  /// A coordinate with at most two decimals and no zeros at its end.
  ///
  /// Coordinates beyond ±1e7 px are held there and NaN is written as 0: a picture with a stray
  /// point can be read, one with `nan` in a path cannot.
  public static func number(_ value: Double) -> String {
    let bounded = value.isNaN ? 0 : min(max(value, -1e7), 1e7)
    let hundredths = Int((bounded * 100).rounded())
    let magnitude = Int(hundredths.magnitude)
    let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest.isMultiple(of: 10) { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// The data of a path through points; a single point becomes a small circle.
  public static func path(_ points: [Pixel]) -> String {
    if points.count == 1, let point = points.first {
      return "M\(number(point.x - 1)) \(number(point.y))a1 1 0 1 0 2 0a1 1 0 1 0 -2 0Z"
    }
    var data = ""
    for (index, point) in points.enumerated() {
      data += "\(index == 0 ? "M" : "L")\(number(point.x)) \(number(point.y))"
    }
    return data
  }

  /// Text that is safe between tags and in quoted attributes.
  ///
  /// Characters that XML 1.0 forbids, such as the control character U+0007, become U+FFFD.
  public static func escaped(_ content: String) -> String {
    var result = ""
    for scalar in content.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += " "
      case "\u{0}"..<" ", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// A place in a figure, in pixels from its top left corner.
public struct Pixel: Hashable, Sendable {
  /// Pixels to the right.
  public var x: Double
  /// Pixels down.
  public var y: Double

  /// Makes a place.
  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

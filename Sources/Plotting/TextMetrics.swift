/// Estimates of how much room text takes, for laying out labels without a font at hand.
///
/// The widths are those of a Helvetica-like face, which the common system fonts follow within a
/// few per cent; a small allowance covers the wider ones.
enum TextMetrics {
  static let titleSize = 15.0
  static let labelSize = 12.0
  static let tickSize = 11.0

  /// The estimated width of a text in pixels.
  static func width(_ text: String, size: Double) -> Double {
    var thousandths = 0
    for character in text { thousandths += advance(character) }
    return Double(thousandths) / 1000 * size * 1.04
  }

  /// Breaks a text into lines that fit a width; a single word that is too long stays whole.
  static func wrapped(_ text: String, size: Double, width limit: Double) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, width(last + " " + word, size: size) <= limit {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// A text cut to a width, with an ellipsis where it was cut.
  static func shortened(_ text: String, size: Double, width limit: Double) -> String {
    guard width(text, size: size) > limit else { return text }
    var kept = text
    while !kept.isEmpty && width(kept + "…", size: size) > limit { kept.removeLast() }
    return kept + "…"
  }

  /// The width of a character in thousandths of the font size.
  private static func advance(_ character: Character) -> Int {
    switch character {
    case "i", "j", "l", "'", "|": 225
    case " ", ".", ",", ":", ";", "/", "\\", "!", "I", "f", "t", "[", "]": 278
    case "(", ")", "-", "r", "`", "\"", "*", "{", "}", "°": 345
    case "c", "k", "s", "v", "x", "y", "z", "J": 500
    case "F", "T", "Z", "L": 611
    case "A", "B", "E", "K", "P", "S", "V", "X", "Y": 667
    case "C", "D", "H", "N", "R", "U", "w": 722
    case "G", "O", "Q": 778
    case "m", "M": 833
    case "W", "%", "@", "…", "—": 960
    default: character.isASCII ? 556 : 620
    }
  }
}

/// Values as text, as the end of a cell shows them.
enum ValueText {
  /// Elements of a collection that are shown, at most.
  static let elementLimit = 100
  /// Characters of a text that are shown, at most.
  static let characterLimit = 20_000

  /// A value as Swift's debugger would describe it, shortened where it is long.
  static func describe(_ value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    guard
      mirror.displayStyle == .collection || mirror.displayStyle == .set
        || mirror.displayStyle == .dictionary, mirror.children.count > elementLimit
    else { return shortened(String(reflecting: value)) }
    let shown = mirror.children.prefix(elementLimit).map { child in
      guard mirror.displayStyle == .dictionary,
        let pair = child.value as? (key: AnyHashable, value: Any)
      else { return String(reflecting: child.value) }
      return "\(String(reflecting: pair.key.base)): \(String(reflecting: pair.value))"
    }
    return shortened(
      "[\(shown.joined(separator: ", ")), … \(mirror.children.count) elements]")
  }

  private static func shortened(_ text: String) -> String {
    guard text.utf8.count > characterLimit, text.count > characterLimit else { return text }
    return "\(text.prefix(characterLimit))… \(text.count) characters"
  }
}

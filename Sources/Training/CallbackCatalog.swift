/// The callbacks that a recipe can name: those on which the result of its training depends.
public enum CallbackCatalog {
  /// One of them.
  public struct Entry: Sendable {
    /// Its name in recipes, and as an option of the command line.
    public let name: String
    /// What stands for its text in help.
    public let metavariable: String
    /// What it does, on one line.
    public let summary: String
    /// What its text must be, for messages.
    public let expected: String
    /// The callback of a text; nil for a text that is none.
    let make: @Sendable (String) -> (any Callback)?
  }

  /// All of them, in the order in which they are told of events.
  public static let entries: [Entry] = [
    StopAtAccuracy.entry, EarlyStop.entry, RateController.entry,
  ]

  /// The callback of a name.
  public static func entry(named name: String) -> Entry? {
    entries.first { $0.name == name }
  }
}

/// A callback as a recipe names it: `stop-at-accuracy=0.94`.
public struct RecipeCallback: Hashable, Sendable, CustomStringConvertible {
  /// Its name in the catalogue.
  public let name: String
  /// What it is made of.
  public let text: String

  /// Names a callback.
  ///
  /// - Throws: `TrainingError.recipe` for a name that is not in the catalogue, or a text that is not one of
  ///   that callback's.
  public init(name: String, text: String) throws(TrainingError) {
    guard let entry = CallbackCatalog.entry(named: name) else {
      let known = CallbackCatalog.entries.map(\.name).joined(separator: ", ")
      throw .recipe(field: "callback", expected: known, found: "'\(name)'")
    }
    guard entry.make(text) != nil else {
      throw .recipe(field: name, expected: entry.expected, found: "'\(text)'")
    }
    self.name = name
    self.text = text
  }

  /// Name and text with an equals sign between.
  public var description: String { "\(name)=\(text)" }

  /// A new callback; one serves one run.
  func makeCallback() -> (any Callback)? {
    CallbackCatalog.entry(named: name)?.make(text)
  }
}

extension RecipeCallback: Codable {
  /// Reads what `description` gives.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let word = try container.decode(String.self)
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    do throws(TrainingError) {
      try self.init(name: String(parts[0]), text: parts.count > 1 ? String(parts[1]) : "")
    } catch {
      guard case .recipe(let field, let expected, let found) = error else { throw error }
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(found) in place of \(expected) for \(field)")
    }
  }

  /// Writes `description`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

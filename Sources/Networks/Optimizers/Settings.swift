/// A name with some settings, as in `sgd(nesterov,decay=decoupled)`: how a recipe and the command
/// line write an optimiser down.
struct Settings: Hashable, Sendable {
  /// One thing that can be set.
  struct Declaration: Sendable {
    enum Kind: Sendable {
      /// Off unless named.
      case flag
      /// One of some words; the first unless set.
      case word([String])
      /// A number in a range.
      case number(Double, ClosedRange<Double>)
      /// A whole number in a range.
      case count(Int, ClosedRange<Int>)
    }

    let name: String
    let kind: Kind

    init(_ name: String, _ kind: Kind) {
      self.name = name
      self.kind = kind
    }

    /// The value unless set.
    fileprivate var standard: Value {
      switch kind {
      case .flag: .flag(false)
      case .word(let words): .word(words[0])
      case .number(let value, _): .number(value)
      case .count(let value, _): .number(Double(value))
      }
    }

    /// What can be written, for errors.
    var usage: String {
      switch kind {
      case .flag: name
      case .word(let words): "\(name)=\(words.joined(separator: "|"))"
      case .number(_, let range): "\(name)=\(range.lowerBound) to \(range.upperBound)"
      case .count(_, let range): "\(name)=\(range.lowerBound) to \(range.upperBound)"
      }
    }

    /// Reads the text of a value; `nil` for a setting without one.
    fileprivate func value(_ text: Substring?) -> Value? {
      switch (kind, text) {
      case (.flag, nil): return .flag(true)
      case (.word(let words), let text?):
        return words.contains(String(text)) ? .word(String(text)) : nil
      case (.number(_, let range), let text?):
        guard let number = Double(text), range.contains(number) else { return nil }
        return .number(number)
      case (.count(_, let range), let text?):
        guard let number = Int(text), range.contains(number) else { return nil }
        return .number(Double(number))
      default: return nil
      }
    }
  }

  enum Value: Hashable, Sendable {
    case flag(Bool)
    case word(String)
    case number(Double)
  }

  let name: String
  private let values: [Value]
  private let names: [String]
  private let standards: [Value]

  /// Reads the text form.
  ///
  /// - Parameters:
  ///   - text: `name` or `name(setting,setting=value,…)`.
  ///   - field: What it is, for errors: `optimizer`.
  ///   - kinds: The names that there are, with their settings.
  /// - Throws: ``SettingsError`` with what was expected.
  init(
    parsing text: String, as field: String, _ kinds: [(name: String, settings: [Declaration])]
  ) throws(SettingsError) {
    let name = text.prefix { $0 != "(" }
    guard let kind = kinds.first(where: { $0.name == name }) else {
      throw SettingsError(
        field: field, expected: kinds.map(\.name).joined(separator: ", "), found: text)
    }
    let failure = SettingsError(
      field: field, expected: Self.usage(name: kind.name, kind.settings), found: text)
    var values = kind.settings.map(\.standard)
    let rest = text.dropFirst(name.count)
    if !rest.isEmpty {
      guard rest.last == ")", rest.count > 2 else { throw failure }
      var seen: Set<Int> = []
      let parts = rest.dropFirst().dropLast().split(
        separator: ",", omittingEmptySubsequences: false)
      for part in parts {
        let trimmed = part.drop { $0 == " " }
        let key = trimmed.prefix { $0 != "=" }
        let valueText = key.count < trimmed.count ? trimmed.dropFirst(key.count + 1) : nil
        guard let index = kind.settings.firstIndex(where: { $0.name == key }),
          seen.insert(index).inserted, let value = kind.settings[index].value(valueText)
        else { throw failure }
        values[index] = value
      }
    }
    self.name = kind.name
    self.values = values
    names = kind.settings.map(\.name)
    standards = kind.settings.map(\.standard)
  }

  /// What can be written for a name: `adamw(epsilon=1e-30 to 1.0, decay=decoupled|l2)`.
  static func usage(name: String, _ settings: [Declaration]) -> String {
    settings.isEmpty ? name : "\(name)(\(settings.map(\.usage).joined(separator: ", ")))"
  }

  private subscript(name: String) -> Value {
    guard let index = names.firstIndex(of: name) else {
      preconditionFailure("\(self.name) has no setting \(name)")
    }
    return values[index]
  }

  /// Whether a flag is on.
  func isOn(_ name: String) -> Bool { self[name] == .flag(true) }

  /// Whether a setting is a word.
  func has(_ name: String, _ word: String) -> Bool { self[name] == .word(word) }

  /// A number.
  func number(_ name: String) -> Double {
    guard case .number(let value) = self[name] else {
      preconditionFailure("\(name) is not a number")
    }
    return value
  }
}

extension Settings: CustomStringConvertible {
  /// The text form: what is not as it would be anyway.
  var description: String {
    let parts = names.indices.filter { values[$0] != standards[$0] }.map { index in
      switch values[index] {
      case .flag: names[index]
      case .word(let word): "\(names[index])=\(word)"
      case .number(let value):
        "\(names[index])=\(value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)")"
      }
    }
    return parts.isEmpty ? name : "\(name)(\(parts.joined(separator: ",")))"
  }
}

/// A text that names no optimiser, or none with such settings.
public struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What the text stands for.
  public let field: String
  /// What there is.
  public let expected: String
  /// The text.
  public let found: String

  /// One sentence: what was expected, what was found.
  public var description: String { "expected \(expected) as \(field), found '\(found)'" }
}

/// How the text of a value is read: what it must be, in words, and the conversion.
struct ValueKind<Value: Sendable>: Sendable {
  /// What errors say was expected: `a whole number from 1 on`.
  var expected: String
  var completion = Completion.nothing
  /// The value, or `nil` when the text is none.
  var parse: @Sendable (String) -> Value?

  /// Reads the value of `option`.
  ///
  /// - Throws: `CommandError.invalidValue` when the text is not of this kind.
  func value(of word: String, option: String) throws(CommandError) -> Value {
    if let value = parse(word) { return value }
    var suggestion: String?
    if case .words(let words) = completion { suggestion = nearestName(to: word, in: words) }
    throw .invalidValue(
      option: option, value: word, expected: expected, suggestion: suggestion)
  }
}

extension ValueKind {
  /// One of a list of values, each known by a name.
  static func choice(
    _ values: [Value], named name: @escaping @Sendable (Value) -> String
  ) -> ValueKind {
    let names = values.map(name)
    return ValueKind(
      expected: "one of " + names.joined(separator: ", "), completion: .words(names)
    ) { word in values.first { name($0) == word } }
  }
}

extension ValueKind where Value == Int {
  /// A whole number that is at least `minimum`.
  static func count(from minimum: Int = 1) -> ValueKind {
    ValueKind(expected: "a whole number, \(minimum) or more") { word in
      Int(word).flatMap { $0 >= minimum ? $0 : nil }
    }
  }

  /// A whole number between two others.
  static func count(_ range: ClosedRange<Int>) -> ValueKind {
    let bounds = "\(range.lowerBound) to \(range.upperBound)"
    return ValueKind(expected: "a whole number from \(bounds)") { word in
      Int(word).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension ValueKind where Value == UInt64 {
  /// The seed of a random stream.
  static var seed: ValueKind {
    ValueKind(expected: "a whole number from 0 to \(UInt64.max)") { UInt64($0) }
  }
}

extension ValueKind where Value == Double {
  /// A finite number above zero.
  static var positive: ValueKind {
    ValueKind(expected: "a number above 0") { word in
      Double(word).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }
  }

  /// A finite number, zero or above.
  static var nonNegative: ValueKind {
    ValueKind(expected: "a number of at least 0") { word in
      Double(word).flatMap { $0 >= 0 && $0.isFinite ? $0 : nil }
    }
  }
}

extension ValueKind where Value == String {
  /// Any text that is not empty.
  static var text: ValueKind {
    ValueKind(expected: "some text") { $0.isEmpty ? nil : $0 }
  }

  /// The path of a file.
  static var file: ValueKind {
    ValueKind(expected: "the path of a file", completion: .file) { $0.isEmpty ? nil : $0 }
  }

  /// The path of a folder.
  static var directory: ValueKind {
    ValueKind(expected: "the path of a folder", completion: .directory) { $0.isEmpty ? nil : $0 }
  }

  /// One of a list of words.
  static func choice(_ words: [String]) -> ValueKind {
    choice(words) { $0 }
  }
}

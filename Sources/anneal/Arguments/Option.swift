/// What a shell may offer in the place of a value.
enum Completion: Hashable, Sendable {
  case nothing
  case file
  case directory
  case words([String])
}

/// One row of a command's option table: what parsing, help, errors and completions need of an option.
struct OptionDeclaration: Sendable {
  /// The long name without its dashes.
  var name: String
  /// A one-letter form, if there is one.
  var short: Character?
  /// What stands for the value in help and errors; `nil` for a flag.
  var metavariable: String?
  var summary: String
  /// The default as it would be typed; `nil` when there is none.
  var defaultText: String?
  var isRequired = false
  var isRepeatable = false
  var completion = Completion.nothing
  /// Refuses words that are not a value of the option.
  var check: @Sendable ([String]) throws(CommandError) -> Void = { _ in }

  var takesValue: Bool { metavariable != nil }
  /// The long name as it is typed.
  var spelling: String { "--" + name }
}

/// An option of a command and the type of its value.
///
/// Commands hold their options as constants: the same constant stands in the table, and reads the parsed
/// value back, so a name or a type cannot be misspelt between the two.
struct Option<Value: Sendable>: Sendable {
  var declaration: OptionDeclaration
  /// Turns the words given (none, when the option was not typed) into the value.
  let read: @Sendable ([String]) throws(CommandError) -> Value

  init(
    _ declaration: OptionDeclaration,
    read: @escaping @Sendable ([String]) throws(CommandError) -> Value
  ) {
    self.declaration = declaration
    self.read = read
    self.declaration.check = { (words) throws(CommandError) in _ = try read(words) }
  }

  /// The same option with a one-letter form.
  func short(_ letter: Character) -> Option {
    var copy = self
    copy.declaration.short = letter
    return copy
  }

  /// The same option offering `completion` in a shell.
  func completed(by completion: Completion) -> Option {
    var copy = self
    copy.declaration.completion = completion
    return copy
  }
}

extension Option where Value == Bool {
  /// A switch that is off unless typed.
  static func flag(_ name: String, _ summary: String) -> Option {
    Option(OptionDeclaration(name: name, summary: summary)) { words in !words.isEmpty }
  }
}

extension Option {
  /// An option with a default.
  static func value(
    _ name: String, _ metavariable: String, _ kind: ValueKind<Value>, default defaultText: String,
    _ summary: String
  ) -> Option {
    Option(
      OptionDeclaration(
        name: name, metavariable: metavariable, summary: summary, defaultText: defaultText,
        completion: kind.completion)
    ) { (words) throws(CommandError) in
      try kind.value(of: words.last ?? defaultText, option: "--" + name)
    }
  }

  /// An option that must be given.
  static func required(
    _ name: String, _ metavariable: String, _ kind: ValueKind<Value>, _ summary: String
  ) -> Option {
    Option(
      OptionDeclaration(
        name: name, metavariable: metavariable, summary: summary, isRequired: true,
        completion: kind.completion)
    ) { (words) throws(CommandError) in
      guard let word = words.last else {
        throw .missingValue(option: "--" + name, metavariable: metavariable)
      }
      return try kind.value(of: word, option: "--" + name)
    }
  }

  /// An option that may be left out.
  static func optional<Wrapped>(
    _ name: String, _ metavariable: String, _ kind: ValueKind<Wrapped>, _ summary: String
  ) -> Option where Value == Wrapped? {
    Option(
      OptionDeclaration(
        name: name, metavariable: metavariable, summary: summary, completion: kind.completion)
    ) { (words) throws(CommandError) -> Wrapped? in
      guard let word = words.last else { return nil }
      return try kind.value(of: word, option: "--" + name)
    }
  }

  /// An option that may be given several times; its value is the list.
  static func repeated<Element>(
    _ name: String, _ metavariable: String, _ kind: ValueKind<Element>, _ summary: String
  ) -> Option where Value == [Element] {
    Option(
      OptionDeclaration(
        name: name, metavariable: metavariable, summary: summary, isRepeatable: true,
        completion: kind.completion)
    ) { (words) throws(CommandError) -> [Element] in
      var values: [Element] = []
      for word in words { values.append(try kind.value(of: word, option: "--" + name)) }
      return values
    }
  }
}

/// Reads a command line against the command table.
struct ArgumentParser: Sendable {
  /// The table's root: the program itself.
  let root: Command

  /// What the words after the program's name ask for.
  ///
  /// - Throws: `CommandError`, one of its usage cases.
  func parse(_ words: [String]) throws(CommandError) -> Invocation {
    var path = [root]
    var index = 0
    while let command = path.last, case .group(let commands) = command.action {
      let name = path.spelling
      guard index < words.count else {
        if path.count == 1 { return .help(path) }
        throw .missingCommand(group: name, choices: commands.map(\.name))
      }
      let word = words[index]
      if word.isHelp { return .help(path) }
      if word == "--version", path.count == 1 { return .version }
      if word.hasPrefix("-") {
        let known = ["--help"] + (path.count == 1 ? ["--version"] : [])
        throw .unknownOption(word, command: name, suggestion: nearestName(to: word, in: known))
      }
      guard let next = commands.first(where: { $0.name == word }) else {
        let nearest = nearestName(to: word, in: commands.map(\.name))
        throw .unknownCommand(word, group: name, suggestion: nearest)
      }
      path.append(next)
      index += 1
    }
    let rest = Array(words[index...])
    // Help wins over every mistake on the line: whoever asks for it is looking for the right form.
    if rest.prefix(while: { $0 != "--" }).contains(where: \.isHelp) { return .help(path) }
    return .run(path, try arguments(rest, of: path))
  }

  private func arguments(
    _ words: [String], of path: [Command]
  ) throws(CommandError) -> Arguments {
    guard let command = path.last else { preconditionFailure("a path holds the root") }
    var arguments = Arguments()
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" {
        arguments.positionals += words[index...]
        break
      }
      guard word.looksLikeOption else {
        arguments.positionals.append(word)
        continue
      }
      let (spelling, attached) = word.splitAtEqualsSign
      guard let option = command.options.first(where: { $0.matches(spelling) }) else {
        let known = command.options.map(\.spelling) + ["--help"]
        throw .unknownOption(
          spelling, command: path.spelling, suggestion: nearestName(to: spelling, in: known))
      }
      var value = attached
      if let metavariable = option.metavariable, attached == nil {
        guard index < words.count, !command.options.contains(where: { $0.matches(words[index]) })
        else { throw .missingValue(option: spelling, metavariable: metavariable) }
        value = words[index]
        index += 1
      } else if let attached, !option.takesValue {
        throw .unexpectedValue(option: spelling, value: attached)
      }
      arguments.words[option.name, default: []].append(value ?? "")
    }
    try check(arguments, of: command, path)
    return arguments
  }

  private func check(
    _ arguments: Arguments, of command: Command, _ path: [Command]
  ) throws(CommandError) {
    for option in command.options {
      let words = arguments.words[option.name] ?? []
      if words.count > 1, !option.isRepeatable, option.takesValue {
        throw .repeatedOption(option.spelling, values: words)
      }
      if words.isEmpty, option.isRequired {
        throw .missingOption(
          option.spelling, metavariable: option.metavariable ?? "", command: path.spelling)
      }
      try option.check(words)
    }
    let required = command.positionals.filter(\.isRequired)
    if arguments.positionals.count < required.count {
      throw .missingArgument(required[arguments.positionals.count].name, usage: path.usage)
    }
    let takesMore = command.positionals.contains(where: \.isRepeatable)
    if !takesMore, arguments.positionals.count > command.positionals.count {
      throw .unexpectedArgument(
        arguments.positionals[command.positionals.count], usage: path.usage)
    }
  }
}

extension [Command] {
  /// The commands as they are typed: `anneal schedule show`.
  var spelling: String { map(\.name).joined(separator: " ") }

  /// The last command's usage line.
  var usage: String {
    guard let command = last else { return "" }
    if case .group = command.action { return spelling + " COMMAND" }
    var parts = [spelling] + command.positionals.map(\.usage)
    for option in command.options where option.isRequired {
      parts.append("\(option.spelling) \(option.metavariable ?? "")")
    }
    if command.options.contains(where: { !$0.isRequired }) { parts.append("[OPTIONS]") }
    return parts.joined(separator: " ")
  }
}

extension OptionDeclaration {
  fileprivate func matches(_ spelling: String) -> Bool {
    spelling == self.spelling || short.map { spelling == "-\($0)" } == true
  }
}

extension String {
  fileprivate var isHelp: Bool { self == "--help" || self == "-h" }

  /// A dash followed by a digit or a point is a negative number, a dash alone is standard input.
  fileprivate var looksLikeOption: Bool {
    guard hasPrefix("-"), let second = dropFirst().first else { return false }
    return !(second.isNumber || second == ".")
  }

  fileprivate var splitAtEqualsSign: (name: String, value: String?) {
    guard let sign = firstIndex(of: "=") else { return (self, nil) }
    return (String(self[..<sign]), String(self[index(after: sign)...]))
  }
}

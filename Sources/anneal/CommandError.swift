/// Everything that ends a command early: one line for the reader and one number for the shell.
enum CommandError: Error, Hashable, CustomStringConvertible {
  case unknownCommand(String, group: String, suggestion: String?)
  case missingCommand(group: String, choices: [String])
  case unknownOption(String, command: String, suggestion: String?)
  case missingValue(option: String, metavariable: String)
  case unexpectedValue(option: String, value: String)
  case invalidValue(option: String, value: String, expected: String, suggestion: String?)
  case repeatedOption(String, values: [String])
  case missingOption(String, metavariable: String, command: String)
  case missingArgument(String, usage: String)
  case unexpectedArgument(String, usage: String)
  /// What a library reported, or what a command found while it ran.
  case failure(ExitCode, String)

  /// The process's exit code.
  var exitCode: ExitCode {
    if case .failure(let code, _) = self { return code }
    return .usage
  }

  var description: String {
    switch self {
    case .unknownCommand(let word, let group, let suggestion):
      "'\(group)' has no command '\(word)'"
        + hint(suggestion, otherwise: "see '\(group) --help'")
    case .missingCommand(let group, let choices):
      "'\(group)' needs a command: \(choices.joined(separator: ", "))"
    case .unknownOption(let word, let command, let suggestion):
      "'\(command)' has no option '\(word)'"
        + hint(suggestion, otherwise: "see '\(command) --help'")
    case .missingValue(let option, let metavariable):
      "\(option) needs a value: \(option) \(metavariable)"
    case .unexpectedValue(let option, let value):
      "\(option) takes no value, found '\(value)'"
    case .invalidValue(let option, let value, let expected, let suggestion):
      "\(option) expects \(expected), found '\(value)'" + hint(suggestion, otherwise: nil)
    case .repeatedOption(let option, let values):
      "\(option) may be given once, found \(values.map { "'\($0)'" }.joined(separator: " and "))"
    case .missingOption(let option, let metavariable, let command):
      "'\(command)' needs \(option) \(metavariable)"
    case .missingArgument(let name, let usage):
      "expected \(name); usage: \(usage)"
    case .unexpectedArgument(let word, let usage):
      "unexpected argument '\(word)'; usage: \(usage)"
    case .failure(_, let message):
      message
    }
  }

  private func hint(_ suggestion: String?, otherwise: String?) -> String {
    if let suggestion { return "; did you mean '\(suggestion)'?" }
    return otherwise.map { "; " + $0 } ?? ""
  }
}

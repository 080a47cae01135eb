/// One row of the command table: a command that runs, or a group of commands.
struct Command: Sendable {
  var name: String
  /// One line, without a full stop.
  var summary: String
  /// What stands for the words after the options, in order.
  var positionals: [Positional] = []
  var options: [OptionDeclaration] = []
  /// Options of this command that another one's help explains, so that the page fits a screen.
  var borrowed: (options: [OptionDeclaration], from: String)?
  /// Whole command lines shown at the end of the help.
  var examples: [String] = []
  var action: Action

  enum Action: Sendable {
    case group([Command])
    case run(@Sendable (Arguments, Console) throws -> ExitCode)
  }

  /// The commands of a group; none for a command that runs.
  var subcommands: [Command] {
    if case .group(let commands) = action { return commands }
    return []
  }
}

/// What stands for one or more words without dashes.
struct Positional: Hashable, Sendable {
  /// In capitals, as help shows it.
  var name: String
  var summary: String
  var isRequired = true
  var isRepeatable = false
  var completion = Completion.nothing

  /// As a usage line shows it: `SCHEDULE…`, `[STUDY]`.
  var usage: String {
    let name = name + (isRepeatable ? "…" : "")
    return isRequired ? name : "[\(name)]"
  }
}

/// What was typed for a command, already checked against its row.
struct Arguments: Sendable {
  /// The words without dashes, and everything after `--`.
  var positionals: [String] = []
  /// The words given to each option, by its long name; a flag has one empty word.
  var words: [String: [String]] = [:]

  /// The value of an option, its default when it was not typed.
  func callAsFunction<Value>(_ option: Option<Value>) throws(CommandError) -> Value {
    try option.read(words[option.declaration.name] ?? [])
  }

  /// Whether an option was typed.
  func has<Value>(_ option: Option<Value>) -> Bool {
    words[option.declaration.name] != nil
  }
}

/// What a command line asks for.
enum Invocation: Sendable {
  case version
  /// Help for the last command of the path.
  case help([Command])
  case run([Command], Arguments)
}

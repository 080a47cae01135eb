/// The completion script for zsh: one function for each command, in terms of `_arguments` and `_describe`.
struct ZshCompletion: Sendable {
  let root: Command

  var script: String {
    var lines = ["#compdef \(root.name)"]
    for path in root.paths {
      lines += ["", "\(function(path))() {"] + body(of: path).map { "  " + $0 } + ["}"]
    }
    // Works both as an autoloaded file and when it is sourced.
    lines += [
      "",
      "if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then",
      "  _\(root.name) \"$@\"",
      "else",
      "  compdef _\(root.name) \(root.name)",
      "fi",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func body(of path: [Command]) -> [String] {
    guard let command = path.last else { return [] }
    if case .group(let commands) = command.action {
      var lines = ["local -a commands", "commands=("]
      lines += commands.map { "  " + quoted("\($0.name):\($0.summary)") }
      lines += [
        ")", "if ((CURRENT == 2)); then", "  _describe -t commands command commands", "  return",
        "fi", "local name=$words[2]", "shift words", "((CURRENT--))", "case $name in",
      ]
      lines += commands.map { "  \($0.name)) \(function(path + [$0])) ;;" }
      return lines + ["esac"]
    }
    var rows = command.options.flatMap { specifications(of: $0) }
    rows += ["-h", "--help"].map { quoted("(- *)\($0)[print the help page]") }
    for positional in command.positionals {
      // `*:` any number of words, `:` one, `::` one that may be left out.
      let colons = positional.isRepeatable ? "*:" : positional.isRequired ? ":" : "::"
      rows.append(quoted("\(colons)\(positional.name):\(action(positional.completion))"))
    }
    return ["_arguments -S \\"] + rows.dropLast().map { "  \($0) \\" }
      + rows.suffix(1).map { "  \($0)" }
  }

  private func specifications(of option: OptionDeclaration) -> [String] {
    option.spellings.map { spelling in
      let prefix = option.isRepeatable ? "*" : ""
      let sign = option.takesValue && spelling.hasPrefix("--") ? "=" : ""
      let value = option.metavariable.map { ":\($0):\(action(option.completion))" } ?? ""
      return quoted("\(prefix)\(spelling)\(sign)[\(escaped(option.summary))]\(value)")
    }
  }

  private func action(_ completion: Completion) -> String {
    switch completion {
    case .nothing: " "
    case .file: "_files"
    case .directory: "_files -/"
    case .words(let words): "(\(words.joined(separator: " ")))"
    }
  }

  private func function(_ path: [Command]) -> String {
    "_" + path.map(\.name).joined(separator: "_")
  }

  /// Colons and brackets mean something inside a specification.
  private func escaped(_ text: String) -> String {
    text.reduce(into: "") { text, character in
      if "[]:\\".contains(character) { text.append("\\") }
      text.append(character)
    }
  }

  private func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}

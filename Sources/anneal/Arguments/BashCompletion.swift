/// The completion script for bash, written for bash 3.2 and later without the bash-completion package.
struct BashCompletion: Sendable {
  let root: Command

  var script: String {
    let paths = root.paths
    var lines = [
      "# bash completion for \(root.name); load it with: source <(\(root.name) completions bash)",
      "_\(root.name)() {",
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"\" command=\(root.name) index",
      "  COMPREPLY=()",
      "  ((COMP_CWORD > 0)) && previous=\"${COMP_WORDS[COMP_CWORD-1]}\"",
      "  # --option=value reaches the function as three words.",
      "  if [[ $current == \"=\" ]]; then",
      "    current=\"\"",
      "  elif [[ $previous == \"=\" ]]; then",
      "    previous=\"${COMP_WORDS[COMP_CWORD-2]}\"",
      "  fi",
      "  for ((index = 1; index < COMP_CWORD; index++)); do",
      "    case \"$command ${COMP_WORDS[index]}\" in",
      "      \(paths.dropFirst().map { quoted($0.spelling) }.joined(separator: " | \\\n      "))) "
        + "command=\"$command ${COMP_WORDS[index]}\" ;;",
      "    esac",
      "  done",
      "  local words=\"\" paths=\"\"",
      "  case \"$command $previous\" in",
    ]
    for path in paths {
      for option in path.last?.options ?? [] where option.takesValue {
        let patterns = option.spellings.map { quoted("\(path.spelling) \($0)") }
        lines.append(
          "    \(patterns.joined(separator: " | "))) \(assignment(option.completion)) ;;")
      }
    }
    lines += ["    *)", "      case \"$command\" in"]
    for path in paths {
      lines.append("        \(quoted(path.spelling))) \(assignments(for: path)) ;;")
    }
    lines += [
      "      esac",
      "      ;;",
      "  esac",
      "  local IFS=$'\\n'",
      "  [[ -n $words ]] && COMPREPLY+=($(compgen -W \"${words// /$'\\n'}\" -- \"$current\"))",
      "  if [[ -n $paths ]]; then",
      "    compopt -o filenames 2>/dev/null",
      "    COMPREPLY+=($(compgen \"$paths\" -- \"$current\"))",
      "  fi",
      "}",
      "complete -F _\(root.name) \(root.name)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// What may follow a command: its subcommands, its words, its options.
  private func assignments(for path: [Command]) -> String {
    guard let command = path.last else { return "" }
    var words = command.subcommands.map(\.name)
    var paths = ""
    for positional in command.positionals {
      switch positional.completion {
      case .words(let choices): words += choices
      case .file: paths = "; paths=-f"
      case .directory: paths = "; paths=-d"
      case .nothing: break
      }
    }
    words += command.options.map(\.spelling) + ["--help"]
    if path.count == 1 { words.append("--version") }
    return "words=\"\(words.joined(separator: " "))\"\(paths)"
  }

  private func assignment(_ completion: Completion) -> String {
    switch completion {
    case .nothing: "return"
    case .file: "paths=-f"
    case .directory: "paths=-d"
    case .words(let words): "words=\"\(words.joined(separator: " "))\""
    }
  }

  private func quoted(_ text: String) -> String { "\"\(text)\"" }
}

extension Command {
  /// Every path from this command down, itself first, in the table's order.
  var paths: [[Command]] {
    [[self]] + subcommands.flatMap { $0.paths.map { [self] + $0 } }
  }
}

extension OptionDeclaration {
  /// Every form in which the option can be typed.
  var spellings: [String] { (short.map { ["-\($0)"] } ?? []) + [spelling] }
}

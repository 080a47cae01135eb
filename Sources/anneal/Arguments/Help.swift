/// The help of a command, derived from its row in the table.
struct Help: Sendable {
  /// From the root to the command.
  let path: [Command]

  /// The page: at most 80 columns, ending in a line break.
  var text: String {
    guard let command = path.last else { return "" }
    var lines = [command.summary, "", "usage: " + path.usage]
    lines += section(command.positionals.map { ($0.usage, $0.summary) })
    lines += section(command.subcommands.map { ($0.name, $0.summary) })
    let elsewhere = command.borrowed?.options.map(\.name) ?? []
    let options = command.options.filter { !elsewhere.contains($0.name) }
    lines += section(options.map { ($0.usage, $0.helpText) } + standardOptions)
    if let borrowed = command.borrowed {
      lines += wrapped(
        "as '\(borrowed.from)' has them: "
          + borrowed.options.map(\.spelling).joined(separator: ", ")
      )
    }
    if !command.examples.isEmpty {
      lines += [""] + command.examples.map { "  " + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var standardOptions: [(String, String)] {
    let help = ("-h, --help", "print this page")
    return path.count == 1 ? [help, ("    --version", "print the version")] : [help]
  }

  /// A text in lines of at most 80 columns, indented as options are.
  private func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= 80 {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append("      " + word)
      }
    }
    return lines
  }

  /// A blank line and the rows, the second column aligned.
  private func section(_ rows: [(String, String)]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let width = rows.map(\.0.count).max() ?? 0
    return [""]
      + rows.map { name, summary in
        "  " + name + String(repeating: " ", count: width - name.count + 2) + summary
      }
  }
}

extension OptionDeclaration {
  /// As help shows it: `-o, --output FILE`.
  fileprivate var usage: String {
    let prefix = short.map { "-\($0), " } ?? "    "
    return prefix + spelling + (metavariable.map { " " + $0 } ?? "")
  }

  fileprivate var helpText: String {
    summary + (defaultText.map { " (default \($0))" } ?? "")
      + (isRepeatable ? "; may be repeated" : "")
  }
}

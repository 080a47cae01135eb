/// The completion script for fish.
struct FishCompletion: Sendable {
  let root: Command

  var script: String {
    let paths = root.paths
    let known = paths.dropFirst().map { quoted($0.spelling) }.joined(separator: " ")
    var lines = [
      "# fish completion for \(root.name)",
      "function __\(root.name)_at",
      "    # Whether the words before the cursor lead to the command given.",
      "    set -l path \(root.name)",
      "    for word in (commandline -opc)[2..-1]",
      "        if contains -- \"$path $word\" \(known)",
      "            set path \"$path $word\"",
      "        end",
      "    end",
      "    test \"$path\" = \"$argv\"",
      "end",
      "complete -c \(root.name) -f",
    ]
    for path in paths {
      guard let command = path.last else { continue }
      let prefix = "complete -c \(root.name) -n \(quoted("__\(root.name)_at \(path.spelling)"))"
      lines += command.subcommands.map {
        "\(prefix) -a \($0.name) -d \(quoted($0.summary))"
      }
      lines += command.positionals.compactMap { positional in
        arguments(positional.completion).map { "\(prefix) \($0)" }
      }
      lines += command.options.map { option in
        let short = option.short.map { " -s \($0)" } ?? ""
        // `-x` keeps file names out where a value is not one.
        let value = !option.takesValue ? "" : option.completion == .file ? " -r" : " -x"
        let choices = arguments(option.completion).map { " " + $0 } ?? ""
        return "\(prefix)\(short) -l \(option.name)\(value)\(choices) -d \(quoted(option.summary))"
      }
      lines.append("\(prefix) -s h -l help -d 'print the help page'")
      if path.count == 1 { lines.append("\(prefix) -l version -d 'print the version'") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func arguments(_ completion: Completion) -> String? {
    switch completion {
    case .nothing: nil
    case .file: "-F"
    case .directory: "-a '(__fish_complete_directories)'"
    case .words(let words): "-a \(quoted(words.joined(separator: " ")))"
    }
  }

  private func quoted(_ text: String) -> String {
    let escaped = text.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "\\'")
    return "'\(escaped)'"
  }
}

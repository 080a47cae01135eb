/// `anneal completions`: a script that teaches a shell this program's commands and options.
enum Completions {
  static let command = Command(
    name: "completions",
    summary: "Print a completion script for a shell",
    positionals: [
      Positional(
        name: "SHELL", summary: "bash, zsh or fish",
        completion: .words(Shell.allCases.map(\.rawValue)))
    ],
    examples: [
      "source <(anneal completions bash)",
      "anneal completions zsh > ~/.zsh/completions/_anneal",
      "anneal completions fish > ~/.config/fish/completions/anneal.fish",
    ],
    action: .run(run))

  /// The shells a script can be written for.
  enum Shell: String, CaseIterable {
    case bash, zsh, fish
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let word = arguments.positionals[0]
    guard let shell = Shell(rawValue: word) else {
      throw CommandError.invalidValue(
        option: "SHELL", value: word, expected: "one of bash, zsh, fish",
        suggestion: nearestName(to: word, in: Shell.allCases.map(\.rawValue)))
    }
    let root = CommandTable.root
    switch shell {
    case .bash: try console.output.write(BashCompletion(root: root).script)
    case .zsh: try console.output.write(ZshCompletion(root: root).script)
    case .fish: try console.output.write(FishCompletion(root: root).script)
    }
    return .done
  }
}

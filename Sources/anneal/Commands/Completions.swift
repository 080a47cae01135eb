/// `anneal completions`: a script that teaches a shell this program's commands and options.
enum Completions {
  static let command = Command(
    name: "completions",
    summary: "Print a completion script for a shell",
    positionals: [
      Positional(
        name: "SHELL", summary: "bash, zsh or fish", completion: shell.completion)
    ],
    examples: [
      "source <(anneal completions bash)",
      "anneal completions zsh > ~/.zsh/completions/_anneal",
      "anneal completions fish > ~/.config/fish/completions/anneal.fish",
    ],
    action: .run(run))

  /// The shells a script can be written for.
  enum Shell: String, CaseIterable, Sendable {
    case bash, zsh, fish
  }

  private static let shell = ValueKind.choice(Shell.allCases, named: \.rawValue)

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let root = CommandTable.root
    switch try shell.value(of: arguments.positionals[0], option: "SHELL") {
    case .bash: try console.output.write(BashCompletion(root: root).script)
    case .zsh: try console.output.write(ZshCompletion(root: root).script)
    case .fish: try console.output.write(FishCompletion(root: root).script)
    }
    return .done
  }
}

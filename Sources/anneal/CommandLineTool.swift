/// The command layer: a command line in, text and an exit code out.
struct CommandLineTool: Sendable {
  /// What `--version` prints.
  static let version = "0.1.0"

  var root = CommandTable.root

  /// Carries out a command line, the program's name left out.
  ///
  /// An error becomes one line on the diagnostics stream and its exit code.
  func run(_ words: [String], console: Console) -> ExitCode {
    do {
      switch try ArgumentParser(root: root).parse(words) {
      case .version:
        try console.print("anneal \(Self.version)")
        return .done
      case .help(let path):
        try console.output.write(Help(path: path).text)
        return .done
      case .run(let path, let arguments):
        guard case .run(let action)? = path.last?.action else { return .usage }
        return try action(arguments, console)
      }
    } catch {
      let failure = CommandError(reporting: error)
      console.report("error: \(failure.description.onOneLine)")
      return failure.exitCode
    }
  }
}

import Foundation
import TestSupport
import Testing

@testable import anneal

/// Whether the machine has a shell to ask.
private func path(of shell: String) -> String? {
  ["/bin/", "/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"].map { $0 + shell }
    .first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// What a shell prints when it runs `script`.
private func output(of shell: String, _ script: String) throws -> [String] {
  let process = Process()
  process.executableURL = URL(filePath: try #require(path(of: shell)))
  process.arguments = shell == "bash" ? ["--norc", "--noprofile", "-s"] : []
  let input = Pipe()
  let output = Pipe()
  process.standardInput = input
  process.standardOutput = output
  process.standardError = output
  try process.run()
  input.fileHandleForWriting.write(Data(script.utf8))
  try input.fileHandleForWriting.close()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
}

@Suite struct CompletionsTests {
  /// What bash offers when the cursor stands at the end of these words.
  private func offers(_ words: [String], of root: Command = ExampleCommands.root) throws -> [String]
  {
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    return try output(
      of: "bash",
      BashCompletion(root: root).script + """
        COMP_WORDS=(\(quoted))
        COMP_CWORD=\(words.count - 1)
        _\(root.name)
        printf '%s\\n' "${COMPREPLY[@]}"

        """)
  }

  @Test(
    .enabled(if: path(of: "bash") != nil),
    arguments: [
      (["tool", ""], ["curve", "fail", "--help", "--version"]),
      (["tool", "cu"], ["curve"]),
      (["tool", "curve", ""], ["show", "list", "--help"]),
      (["tool", "curve", "show", "--st"], ["--steps"]),
      (["tool", "curve", "show", "--kind", ""], ["linear", "cosine"]),
      (["tool", "curve", "show", "--kind", "=", "co"], ["cosine"]),
      (["tool", "curve", "show", "--kind", "="], ["linear", "cosine"]),
      (["tool", "curve", "show", "--steps", ""], []),
      (["tool", "curve", "show", "--json", "--ki"], ["--kind"]),
      (["tool", "curve", "list", "--k"], []),
      (["tool", "curve", "show", "-o", "/etc/hostnam"], ["/etc/hostname"]),
    ] as [([String], [String])])
  func bashCompletes(words: [String], expected: [String]) throws {
    #expect(try offers(words) == expected)
  }

  @Test(.enabled(if: path(of: "bash") != nil))
  func bashOffersEveryCommandAndOption() throws {
    for path in CommandTable.root.paths {
      let offered = try offers(path.map(\.name) + [""], of: CommandTable.root)
      let expected = path.last.map { $0.subcommands.map(\.name) + $0.options.map(\.spelling) }
      for word in expected ?? [] {
        #expect(offered.contains(word), "\(path.spelling) \(word)")
      }
    }
  }

  @Test(.enabled(if: path(of: "zsh") != nil))
  func zshReadsTheScript() throws {
    let script = ZshCompletion(root: CommandTable.root).script
    #expect(
      try output(of: "zsh", "compdef() { print \"$@\" }\n" + script) == ["_anneal anneal"])
  }

  @Test(.enabled(if: path(of: "fish") != nil))
  func fishCompletes() throws {
    let script = FishCompletion(root: ExampleCommands.root).script
    #expect(
      try output(of: "fish", script + "complete -C 'tool curve show --kind co'\n") == [
        "cosine\tcurve"
      ])
    #expect(try output(of: "fish", script + "complete -C 'tool cur'\n") == ["curve\tCurves"])
  }

  @Test func scriptsAreAsRecorded() throws {
    #expect(
      Snapshot.difference(
        BashCompletion(root: ExampleCommands.root).script, from: "completion.bash") == nil)
    #expect(
      Snapshot.difference(ZshCompletion(root: ExampleCommands.root).script, from: "completion.zsh")
        == nil)
    #expect(
      Snapshot.difference(
        FishCompletion(root: ExampleCommands.root).script, from: "completion.fish") == nil)
  }

  @Test func printsAScriptForEveryShell() {
    for shell in Completions.Shell.allCases {
      let test = TestConsole()
      #expect(test.run("completions", shell.rawValue) == .done)
      #expect(test.output.contains("anneal"))
    }
    let test = TestConsole()
    #expect(test.run("completions", "bsah") == .usage)
    #expect(
      test.diagnostics
        == "error: SHELL expects one of bash, zsh, fish, found 'bsah'; did you mean 'bash'?\n")
  }
}

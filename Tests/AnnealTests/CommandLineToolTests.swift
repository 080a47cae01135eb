import Testing

@testable import anneal

@Suite struct CommandLineToolTests {
  @Test func printsTheVersion() {
    let test = TestConsole()
    #expect(test.run("--version") == .done)
    #expect(test.output == "anneal \(CommandLineTool.version)\n")
  }

  @Test func reportsAnErrorOnOneLine() {
    let test = TestConsole()
    #expect(test.run("frobnicate") == .usage)
    #expect(test.output.isEmpty)
    #expect(
      test.diagnostics == "error: 'anneal' has no command 'frobnicate'; see 'anneal --help'\n")
  }

  @Test func reportsErrorsItDoesNotKnow() {
    let test = TestConsole()
    let code = CommandLineTool(root: ExampleCommands.root).run(["fail"], console: test.console)
    #expect(code == .failed)
    #expect(test.diagnostics == "error: the disk is on fire\n")
  }

  @Test func failsWhenTheResultCannotBeWritten() {
    let test = TestConsole()
    var console = test.console
    console.output.write = { (_) throws(CommandError) in
      throw .failure(.cannotWrite, "cannot write to standard output")
    }
    #expect(CommandLineTool().run(["--version"], console: console) == .cannotWrite)
    #expect(test.diagnostics == "error: cannot write to standard output\n")
  }

  @Test func exitCodesAreTheDocumentedNumbers() {
    #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 64, 65, 66, 69, 74, 75])
  }
}

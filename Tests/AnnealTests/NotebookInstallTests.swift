import Foundation
import Testing

@testable import anneal

@Suite struct NotebookInstallTests {
  @Test func saysThatThereIsNoPython() {
    let test = TestConsole()
    #expect(test.run("notebook", "install", "--python", "/no/python") == .missingInput)
    #expect(
      test.diagnostics
        == "error: cannot run '/no/python'; install Python 3.9 or later, "
        + "or name one with --python\n")
    #expect(test.output == "")
  }

  /// A Python that answers to `--version` and fails at everything else.
  ///
  /// Another process writes it: a program started by a test beside this one inherits the files that this
  /// process has open at that moment, and what somebody has open for writing cannot be executed.
  private func python(in folder: TemporaryFolder, body: String) throws -> String {
    let path = "\(folder.path)/python"
    let text = "#!/bin/sh\n[ \"$1\" = --version ] && exit 0\n\(body)\n"
    let script = #"printf %s "$1" >"$0" && chmod +x "$0""#
    let writer = ChildProcess(words: ["sh", "-c", script, path, text])
    try #require(writer.run() == 0)
    return path
  }

  @Test func saysThatPythonMakesNoEnvironments() throws {
    let folder = try TemporaryFolder()
    let python = try python(in: folder, body: "exit 1")
    let test = TestConsole()
    #expect(
      test.run("notebook", "install", "--python", python, "--venv", "\(folder.path)/v")
        == .unavailable)
    #expect(
      test.diagnostics
        == "error: '\(python)' cannot make virtual environments; on Debian and Ubuntu: "
        + "apt-get install python3-venv\n")
  }

  @Test func saysThatTheKernelWasNotInstalled() throws {
    let folder = try TemporaryFolder()
    let python = try python(in: folder, body: "exit 7")
    let test = TestConsole()
    #expect(test.run("notebook", "install", "--python", python) == .unavailable)
    #expect(
      test.diagnostics
        == "error: the kernel was not installed; what is missing stands above\n")
  }

  @Test func printsTheCommandThatStartsJupyter() throws {
    let folder = try TemporaryFolder()
    let python = try python(
      in: folder, body: "printf '%s\\n' \"$@\" > '\(folder.path)/words'; exit 0")
    let test = TestConsole()
    #expect(test.run("notebook", "install", "--python", python, "--user") == .done)
    #expect(test.output.hasPrefix("jupyter lab /"))
    #expect(test.output.hasSuffix("/Notebooks\n"))
    let words = try String(contentsOfFile: "\(folder.path)/words", encoding: .utf8)
    #expect(words.hasPrefix("-c\nimport sys; sys.path.insert(0, '/"))
    #expect(words.contains("from anneal_kernel.install import main"))
    #expect(words.hasSuffix("--user\n"))
  }

  @Test func findsTheKernelBesideTheData() throws {
    let folder = try TemporaryFolder()
    #expect(
      throws: CommandError.failure(
        .missingInput,
        "expected the kernel in one of these folders, found none: /a/Notebooks \(folder.path)/Notebooks"
      )
    ) {
      try NotebookInstall.folder(below: ["/a/data", "/b", "\(folder.path)/data"])
    }
    let kernel = "\(folder.path)/Notebooks/kernel"
    try FileManager.default.createDirectory(atPath: kernel, withIntermediateDirectories: true)
    #expect(FileManager.default.createFile(atPath: "\(kernel)/pyproject.toml", contents: Data()))
    #expect(
      try NotebookInstall.folder(below: ["/a/data", "\(folder.path)/data"])
        == "\(folder.path)/Notebooks")
  }

  @Test func quotesWhatPythonReads() {
    #expect(NotebookInstall.quoted("/a b/it's\\") == "'/a b/it\\'s\\\\'")
  }

  @Test func runsProgramsToTheirEnd() {
    #expect(ChildProcess(words: ["sh", "-c", "exit 3"]).run(output: .nowhere) == 3)
    #expect(ChildProcess(words: ["sh", "-c", "kill -KILL $$"]).run(output: .nowhere) == 137)
    #expect(ChildProcess(words: ["/no/such/program"]).run(output: .nowhere) == nil)
  }
}

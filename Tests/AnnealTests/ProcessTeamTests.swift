import Foundation
import Testing

@testable import anneal

@Suite struct ProcessTeamTests {
  /// The program that the package builds beside its tests.
  private static let program: String? = {
    let folder = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0])
      .deletingLastPathComponent()
    let path = folder.appendingPathComponent("anneal").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  private let folder: TemporaryFolder
  private let data: String

  init() throws {
    folder = try TemporaryFolder()
    data = try folder.makeDataset()
  }

  private func train(
    _ words: [String], environment: [String: String] = [:], program: String? = nil
  ) -> (code: ExitCode, test: TestConsole) {
    let test = TestConsole(environment: TestConsole.kernels.merging(environment) { $1 })
    var console = test.console
    let line =
      ["train", "--data", data, "--epochs", "1", "--batch", "32", "--threads", "2", "lr=0.05"]
      + words
    console.program = program.map {
      LocalProcesses.Program(path: $0, words: ["anneal"] + line)
    }
    return (CommandLineTool().run(line, console: console), test)
  }

  /// The processes are real ones; this one is their first.
  @Test(.enabled(if: program != nil, "the program is not beside its tests"))
  func sharesARunOut() throws {
    let alone = train(["--run", "\(folder.path)/alone", "--accumulate", "2"])
    #expect(alone.code == .done, "\(alone.test.diagnostics)")
    let (code, test) = train(
      ["--run", "\(folder.path)/run", "--processes", "2"], program: Self.program)
    #expect(code == .done, "\(test.diagnostics)")
    #expect(test.output.contains("1 thread in each of 2 processes\n"))
    for file in ["checkpoint.safetensors", "recipe.json"] {
      let paths = ["alone", "run"].map { "\(folder.path)/\($0)/\(file)" }
      var contents = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      #expect(contents.removeLast() == contents.removeLast(), "\(file)")
    }
  }

  /// A process that ends instead of coming is not waited for.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/false")))
  func namesAProcessThatEndsAtOnce() {
    let (code, test) = train(["--processes", "2"], program: "/bin/false")
    #expect(code == .unavailable)
    #expect(test.diagnostics == "error: process 1 has ended: exit code 1\n")
  }

  @Test func saysWhatCannotBeStarted() {
    let (code, test) = train(["--processes", "2"], program: "\(folder.path)/nothing")
    #expect(code == .unavailable)
    #expect(test.diagnostics == "error: cannot start process 1: No such file or directory\n")
  }

  @Test func namesWhoIsMissing() {
    let (code, test) = train(
      ["--run", "\(folder.path)/none"],
      environment: [
        "OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "2",
        "PMIX_NAMESPACE": "\(UUID())", "ANNEAL_PROCESS_SECONDS": "0.3",
      ])
    #expect(code == .unavailable)
    #expect(
      test.diagnostics
        == "error: expected 2 processes within 0.3 seconds, found no process 1\n")
    #expect(!folder.has("none/recipe.json"))
  }

  @Test func refusesWhatCannotBeShared() {
    func error(_ words: String..., environment: [String: String] = [:]) -> String {
      let (code, test) = train(words, environment: environment)
      #expect(code == .usage)
      return test.diagnostics
    }
    #expect(
      error("--processes", "3")
        == "error: expected a multiple of the 3 parts of a step as batch, found 32\n")
    #expect(
      error("--processes", "4", "--accumulate", "2")
        == "error: expected a multiple of the 4 processes as accumulation, found 2\n")
    let one = ["RANK": "0", "WORLD_SIZE": "2"]
    #expect(
      error("--processes", "4", environment: one)
        == "error: --processes 4 in the environment of one of 2 processes\n")
    #expect(
      error(environment: one.merging(["ANNEAL_PROCESS_SECONDS": "soon"]) { $1 })
        == "error: ANNEAL_PROCESS_SECONDS expects seconds above 0, found 'soon'\n")
  }
}

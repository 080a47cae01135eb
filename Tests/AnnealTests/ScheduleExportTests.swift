import Testing

@testable import anneal

@Suite struct ScheduleExportTests {
  @Test func printsAProgram() {
    let test = TestConsole()
    #expect(test.run("schedule", "export", "0.1..0", "--to", "optax", "--steps", "9") == .done)
    #expect(test.output.hasSuffix("learning_rate = optax.linear_schedule(0.1, 0.0, 9)\n"))
  }

  @Test func writesAFile() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/plan.csv"
    let test = TestConsole()
    #expect(
      test.run(
        "schedule", "export", "lr=0.1", "momentum=0.9", "--to=csv", "--steps=2", "-o", path)
        == .done)
    #expect(test.output == "wrote \(path)\n")
  }

  @Test(arguments: [
    (["0.1", "--to", "csv"], "the run's length is missing: --steps N"),
    (
      ["0.1", "--to", "keras", "--steps", "2"],
      "--to expects one of pytorch, optax, csv, json, dawnbench, found 'keras'"
    ),
    (
      ["0.1", "0.2", "--to", "csv", "--steps", "2"],
      "expected one schedule for each hyper-parameter to export"
    ),
    (
      ["momentum=0.9", "--to", "pytorch", "--steps", "2"],
      "export to pytorch: expected a learning rate for all groups, found momentum=0.9"
    ),
  ])
  func explainsMistakes(words: [String], message: String) {
    let test = TestConsole()
    #expect(CommandLineTool().run(["schedule", "export"] + words, console: test.console) != .done)
    #expect(test.diagnostics.hasPrefix("error: \(message)"), "\(test.diagnostics)")
    #expect(test.output.isEmpty)
  }
}

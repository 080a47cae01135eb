import Datasets
import Foundation
import Studies
import Testing

@testable import anneal

@Suite struct ReproduceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func listsTheStudies() throws {
    let test = TestConsole()
    #expect(test.run("reproduce", "--list") == .done)
    #expect(test.output.hasPrefix("super-convergence  Does "))
    struct Row: Decodable {
      var name: String
    }
    let json = TestConsole()
    #expect(json.run("reproduce", "--list", "--json") == .done)
    let rows = try JSONDecoder().decode([Row].self, from: Data(json.output.utf8))
    #expect(rows.map(\.name) == Study.allCases.map(\.rawValue))
  }

  @Test func makesTheReport() throws {
    struct Result: Decodable {
      struct Regime: Decodable {
        var epochs: Int
        var testAccuracy: [Double?]
      }
      var study: String
      var regimes: [Regime]
      var files: [String]
      var folder: String
    }
    let data = try folder.makeDataset()
    let output = "\(folder.path)/report"
    let test = TestConsole()
    let code = test.run(
      "reproduce", "--data", data, "--epochs", "1", "--threads", "1", "--output", output, "--json")
    #expect([.done, .failed].contains(code), "\(test.diagnostics)")
    let result = try JSONDecoder().decode(Result.self, from: Data(test.output.utf8))
    #expect(result.study == "super-convergence" && result.folder == output)
    #expect(result.files.contains("report.html") && result.files.contains("range-test.svg"))
    for file in result.files { #expect(folder.has("report/\(file)"), "\(file)") }
    for regime in result.regimes { #expect(regime.testAccuracy.count == 1) }
    #expect(code == .failed || result.regimes.count >= 2)

    let again = TestConsole()
    #expect(again.run("reproduce", "--data", data, "--output", output) == .cannotWrite)
    #expect(
      again.diagnostics == "error: expected a folder without a report in \(output), found one\n")
  }

  @Test(arguments: [
    (
      ["super-convergance"], ExitCode.usage,
      "STUDY expects one of super-convergence, found 'super-convergance'; "
        + "did you mean 'super-convergence'?"
    ),
    (["--seeds", "0"], .usage, "--seeds expects a whole number from 1 to 10000, found '0'"),
    (
      ["--device", "cuda"], .unavailable,
      "no NVIDIA driver: CUDA backend unavailable; expected libcuda.so.1, found none in any place: "
        + "ANNEAL_CUDA_PATH says to look nowhere"
    ),
    (
      ["--output", "/dev/null/report"], .cannotWrite,
      "cannot write /dev/null/report: Not a directory"
    ),
  ])
  func explainsMistakes(words: [String], code: ExitCode, message: String) {
    let test = TestConsole()
    let line = ["reproduce", "--data", "synthetic"] + words
    #expect(CommandLineTool().run(line, console: test.console) == code)
    #expect(test.diagnostics == "error: \(message)\n")
  }

  @Test func looksForSettingsInTheDataFolders() throws {
    let location = DatasetLocation(variable: folder.path, executable: nil, source: nil)
    #expect(throws: CommandError.self) {
      try StudySettings.read(SuperConvergence.self, of: .superConvergence, location: location)
    }
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/recipes", withIntermediateDirectories: true)
    let path = try folder.write(Array("{}".utf8), "recipes/super-convergence.json")
    let error = #expect(throws: CommandError.self) {
      try StudySettings.read(SuperConvergence.self, of: .superConvergence, location: location)
    }
    #expect(error?.exitCode == .badData)
    #expect(error?.description.contains(path) == true)
  }

  @Test func readsThePackagesSettings() throws {
    for study in Study.allCases {
      switch study {
      case .superConvergence:
        #expect(throws: Never.self) {
          try StudySettings.read(SuperConvergence.self, of: study)
        }
      }
    }
  }
}

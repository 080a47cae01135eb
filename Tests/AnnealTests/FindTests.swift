import Foundation
import Testing

@testable import anneal

@Suite struct FindTests {
  private let folder: TemporaryFolder
  private let data: String

  init() throws {
    folder = try TemporaryFolder()
    data = try folder.makeDataset()
  }

  private func find(_ words: String...) -> (code: ExitCode, test: TestConsole) {
    let test = TestConsole()
    let line = ["find", "--data", data, "--batch", "32", "--threads", "1"] + words
    return (CommandLineTool().run(line, console: test.console), test)
  }

  @Test func chartsTheCurveAndListsTheRules() {
    let (code, test) = find("--count", "40", "--from", "1e-4", "momentum=0.9")
    #expect(code == .done, "\(test.diagnostics)")
    #expect(test.output.hasPrefix("smoothed loss  from "))
    for rule in ["valley", "slide", "minimum", "steep", "steepest", "Smith's base", "Smith's max"] {
      #expect(test.output.contains("\n\(rule) "), "\(rule)")
    }
  }

  @Test func givesCurveAndSuggestionsAsJSON() throws {
    struct Result: Decodable {
      struct Curve: Decodable {
        var learningRates: [Double]
        var losses: [Double]
        var plannedCount: Int
      }
      var curve: Curve
    }
    let (code, test) = find("--count", "20", "--from", "1e-3", "--to", "1", "--json")
    #expect(code == .done)
    let result = try JSONDecoder().decode(Result.self, from: Data(test.output.utf8))
    #expect(result.curve.plannedCount == 20)
    #expect(result.curve.learningRates.count == result.curve.losses.count)
    #expect(result.curve.learningRates.first == 1e-3)
    #expect(test.output.contains(#""valley":{"#) && test.output.contains(#""smith":{"#))
  }

  @Test func stopsAtTheDivergence() {
    let (code, test) = find("--count", "30", "--to", "1e30")
    #expect(code == .done)
    #expect(test.output.contains("; the test stopped there\n"))
  }

  @Test func writesThePicture() throws {
    let (code, test) = find("--count", "5", "--svg", "\(folder.path)/find.svg")
    #expect(code == .done)
    #expect(try folder.text("find.svg").contains("<svg"))
    #expect(test.diagnostics == "wrote \(folder.path)/find.svg\n")
  }

  @Test(arguments: [
    (
      ["--from", "1", "--to", "0.1"], ExitCode.usage,
      "expected a last value greater than 1, found 0.1"
    ),
    (["--count", "1"], .usage, "--count expects a whole number from 2 to 1000000, found '1'"),
    (["--from", "-1"], .usage, "--from expects a number above 0, found '-1'"),
    (
      ["lr=0.1"], .usage,
      "the test sets the learning rate itself; --from and --to say its range"
    ),
    (["momentum=1.5"], .usage, "momentum is 1.5 at step 0; expected at least 0 and less than 1"),
    (
      ["--svg", "/dev/null/x.svg", "--count", "2"], .cannotWrite,
      "cannot write /dev/null/x.svg: Not a directory"
    ),
  ])
  func explainsMistakes(words: [String], code: ExitCode, message: String) {
    let test = TestConsole()
    let line = ["find", "--data", data, "--batch", "32", "--threads", "1"] + words
    #expect(CommandLineTool().run(line, console: test.console) == code)
    #expect(test.diagnostics.hasSuffix("error: \(message)\n") || test.diagnostics.contains(message))
  }
}

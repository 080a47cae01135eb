import Foundation
import Schedules
import Testing

@testable import anneal

@Suite struct CurveFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func curve(_ text: String) throws -> RangeTestCurve {
    try CurveFile(path: folder.write(Array(text.utf8), "curve.csv")).curve
  }

  @Test(arguments: [
    "0.1,2\n0.2,1\n", "learningRate,loss\n0.1,2\n0.2,1\n", "lr,loss\r\n0.1,2\r\n0.2,1",
    "step,\"loss\",\"learning_rate\"\n0, 2 ,0.1\n1,1,0.2\n", "0.1,2,7\n\n0.2,1,7\n",
  ])
  func readsColumns(text: String) throws {
    let curve = try curve(text)
    #expect(curve.learningRates == [0.1, 0.2])
    #expect(curve.losses == [2, 1])
    #expect(curve.accuracies == nil)
  }

  @Test func readsAccuraciesAndLossesThatAreNotFinite() throws {
    let curve = try curve("lr,accuracy,loss\n0.1,0.5,1\n0.2,0.6,inf\n0.3,0.1,nan\n")
    #expect(curve.losses == [1] && curve.accuracies == [0.5])
    #expect(curve.isCut)
  }

  @Test(arguments: [
    ("", "expected learning rates and losses in FILE, found 0 lines"),
    ("a,b\n1,2\n", "expected columns learningRate and loss in line 1 of FILE, found 'a,b'"),
    ("0.1\n", "expected a number as loss in line 1, column 2 of FILE, found ''"),
    (
      "lr,loss\n0.1,2\n\n0.2,x\n",
      "expected a number as loss in line 4, column 2 of FILE, found 'x'"
    ),
    (
      "0.2,1\n0.1,2\n",
      "FILE: range test: expected learning rates that rise, found 0.1 after 0.2 at point 2"
    ),
    (
      "-1,1\n",
      "FILE: range test: expected finite learning rates of at least 0, found -1 at point 1"
    ),
  ])
  func explainsMistakes(text: String, message: String) throws {
    let error = #expect(throws: CommandError.self) { try curve(text) }
    #expect(error?.exitCode == .badData)
    #expect(error?.description == message.replacing("FILE", with: "\(folder.path)/curve.csv"))
  }

  @Test func missesAFile() {
    let error = #expect(throws: CommandError.self) { try CurveFile(path: "/nowhere.csv") }
    #expect(error == .failure(.missingInput, "cannot read /nowhere.csv"))
  }

  @Test func givesTheSuggestionsOfFind() throws {
    // A fall over three decades and a rise: every rule has something to say.
    let lines = (0..<60).map { index in
      let position = Double(index) / 59
      let loss = position < 0.7 ? 2.3 - 1.8 * position : 1.04 + 40 * (position - 0.7)
      return "\(1e-4 * Double(index * index + 1)),\(loss)"
    }
    let path = try folder.write(Array(lines.joined(separator: "\n").utf8), "curve.csv")
    let test = TestConsole()
    #expect(test.run("find", "--curve", path) == .done, "\(test.diagnostics)")
    #expect(test.output.contains("\nvalley ") && !test.output.contains(" none "))
  }

  @Test func printsNothingButSuggestionsAsJSON() throws {
    struct Printed: Decodable { var suggestions: Suggestions }
    let text = (1...60).map { "\(1e-4 * Double($0)),\(abs(40 - $0) + 1)\n" }.joined()
    let path = try folder.write(Array(text.utf8), "curve.csv")
    let test = TestConsole()
    #expect(test.run("find", "--curve", path, "--json") == .done)
    #expect(test.output.hasPrefix(#"{"suggestions":{"#))
    let printed = try JSONDecoder().decode(Printed.self, from: Data(test.output.utf8))
    #expect(printed.suggestions == (try CurveFile(path: path).curve.suggestions))
  }

  @Test func severalCurvesAreComparedRuleByRule() throws {
    func write(_ turn: Int, _ name: String) throws -> String {
      let text = (1...60).map { "\(1e-4 * Double($0)),\(abs(turn - $0) + 1)\n" }.joined()
      return try folder.write(Array(text.utf8), name)
    }
    let curves = ["--curve", try write(40, "a.csv"), "--curve", try write(42, "b.csv")]
    let test = TestConsole()
    #expect(CommandLineTool().run(["find"] + curves, console: test.console) == .done)
    let lines = test.output.split(separator: "\n")
    #expect(lines.count == 7)
    #expect(lines[0].hasPrefix("valley: ") && lines[0].contains(" 2 curves agree "))
    let printed = TestConsole()
    let words = ["find", "--json"] + curves
    #expect(CommandLineTool().run(words, console: printed.console) == .done)
    let agreement = try JSONDecoder().decode(
      RangeTestAgreement.self, from: Data(printed.output.utf8))
    #expect(agreement.sentences == lines.map(String.init))
    let refused = TestConsole()
    #expect(
      CommandLineTool().run(["find", "--svg", "x.svg"] + curves, console: refused.console)
        == .usage)
    #expect(refused.diagnostics == "error: --svg shows one curve, found 2\n")
  }

  @Test(arguments: [["--batch", "64"], ["--from=1e-3"], ["momentum=0.9"], ["--nesterov"]])
  func excludesTraining(words: [String]) throws {
    let path = try folder.write(Array("0.1,2\n".utf8), "curve.csv")
    let test = TestConsole()
    #expect(
      CommandLineTool().run(["find", "--curve", path] + words, console: test.console) == .usage)
    #expect(test.diagnostics.hasPrefix("error: --curve and "))
  }

  @Test func survivesExtremeLosses() throws {
    let path = try folder.write(
      Array((1...40).map { "\($0),\($0 % 2 == 0 ? "-" : "")1.7e308\n" }.joined().utf8), "curve.csv")
    let test = TestConsole()
    #expect(test.run("find", "--curve", path, "--svg", "\(folder.path)/x.svg") == .done)
  }
}

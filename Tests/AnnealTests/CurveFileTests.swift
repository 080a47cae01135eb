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
    #expect(curve.values == [0.1, 0.2])
    #expect(curve.losses == [2, 1])
    #expect(curve.hyperparameter == .learningRate && curve.column == nil)
  }

  @Test(arguments: [
    (
      "lr,accuracy,loss\n0.1,0.5,1\n0.2,0.6,inf\n0.3,0.1,nan\n", RangeTestMeasure.validationAccuracy
    ),
    ("validation_loss,lr,loss\n0.5,0.1,1\n0.6,0.2,inf\n", .validationLoss),
    ("0.1,1,0.5\n0.2,nan,1\n", .trainingAccuracy),
  ])
  func readsTheMeasureAndLossesThatAreNotFinite(text: String, measure: RangeTestMeasure) throws {
    let path = try folder.write(Array(text.utf8), "curve.csv")
    let curve = try CurveFile(path: path, measure: measure).curve
    #expect(curve.losses == [1] && curve.isCut)
    #expect(curve.column == .init(measure, updates: [0], readings: [0.5]))
    // Not asked for, it is not read.
    #expect(try self.curve(text).column == nil)
  }

  @Test func anEmptyFieldIsAnUpdateWithoutAReading() throws {
    let path = try folder.write(
      Array("lr,loss,validationAccuracy\n1,3,\n2,2,0.5\n3,2,\n4,1,0.75\n".utf8), "curve.csv")
    let curve = try CurveFile(path: path, measure: .validationAccuracy).curve
    #expect(curve.measuredUpdates == [1, 3] && curve.readings == [0.5, 0.75])
  }

  @Test func takesTheHyperparameterFromTheHeading() throws {
    #expect(try curve("momentum,loss\n0.1,2\n").hyperparameter == .momentum)
    #expect(try curve("loss,weight_decay\n2,0.1\n").hyperparameter == .weightDecay)
    let both = "lr,momentum,loss\n0.1,0.8,2\n0.1,0.9,1\n"
    let path = try folder.write(Array(both.utf8), "both.csv")
    #expect(try CurveFile(path: path, hyperparameter: .momentum).curve.values == [0.8, 0.9])
    let error = #expect(throws: CommandError.self) { try CurveFile(path: path) }
    #expect(
      error?.description
        == "\(path): range test: expected learning rates that rise, found 0.1 after 0.1 at point 2")
    let bare = try folder.write(Array("0.8,2\n".utf8), "bare.csv")
    #expect(try CurveFile(path: bare, hyperparameter: .momentum).curve.hyperparameter == .momentum)
  }

  @Test func missesTheColumnsThatWereAskedFor() throws {
    let path = try folder.write(Array("lr,loss\n0.1,2\n".utf8), "curve.csv")
    let momentum = #expect(throws: CommandError.self) {
      try CurveFile(path: path, hyperparameter: .momentum)
    }
    #expect(
      momentum?.description
        == "expected columns momentum and loss in line 1 of \(path), found 'lr,loss'")
    let accuracy = #expect(throws: CommandError.self) {
      try CurveFile(path: path, measure: .validationAccuracy)
    }
    #expect(
      accuracy?.description
        == "expected columns learningRate, loss and validationAccuracy in line 1 of \(path), "
        + "found 'lr,loss'")
    let bare = try folder.write(Array("0.1,2\n".utf8), "bare.csv")
    let third = #expect(throws: CommandError.self) {
      try CurveFile(path: bare, measure: .validationLoss)
    }
    #expect(
      third?.description
        == "expected a number as validation loss in line 1, column 3 of \(bare), found ''")
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
    #expect(lines[0] == "learning rate by the training loss of 2 curves")
    #expect(lines[1].hasPrefix("rule ") && lines[1].contains("least  median  largest  agreement"))
    #expect(lines.count == 10)
    #expect(lines[3].hasPrefix("valley ") && lines[3].contains(" 2 curves agree "))
    let printed = TestConsole()
    let words = ["find", "--json"] + curves
    #expect(CommandLineTool().run(words, console: printed.console) == .done)
    let agreement = try JSONDecoder().decode(
      RangeTestAgreement.self, from: Data(printed.output.utf8))
    for (rule, line) in zip(agreement.rules, lines.dropFirst(3)) {
      #expect(line.hasSuffix(rule.verdict))
    }
    let drawn = TestConsole()
    let picture = ["find", "--output", "\(folder.path)/two.svg"] + curves
    #expect(CommandLineTool().run(picture, console: drawn.console) == .done)
    #expect(try folder.text("two.svg").contains("median of 2, smoothed"))
  }

  @Test func curvesOfDifferentThingsAreNotCompared() throws {
    let rate = try folder.write(Array("lr,loss\n0.1,2\n".utf8), "a.csv")
    let momentum = try folder.write(Array("momentum,loss\n0.1,2\n".utf8), "b.csv")
    let test = TestConsole()
    #expect(test.run("find", "--curve", rate, "--curve", momentum) == .badData)
    #expect(
      test.diagnostics
        == "error: expected columns learningRate and loss in line 1 of \(momentum), "
        + "found 'momentum,loss'\n")
  }

  @Test(arguments: [
    ["--batch", "64"], ["--from=1e-3"], ["momentum=0.9"], ["--optimizer", "sgd"], ["--seeds", "2"],
    ["--every", "2"], ["--gradient-noise"], ["--sweep", "linear"],
  ])
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
    #expect(test.run("find", "--curve", path, "--output", "\(folder.path)/x.svg") == .done)
  }
}

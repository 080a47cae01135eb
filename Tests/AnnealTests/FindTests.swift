import Foundation
import Schedules
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
    let reasons = ["what was measured next is not finite\n", "the smoothed loss, "]
    #expect(reasons.contains { test.output.contains("; the test stopped there: " + $0) })
  }

  @Test func writesThePicture() throws {
    let (code, test) = find("--count", "5", "--output", "\(folder.path)/find.svg")
    #expect(code == .done)
    #expect(try folder.text("find.svg").contains("<svg"))
    #expect(test.diagnostics == "wrote \(folder.path)/find.svg\n")
    #expect(try folder.text("find.svg").contains(">training accuracy<"))
  }

  @Test func writesAPageToExplore() throws {
    let (code, test) = find("--count", "5", "-o", "\(folder.path)/find.html")
    #expect(code == .done, "\(test.diagnostics)")
    let page = try folder.text("find.html")
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("anneal-data"))
    #expect(page.contains("\"x\":{\"title\":\"learning rate\",\"kind\":\"logarithmic\""))
  }

  @Test(arguments: [
    (
      ["--from", "1", "--to", "0.1"], ExitCode.usage,
      "expected a last value greater than 1, found 0.1"
    ),
    (["--count", "1"], .usage, "--count expects a whole number from 2 to 1000000, found '1'"),
    (["--from", "-1"], .usage, "--from expects a number of at least 0, found '-1'"),
    (
      ["--from", "0"], .usage, "range test: expected a first value greater than 0, found 0"
    ),
    (
      ["--parameter", "momentum", "--to", "1", "lr=0.1"], .usage,
      "range test: expected momentum of at least 0 and less than 1, found 1"
    ),
    (
      ["--parameter", "momentum"], .usage,
      "a test of the momentum needs a learning rate, as in lr=0.1"
    ),
    (
      ["--parameter", "weightDecay", "lr=0.1", "weightDecay=0"], .usage,
      "the test sets the weight decay itself; --from and --to say its range"
    ),
    (
      ["--parameter", "beta2"], .usage,
      "--parameter expects one of learningRate, momentum, weightDecay, found 'beta2'"
    ),
    (
      ["--measure", "validationLos"], .usage,
      "--measure expects one of trainingLoss, validationLoss, validationAccuracy, "
        + "trainingAccuracy, found 'validationLos'; did you mean 'validationLoss'?"
    ),
    (
      ["--every", "5"], .usage,
      "--every is for another --measure; the training loss is read at each step"
    ),
    (
      ["--every", "50", "--count", "9", "--measure", "validationLoss"], .usage,
      "expected at most the 9 steps of the test as --every, found 50"
    ),
    (["--seeds", "0"], .usage, "--seeds expects a whole number from 1 to 1000, found '0'"),
    (
      ["lr=0.1"], .usage,
      "the test sets the learning rate itself; --from and --to say its range"
    ),
    (
      ["--output", "find.png"], .usage,
      "--output expects the path of an .svg or .html file, found 'find.png'"
    ),
    (["momentum=1.5"], .usage, "momentum is 1.5 at step 0; expected at least 0 and less than 1"),
    (
      ["--output", "/dev/null/x.svg", "--count", "2"], .cannotWrite,
      "cannot write /dev/null/x.svg: Not a directory"
    ),
  ])
  func explainsMistakes(words: [String], code: ExitCode, message: String) {
    let test = TestConsole()
    let line = ["find", "--data", data, "--batch", "32", "--threads", "1"] + words
    #expect(CommandLineTool().run(line, console: test.console) == code)
    #expect(test.diagnostics.hasSuffix("error: \(message)\n") || test.diagnostics.contains(message))
  }

  // MARK: - Other hyper-parameters, measures, seeds, noise

  @Test(arguments: [("momentum", "momentum"), ("weightDecay", "weight decay")])
  func namesWhatItSweeps(parameter: String, title: String) throws {
    let words = ["--parameter", parameter, "--count", "30", "lr=0.01"]
    let test = TestConsole()
    let line = ["find", "--data", data, "--batch", "32", "--threads", "1"] + words
    #expect(CommandLineTool().run(line, console: test.console) == .done, "\(test.diagnostics)")
    #expect(test.output.contains(" steps, \(title) "))
    #expect(test.output.contains("\nrule ") && test.output.contains(" \(title)  reason\n"))
    let printed = TestConsole()
    #expect(
      CommandLineTool().run(
        line + ["--json", "--output", "\(folder.path)/find.svg"], console: printed.console) == .done
    )
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(printed.output.utf8)) as? [String: Any])
    let curve = try #require(object["curve"] as? [String: Any])
    #expect(curve["\(parameter)s"] is [Double])
    let suggestions = try #require(object["suggestions"] as? [String: Any])
    let slide = try #require(suggestions["slide"] as? [String: Any])
    #expect(slide[parameter] is Double || slide["none"] is String)
    #expect(try folder.text("find.svg").contains(">\(title)<"))
  }

  @Test func plotsWhatSmithPlotted() throws {
    let (code, test) = find(
      "--measure", "validationAccuracy", "--every", "2", "--count", "20", "--sweep", "linear",
      "--from", "0", "--to", "1", "--json")
    #expect(code == .done, "\(test.diagnostics)")
    struct Result: Decodable {
      var curve: RangeTestCurve
      var suggestions: Suggestions
    }
    let result = try JSONDecoder().decode(Result.self, from: Data(test.output.utf8))
    #expect(result.curve.measure == .validationAccuracy && result.curve.values[0] == 0)
    #expect(result.curve.measuredUpdates == Array(stride(from: 1, to: 20, by: 2)))
    #expect(result.curve.readings.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(result.suggestions == result.curve.suggestions)
  }

  @Test func severalSeedsAreCompared() throws {
    let words = ["--seeds", "3", "--seed", "7", "--count", "20", "--from", "1e-3", "momentum=0.9"]
    let test = TestConsole()
    let line = ["find", "--data", data, "--batch", "32", "--threads", "1"] + words
    #expect(CommandLineTool().run(line, console: test.console) == .done, "\(test.diagnostics)")
    #expect(test.output.hasPrefix("learning rate by the training loss of 3 curves\n"))
    struct Result: Decodable {
      var seeds: [UInt64]
      var curves: [RangeTestCurve]
      var rules: [RangeTestAgreement.Rule]
    }
    let printed = TestConsole()
    let drawn = ["--json", "--output", "\(folder.path)/seeds.svg"]
    #expect(CommandLineTool().run(line + drawn, console: printed.console) == .done)
    let result = try JSONDecoder().decode(Result.self, from: Data(printed.output.utf8))
    #expect(result.seeds == [7, 8, 9])
    #expect(Set(result.curves).count == 3)
    #expect(result.rules == (try RangeTestAgreement(result.curves).rules))
    #expect(try folder.text("seeds.svg").contains("median of 3, smoothed"))
  }

  @Test func advisesOnTheBatch() throws {
    let words = ["--gradient-noise", "--count", "12", "--batch", "8"]
    let line = ["find", "--data", data, "--threads", "1"] + words
    let test = TestConsole()
    #expect(CommandLineTool().run(line, console: test.console) == .done, "\(test.diagnostics)")
    #expect(test.output.contains("step") && test.output.contains("noise scale"))
    struct Result: Decodable {
      struct Noise: Decodable {
        struct Place: Decodable {
          var update: Int
          var small: GradientNoiseScale.Measurement
          var large: GradientNoiseScale.Measurement
        }
        var batch: Int
        var advice: String
        var places: [Place]
      }
      var gradientNoise: Noise
    }
    let printed = TestConsole()
    #expect(CommandLineTool().run(line + ["--json"], console: printed.console) == .done)
    let noise = try JSONDecoder().decode(Result.self, from: Data(printed.output.utf8)).gradientNoise
    #expect(noise.batch == 8 && !noise.places.isEmpty)
    #expect(noise.places[0].small.batchSize == 8 && noise.places[0].large.batchSize == 64)
    #expect(noise.places[0].small.squaredNorm > noise.places[0].large.squaredNorm)
    #expect(test.output.hasSuffix(noise.advice + "\n"))
    let two = TestConsole()
    #expect(CommandLineTool().run(line + ["--seeds", "2"], console: two.console) == .done)
    #expect(!test.output.contains("seed  step") && two.output.contains("seed  step"))
    for seed in 0...1 { #expect(two.output.contains("\n   \(seed)     0 ")) }
  }
}

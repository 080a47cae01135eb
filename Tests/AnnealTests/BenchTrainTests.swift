import Foundation
import Testing

@testable import anneal

@Suite struct BenchTrainTests {
  private struct Report: Decodable {
    struct Comparison: Decodable {
      var imagesPerSecond: Double
      var ratio: Double
      var ownRounds: [Double]
      var peerRounds: [Double]
    }
    var imagesPerSecond: Double
    var medianStepSeconds: Double
    var fastestStepSeconds: Double
    var slowestStepSeconds: Double
    var lossInterval: Int
    var steps: Int
    var loaderImagesPerSecond: Double
    var batch: Int
    var flopsPerImage: Int
    var peakGigaflops: Double
    var share: Double
    var comparison: Comparison?
  }

  private let folder: TemporaryFolder
  private let data: String

  init() throws {
    folder = try TemporaryFolder()
    data = try folder.makeDataset()
  }

  private func bench(_ words: String...) -> (code: ExitCode, test: TestConsole) {
    let test = TestConsole()
    let line =
      ["bench", "train", "--network", "resnet8", "--data", data, "--batch", "32", "--steps", "5"]
      + ["--threads", "1"] + words
    var console = test.console
    // A clock that ticks with every look, so that a step takes a time.
    console.now = {
      test.wait(0.5)
      return test.seconds
    }
    return (CommandLineTool().run(line, console: console), test)
  }

  @Test func reportsTheMedianStep() throws {
    let (code, test) = bench("--json")
    #expect(code == .done, "\(test.diagnostics)")
    let report = try JSONDecoder().decode(Report.self, from: Data(test.output.utf8))
    #expect(report.steps == 5 && report.batch == 32)
    #expect(report.imagesPerSecond == 32 / report.medianStepSeconds)
    #expect(report.flopsPerImage > 0 && report.peakGigaflops > 0)
    let gigaflops = Double(report.flopsPerImage) * report.imagesPerSecond * 1e-9
    #expect(abs(report.share - gigaflops / report.peakGigaflops) < 1e-6 * report.share)
    #expect(report.loaderImagesPerSecond == 5 * 32 / 0.5)
    #expect(report.comparison == nil)
  }

  /// Of epochs of four steps, of which the loss of every third is read.
  @Test func timesStepsBetweenLosses() throws {
    let (code, test) = bench("--json", "--loss-every", "3")
    #expect(code == .done, "\(test.diagnostics)")
    let report = try JSONDecoder().decode(Report.self, from: Data(test.output.utf8))
    #expect(report.lossInterval == 3 && report.steps == 5)
    #expect(report.fastestStepSeconds < report.slowestStepSeconds)
  }

  @Test func aGPUThatIsNotThereIsUnavailable() {
    let (code, test) = bench("--device", "cuda:1")
    #expect(code == .unavailable)
    #expect(test.diagnostics.hasPrefix("error: no NVIDIA driver: CUDA backend unavailable; "))
    #expect(test.output.isEmpty)
  }

  @Test func takesTurnsWithAPeer() throws {
    let (code, test) = bench(
      "--json", "--rounds", "2", "--compare-to", #"echo '{"images_per_s": 50, "model": "x"}'"#)
    #expect(code == .done, "\(test.diagnostics)")
    let report = try JSONDecoder().decode(Report.self, from: Data(test.output.utf8))
    let comparison = try #require(report.comparison)
    #expect(report.steps == 10)
    #expect(comparison.peerRounds == [50, 50] && comparison.ownRounds.count == 2)
    #expect(comparison.imagesPerSecond == 50)
    #expect(comparison.ratio == BenchTrain.median(comparison.ownRounds) / 50)
  }

  @Test func printsForPeople() {
    let (code, test) = bench()
    #expect(code == .done)
    let lines = test.output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[3].hasPrefix("the loader alone makes "))
    #expect(lines[0].hasPrefix("resnet8 on \(data), batch 32, float32, cpu, "))
    #expect(lines[1].contains(" images/s: the median of 5 steps is "))
  }

  @Test(arguments: [
    ("exit 3", ExitCode.failed, "'exit 3' failed with status 3"),
    (
      "echo fast", .badData,
      "expected a JSON object with imagesPerSecond or images_per_s from 'echo fast', found 'fast '"
    ),
  ])
  func explainsAPeersFailure(command: String, code: ExitCode, message: String) {
    let (found, test) = bench("--compare-to", command, "--rounds", "1")
    #expect(found == code)
    #expect(test.diagnostics.contains("error: \(message)"), "\(test.diagnostics)")
  }

  @Test func takesTheMiddleOfTimes() {
    #expect(BenchTrain.median([3, 1, 2]) == 2)
    #expect(BenchTrain.median([4, 1, 2, 3]) == 2.5)
    #expect(BenchTrain.median([7]) == 7)
  }
}

import Foundation
import Testing

@testable import anneal

@Suite struct BenchLoaderTests {
  private struct Report: Decodable {
    var imageShape: [Int]
    var imageCount: Int
    var readingSeconds: Double
    var imagesReadPerSecond: Double
    var imagesPerSecond: Double
    var steps: Int
    var batch: Int
  }

  private func bench(_ words: String...) -> (code: ExitCode, test: TestConsole) {
    let test = TestConsole()
    var console = test.console
    // A clock that ticks with every look.
    console.now = {
      test.wait(0.5)
      return test.seconds
    }
    let line = ["bench", "loader", "--image-size", "8"] + words
    return (CommandLineTool().run(line, console: console), test)
  }

  @Test func timesReadingAndLoading() throws {
    let (code, test) = bench("--batch", "32", "--steps", "70", "--json")
    #expect(code == .done, "\(test.diagnostics)")
    let report = try JSONDecoder().decode(Report.self, from: Data(test.output.utf8))
    #expect(report.imageShape == [3, 8, 8] && report.imageCount == 2_560)
    #expect(report.readingSeconds == 0.5 && report.imagesReadPerSecond == 5_120)
    // More than an epoch of 64 batches.
    #expect(report.steps == 70 && report.imagesPerSecond == 70 * 32 / 0.5)
  }

  @Test func printsForPeople() {
    let (code, test) = bench("--batch", "16", "--steps", "2", "--augment", "none")
    #expect(code == .done)
    #expect(
      test.output == """
        synthetic: 2 560 images of 3×8×8, read in 0.50 s: 5 120 images/s
        64.0 images/s in 2 batches of 16 on the loader's thread

        """)
  }

  @Test func saysThatABatchIsTooLarge() {
    let (code, test) = bench("--batch", "3000")
    #expect(code == .usage)
    #expect(test.diagnostics.contains("3000"))
  }
}

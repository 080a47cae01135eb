import Foundation
import Testing

@testable import anneal

@Suite struct BenchKernelsTests {
  private struct Report: Decodable {
    struct Row: Decodable {
      var operation: String
      var shape: String
      var count: Int
      var milliseconds: Double
      var share: Double
      var gigaflops: Double?
      var gigabytes: Double
      var peakShare: Double
    }
    var network: String
    var batch: Int
    var convolution: String
    var peakGigaflops: Double
    var stepMilliseconds: Double
    var rows: [Row]
  }

  private func bench(_ words: String...) -> (code: ExitCode, test: TestConsole) {
    let test = TestConsole()
    let line =
      ["bench", "kernels", "--network", "resnet8", "--batch", "4", "--steps", "3"]
      + ["--threads", "1"] + words
    var console = test.console
    // A clock that ticks with every look: each operation takes half a second.
    console.now = {
      test.wait(0.5)
      return test.seconds
    }
    return (CommandLineTool().run(line, console: console), test)
  }

  @Test func everyOperationOfAStepHasARow() throws {
    let (code, test) = bench("--json")
    #expect(code == .done, "\(test.diagnostics)")
    let report = try JSONDecoder().decode(Report.self, from: Data(test.output.utf8))
    #expect(report.network == "resnet8" && report.batch == 4 && report.convolution == "auto")
    let convolutions = report.rows.filter { $0.operation == "convolution" }
    #expect(convolutions.reduce(0) { $0 + $1.count } == 7)
    #expect(
      convolutions.first?.shape == "4×3×32×32 → 4×16×32×32" && convolutions.first?.count == 1)
    #expect(report.rows.allSatisfy { $0.milliseconds == 500 })
    #expect(abs(report.rows.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    let operations = report.rows.reduce(0) { $0 + $1.count }
    #expect(report.stepMilliseconds == Double(operations) * 500)
    for row in convolutions {
      let gigaflops = try #require(row.gigaflops)
      #expect(abs(row.peakShare - gigaflops / report.peakGigaflops) < 1e-9)
    }
    // A step evaluates nothing.
    #expect(report.rows.allSatisfy { $0.operation != "batch norm inference" })
    #expect(report.rows.contains { $0.operation.hasPrefix("sgd") && $0.gigaflops == nil })
  }

  @Test func theTableEndsWithTheMachine() {
    let (code, test) = bench("--convolution", "direct")
    #expect(code == .done)
    let lines = test.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("resnet8, batch 4, ") == true)
    #expect(lines.first?.contains("direct convolution, float32, 1 thread") == true)
    #expect(lines.last?.contains("GFLOP/s in registers") == true)
  }

  @Test func anUnknownAlgorithmIsRefused() {
    let (code, test) = bench("--convolution", "fft")
    #expect(code == .usage)
    #expect(test.diagnostics.contains("expects one of auto, direct, winograd, found 'fft'"))
  }
}

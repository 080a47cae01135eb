import Testing

@testable import anneal

@Suite struct ProgressBarTests {
  /// Draws 25 %, 50 % and 100 % of 1000 images, a second apart, and ends.
  private func drawn(_ test: TestConsole, secondsApart: Double = 1) -> String {
    var bar = ProgressBar("training", total: 1000, unit: "images", console: test.console)
    for completed in [250, 500, 1000] {
      test.wait(secondsApart)
      bar.advance(to: completed, note: "loss 0.5", value: Double(completed))
    }
    bar.finish()
    return test.diagnostics
  }

  @Test func redrawsOneLineOnATerminal() {
    let test = TestConsole(environment: ["NO_COLOR": "1"], terminalColumns: 80)
    let lines = drawn(test).split(separator: "\r").map(String.init)
    #expect(
      lines == [
        "training  ━━━━───────────────   25 %  250 images/s  0:03 left  loss 0.5\u{1b}[K",
        "training  ━━━━━━━━━──────────   50 %  250 images/s  0:02 left  loss 0.5\u{1b}[K",
        "training  ━━━━━━━━━━━━━━━━━━━  100 %  333 images/s  0:00 left  loss 0.5\u{1b}[K",
        "\u{1b}[K",
      ])
    #expect(test.output.isEmpty)
  }

  @Test func drawsTheCourseOfAMeasurementWhereThereIsRoom() {
    let test = TestConsole(environment: ["NO_COLOR": "1"], terminalColumns: 120)
    #expect(drawn(test).contains("  loss 0.5  ▁█\u{1b}[K"))
    #expect(drawn(test).contains("  loss 0.5  ▁▃█\u{1b}[K"))
  }

  @Test(arguments: [20, 40, 60, 79, 80, 81, 100, 105, 120, 200])
  func fitsTheTerminal(columns: Int) {
    let test = TestConsole(environment: ["NO_COLOR": "1"], terminalColumns: columns)
    for line in drawn(test).split(separator: "\r") {
      #expect(line.count - "\u{1b}[K".count < columns, "\(line)")
    }
  }

  @Test func coloursOnlyWhereWanted() {
    #expect(drawn(TestConsole(terminalColumns: 80)).contains("\u{1b}[32m"))
    let plain = TestConsole(environment: ["NO_COLOR": "yes"], terminalColumns: 80)
    #expect(!drawn(plain).contains("\u{1b}[32m"))
    let empty = TestConsole(environment: ["NO_COLOR": ""], terminalColumns: 80)
    #expect(drawn(empty).contains("\u{1b}[32m"))
  }

  @Test(arguments: [TestConsole(), TestConsole(environment: ["TERM": "dumb"], terminalColumns: 80)])
  func printsPlainLinesElsewhere(test: TestConsole) {
    #expect(
      drawn(test, secondsApart: 6) == "training  50 %  41.7 images/s  0:12 left  loss 0.5\n")
  }

  @Test func drawsAtMostTenTimesASecond() {
    let test = TestConsole(terminalColumns: 80)
    var bar = ProgressBar("training", total: 1000, unit: "images", console: test.console)
    for step in 1...1000 {
      test.wait(0.001)
      bar.advance(to: step)
    }
    let count = test.diagnostics.split(separator: "\r").count
    #expect((8...11).contains(count), "\(count) lines")
  }

  @Test func followsTheRecentRate() {
    let test = TestConsole(environment: ["NO_COLOR": "1"], terminalColumns: 80)
    var bar = ProgressBar("training", total: 100_000, unit: "images", console: test.console)
    for second in 1...60 {
      test.wait(1)
      bar.advance(to: second <= 30 ? second * 1000 : 30_000 + (second - 30) * 100)
    }
    #expect(test.diagnostics.hasSuffix("100 images/s  11:10 left\u{1b}[K"))
  }

  @Test func leavesNothingBehindWhenNothingWasDrawn() {
    let test = TestConsole(terminalColumns: 80)
    var bar = ProgressBar("training", total: 10, unit: "images", console: test.console)
    bar.finish()
    #expect(test.diagnostics.isEmpty)
  }
}

import Testing

@testable import anneal

@Suite struct BrailleChartTests {
  @Test func drawsARamp() {
    let chart = BrailleChart(width: 4, height: 2)
    #expect(chart.lines((0..<8).map(Double.init), in: 0...7) == ["⠀⠀⡠⠊", "⡠⠊⠀⠀"])
  }

  @Test func drawsAConstantInTheMiddle() {
    #expect(BrailleChart(width: 3, height: 1).lines([5], in: 5...5) == ["⠤⠤⠤"])
  }

  @Test func keepsASpikeOfOneStep() {
    var values = [Double](repeating: 0, count: 10_000)
    values[5003] = 1
    let lines = BrailleChart(width: 10, height: 3).lines(values, in: 0...1)
    #expect(lines[0].contains { $0 != "⠀" })
    #expect(lines == ["⠀⠀⠀⠀⠀⡇⠀⠀⠀⠀", "⠀⠀⠀⠀⠀⡇⠀⠀⠀⠀", "⣀⣀⣀⣀⣀⣇⣀⣀⣀⣀"])
  }

  @Test func survivesWhatIsNotANumber() {
    let chart = BrailleChart(width: 2, height: 1)
    #expect(chart.lines([.nan, .infinity, -.infinity, 1], in: 0...1) == ["⡸⡾"])
    #expect(chart.lines([1], in: -1.7e308...1.7e308) == ["⠤⠤"])
  }

  @Test func colouredCurvesShareAChart() {
    let chart = BrailleChart(width: 3, height: 1)
    let (cyan, yellow) = (TerminalColor(series: 0), TerminalColor(series: 1))
    #expect(
      chart.lines([[1, 1, 1], [0, 0, 0]], in: 0...2, colors: [cyan, yellow])
        == ["\u{1b}[33m⣤⣤⣤\u{1b}[0m"], "the later curve has the cells that both cross")
    let high = BrailleChart(width: 2, height: 2)
    #expect(
      high.lines([[1, 1], [0, 0]], in: 0...1, colors: [cyan, yellow])
        == ["\u{1b}[36m⠉⠉\u{1b}[0m", "\u{1b}[33m⣀⣀\u{1b}[0m"])
    #expect(
      high.lines([[0, 1]], in: 0...1, colors: [cyan])
        == ["⠀\u{1b}[36m⡏\u{1b}[0m", "\u{1b}[36m⣀⠇\u{1b}[0m"])
  }

  @Test func holdsValuesOutsideTheRangeAtTheEdge() {
    let chart = BrailleChart(width: 1, height: 1)
    #expect(chart.lines([-9, 9], in: 0...1) == chart.lines([0, 1], in: 0...1))
  }
}

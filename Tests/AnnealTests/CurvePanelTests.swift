import Testing

@testable import anneal

@Suite struct CurvePanelTests {
  @Test func labelsEndsAndExtremes() {
    let panel = CurvePanel(title: "lr", values: (0..<20).map { Double($0) / 10 })
    #expect(
      panel.lines(columns: 20, height: 2) == [
        "lr  from 0 to 1.9, between 0 and 1.9",
        "  1.9 ┤⠀⠀⠀⠀⠀⠀⢀⣀⡠⠤⠒⠒⠉",
        "    0 ┤⣀⡠⠤⠔⠒⠉⠁⠀⠀⠀⠀⠀⠀",
        "       0          19",
      ])
  }

  @Test func comparesInColours() {
    let panels = [
      CurvePanel(title: "a", values: [0, 0, 0, 0]), CurvePanel(title: "b", values: [1, 1, 1, 1]),
    ]
    let (cyan, yellow, end) = ("\u{1b}[36m", "\u{1b}[33m", "\u{1b}[0m")
    #expect(
      CurvePanel.lines(panels, in: 0...1, columns: 15, height: 2) == [
        "\(cyan)━━\(end) a  from 0 to 0, between 0 and 0",
        "\(yellow)━━\(end) b  from 1 to 1, between 1 and 1",
        "  1 ┤\(yellow)⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉\(end)",
        "  0 ┤\(cyan)⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀\(end)",
        "     0        3",
      ])
  }

  @Test func labelsAConstantOnce() {
    let lines = CurvePanel(title: "m", values: [0.9, 0.9]).lines(columns: 40, height: 3)
    #expect(lines.filter { $0.contains("0.9 ┤") }.count == 1)
  }

  @Test(arguments: [20, 40, 80, 200])
  func fitsTheColumns(columns: Int) {
    let lines = CurvePanel(title: "m", values: [0.123456, 1e-7, 3]).lines(columns: columns)
    for line in lines.dropFirst() { #expect(line.count <= max(columns, 24), "\(line)") }
  }

  @Test func saysWhereASingleStepIs() {
    #expect(CurvePanel(title: "m", values: [1]).lines(columns: 40).last?.hasSuffix(" 0") == true)
  }
}

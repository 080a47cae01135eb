import Plotting
import Schedules
import Studies
import Testing

@testable import NotebookKit

@Suite struct DisplayTests {
  @Test func figuresAreInteractiveAndStatic() throws {
    let figure = Figure(
      title: "one", description: "A line.", x: Axis("x"),
      plots: [Plot(y: Axis("y"), marks: [LineMark(x: [0, 1], y: [0, 1])])])
    let bundle = figure.mimeBundle
    let (html, svg) = (try #require(bundle["text/html"]), try #require(bundle["image/svg+xml"]))
    #expect(html.contains("<script") && html.contains("anneal-data"))
    #expect(svg.hasPrefix("<svg ") && !svg.contains("<script"))
    #expect(bundle["text/plain"] == "one. A line.")
    #expect(figure.mimeBundle["image/svg+xml"] != svg, "a page holds an id once")
    #expect(figure.staticBundle["text/html"] == nil)
  }

  @Test func namesOfFiguresDoNotDependOnTheRun() {
    #expect(FigureName.hash("") == 2_166_136_261)
    #expect(FigureName.hash("a") == 0xE40C_292C)
  }

  @Test func schedulesShowTheirCurveAndText() throws {
    let bundle = Schedule.cosine(from: 0.1, to: 0).mimeBundle
    #expect(bundle["text/plain"] == Schedule.cosine(from: 0.1, to: 0).description)
    #expect(bundle["image/svg+xml"] != nil)
    #expect(try #require(bundle["text/html"]).hasSuffix("</code></p>"))
  }

  @Test func plansShowAPanelForEachHyperparameter() throws {
    let plan = Plan {
      Scheduled(.learningRate, .oneCycle(peak: 0.4))
      Scheduled(.momentum, .constant(0.9))
    }
    let svg = try #require(plan.mimeBundle["image/svg+xml"])
    #expect(svg.contains(">learning rate<") && svg.contains(">momentum<"))
    #expect(plan.mimeBundle["text/plain"] == plan.description)
    let resolved = try plan.resolved(over: Horizon(steps: 10))
    #expect(resolved.mimeBundle["image/svg+xml"] != nil)
  }

  @Test func aScheduleThatFitsNoRunShowsItsTextAndTheReason() {
    let schedule = Schedule { Ramp(from: -1, to: 1, over: 10.steps, curve: .exponential) }
    let bundle = schedule.mimeBundle
    #expect(bundle["image/svg+xml"] == nil)
    #expect(bundle["text/plain"]?.contains("(no curve: ") == true)
  }

  @Test func comparesSchedulesByName() throws {
    let figure = try compare(
      ["cosine": .cosine(from: 0.1, to: 0), "linear": .linear(from: 0.1, to: 0)],
      over: Horizon(steps: 10))
    #expect(figure.runs.map(\.name) == ["cosine", "linear"])
    #expect(figure.runs.allSatisfy { $0.curves.map(\.hyperparameter) == ["learningRate"] })
    #expect(figure.runs[0].curves[0].values.count == 10)
  }

  @Test func tablesAlignTheirNumbers() {
    let shown = table(["rule", "rate"], [["valley", 0.12], ["a < b", 10.0]], caption: "Rules")
    #expect(shown.mimeBundle["text/plain"] == "Rules\nrule    rate\nvalley  0.12\na < b     10")
    #expect(
      shown.mimeBundle["text/html"]
        == "<table><caption>Rules</caption><thead><tr><th style=\"text-align:left\">rule</th>"
        + "<th style=\"text-align:right\">rate</th></tr></thead><tbody>"
        + "<tr><td style=\"text-align:left\">valley</td><td style=\"text-align:right\">0.12</td></tr>"
        + "<tr><td style=\"text-align:left\">a &lt; b</td>"
        + "<td style=\"text-align:right\">10</td></tr></tbody></table>")
  }
}

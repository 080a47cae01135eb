import Plotting
import Studies
import TestSupport
import Testing

@Suite struct ReportTests {
  static func sample() throws -> Report {
    Report(
      title: "Super-convergence",
      summary: "1cycle reaches in 10 epochs what step decay reaches in 30.",
      blocks: [
        .highlights([
          .init("accuracy after 10 epochs, 1cycle", "88.3 %"),
          .init("epochs of step decay to equal it", "30"), .init("ratio", "3.0 ×"),
        ]),
        .table(
          .init(
            caption: "Test accuracy, mean ± 95 % interval of three seeds",
            columns: [
              .init("regime"), .init("epochs", isNumeric: true), .init("accuracy", isNumeric: true),
              .init("seconds", isNumeric: true),
            ],
            rows: [
              ["1cycle", "10", "88.3 ± 0.6 %", "31"], ["step decay", "10", "85.3 ± 1.1 %", "31"],
              ["step decay, longer", "30", "88.4 ± 0.5 %", "92"],
            ])),
        .heading("Which learning rate?"),
        .paragraph("The range test raises the rate after every update & watches the loss."),
        .figure(
          try RangeTestFigureTests.sample().figure,
          caption: "Loss over the learning rate; points are what each rule suggests."),
        .heading("The runs"),
        .figure(
          RunsFigureTests.sample.figure,
          caption: "Training loss and test accuracy; lines are means, areas ranges."),
        .figure(ComparisonFigureTests.sample.figure, caption: "Every point is a whole training."),
        .heading("How it was made"),
        .commands(["anneal reproduce --seeds 3", "anneal plot \"runs/a b\" -o <file>.svg"]),
        .facts([
          .init("network", "ResNet-8, 78,042 parameters"),
          .init("schedule", "lr=onecycle(peak=0.4,warmup=30%)"),
        ]),
      ])
  }

  @Test func snapshot() throws {
    #expect(Snapshot.difference(try Self.sample().html, from: "report.html") == nil)
  }

  @Test func thePageStandsAlone() throws {
    let page = try Self.sample().html
    for reference in ["src=", "href=", "@import", "<script"] {
      #expect(!page.contains(reference), "\(reference)")
    }
    // The only address is the name of the SVG namespace.
    let addresses = page.split(separator: "\"").filter { $0.hasPrefix("http") }
    #expect(Set(addresses) == ["http://www.w3.org/2000/svg"])
    #expect(!page.contains("url(") || !page.contains("url(h"))
  }

  @Test func idsAreUnique() throws {
    let ids = try Self.sample().html.split(separator: " ").filter { $0.hasPrefix("id=\"") }
      .compactMap { $0.split(separator: "\"").dropFirst().first }
    #expect(ids.count > 18)
    #expect(Set(ids).count == ids.count)
  }

  @Test func textIsEscaped() {
    let report = Report(
      title: "a < b", summary: "\"x\" & y",
      blocks: [
        .paragraph("<script>"), .commands(["echo 'a'", "b > c"]), .facts([.init("<n>", "&")]),
      ])
    let page = report.html
    #expect(page.contains("<title>a &lt; b</title>"))
    #expect(page.contains("<p>&lt;script&gt;</p>"))
    #expect(page.contains("<code>echo &#39;a&#39;\nb &gt; c</code>"))
    #expect(page.contains("<dt>&lt;n&gt;</dt><dd>&amp;</dd>"))
  }

  /// The example of `Report`'s documentation.
  @Test func documentedExample() {
    let report = Report(
      title: "Super-convergence", summary: "1cycle needs a third of the epochs.",
      blocks: [.heading("Method"), .paragraph("Three seeds each.")])
    #expect(report.html.contains("<h2>Method</h2>\n<p>Three seeds each.</p>\n</main>"))
  }

  @Test func aRowWithAMissingTextIsTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = Report.Table(columns: [.init("a"), .init("b")], rows: [["1"]])
    }
  }
}

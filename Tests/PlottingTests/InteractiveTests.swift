import Plotting
import TestSupport
import Testing

/// Figures with data and a script; what the script does is tested in a browser.
@Suite struct InteractiveTests {
  private static func sample(_ name: String) throws -> Figure {
    try #require(SampleFigures.all.first { $0.name == name }).figure
  }

  @Test(arguments: ["schedule", "range-test", "crossing-ends", "epochs", "empty"])
  func payloadSnapshot(name: String) throws {
    let payload = try Self.sample(name).payload()
    // A line for each mark, for those who read the difference.
    let lines = payload.split(separator: "{\"type\"").joined(separator: "\n{\"type\"")
    #expect(Snapshot.difference(lines + "\n", from: "payload-\(name).json") == nil)
    #expect(payload.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    #expect(!payload.contains("<") && !payload.contains("&"))
  }

  @Test func whatAPageMayAskForIsInThePayload() {
    let figure = Figure(
      title: "t", description: "d", x: Axis("epoch", kind: .epochs(stepsPerEpoch: 79)),
      plots: [
        Plot(
          y: Axis("loss", kind: .logarithmic, domain: 0.1...2), marks: [], allowsSmoothing: false)
      ],
      naming: .legend,
      progress: [
        Progress(
          run: "a", x: [0, 79], measures: [.init(Axis("time", kind: .whole), values: [0, 3.5])])
      ], handles: [Handle(id: "peak", panel: 0, x: 30, y: 0.4, label: "the <peak>")])
    #expect(
      figure.payload() == #"{"version":1,"title":"t","description":"d","legend":true,"#
        + #""x":{"title":"epoch","kind":"epochs","stepsPerEpoch":79,"includesZero":false},"#
        + #""panels":[{"y":{"title":"loss","kind":"logarithmic","domain":[0.1,2],"#
        + #""includesZero":false},"share":1,"smooths":false}],"progress":[{"run":"a","x":[0,79],"#
        + #""measures":[{"axis":{"title":"time","kind":"whole","includesZero":false},"#
        + #""values":[0,3.5]}]}],"handles":[{"id":"peak","panel":0,"x":30,"y":0.4,"#
        + #""label":"the \u003cpeak\u003e"}],"marks":[]}"#)
    #expect(!figure.svg(id: "a").contains("peak"))
  }

  @Test func notesComeAlong() {
    let figure = Figure(
      title: "", description: "d", x: Axis("x"), plots: [],
      notes: [Note("valley 0.1", text: "half-way <down>", ink: .series(1))])
    #expect(
      figure.payload().contains(
        #""notes":[{"name":"valley 0.1","text":"half-way \u003cdown\u003e","ink":"1"}],"#))
  }

  @Test func thePictureIsTheStaticOneWithMoreInIt() throws {
    let figure = try Self.sample("range-test")
    let interactive = figure.interactiveSVG(id: "a")
    let lines = Set(interactive.split(separator: "\n"))
    let missing = figure.svg(id: "a").split(separator: "\n").filter { !lines.contains($0) }
    #expect(missing.isEmpty)
    #expect(interactive.contains("<metadata class=\"anneal-data\">{\"version\":1,"))
    #expect(interactive.hasSuffix("})();\n  // ]]>\n </script>\n</svg>\n"))
    #expect(interactive == figure.interactiveSVG(id: "a"))
  }

  @Test func aPageMayCarryTheScriptItself() throws {
    let figure = try Self.sample("light")
    let text = figure.interactiveSVG(id: "a", includesScript: false)
    #expect(!text.contains("<script"))
    #expect(figure.interactiveSVG(id: "a").contains(Figure.script))
    // What would end the element that holds it.
    #expect(!Figure.script.contains("]]>") && !Figure.script.contains("</script"))
  }

  @Test func pagesStandAlone() throws {
    let page = try Self.sample("losses").html(id: "losses")
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    let addresses = page.split(separator: "http").dropFirst().map { $0.prefix(20) }
    #expect(addresses.allSatisfy { $0.hasPrefix("://www.w3.org/") })
    #expect(!page.contains("src="))
  }

  @Test func longRunsFitTheLimit() {
    var state: UInt64 = 1
    let steps = (0..<12_000).map(Double.init)
    let losses = steps.map { step -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return 2.3 / (1 + step / 1000) * (0.8 + 0.4 * Double(state >> 40) / Double(1 << 24))
    }
    let plots = [
      Plot(y: Axis("loss"), marks: [LineMark(x: steps, y: losses)]),
      Plot(y: Axis("learning rate"), marks: [LineMark(x: steps, y: steps.map { 0.4 - $0 / 2e5 })]),
      Plot(y: Axis("momentum"), marks: [LineMark(x: steps, y: steps.map { 0.9 + $0 / 2e6 })]),
    ]
    let figure = Figure(title: "", description: "d", x: Axis("step"), plots: plots)
    let roomy = figure.payload(dataLimit: 100_000)
    #expect(roomy.contains("\"bits\":23,") && !roomy.contains("thinned"))
    let close = figure.payload(dataLimit: 36_000)
    #expect(close.utf8.count < 37_000 && close.utf8.count > 30_000)
    #expect(!close.contains("\"bits\":23,") && !close.contains("thinned"))
    let tight = figure.payload(dataLimit: 12_000)
    #expect(tight.utf8.count < 13_000 && tight.utf8.count > 8_000)
    #expect(tight.contains("\"bits\":12,") && tight.contains("\"thinned\":{\"n\":12000,"))
  }

  @Test func mismatchedMeasuresAreTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = Progress(x: [1, 2], measures: [Progress.Measure(Axis("epoch"), values: [1])])
    }
  }
}

import Foundation
import Testing

@testable import anneal

@Suite struct DAWNBenchTests {
  private let folder: TemporaryFolder
  private let run: String

  /// 100 steps of 64 images in 2 s an epoch.
  init() throws {
    folder = try TemporaryFolder()
    run = folder.path
    try folder.write(
      Array(
        #"{"network":"resnet9","data":"cifar10","epochs":2,"batch":64,"plan":["lr=0.1"]}"#.utf8),
      "recipe.json")
    var lines = ""
    for epoch in 0..<2 {
      for step in 0..<100 {
        lines +=
          #"{"step":\#(100 * epoch + step),"epoch":\#(epoch),"learningRate":0.1,"momentum":0}"#
          + "\n"
      }
      lines +=
        #"{"epoch":\#(epoch),"testLoss":1,"testAccuracy":\#(epoch == 0 ? 0.9 : 0.941),"#
        + #""wallSeconds":\#(5 * (epoch + 1)),"imagesPerSecond":3200}"# + "\n"
    }
    try folder.write(Array(lines.utf8), "metrics.jsonl")
  }

  @Test func printsTimeAndCosts() {
    let test = TestConsole()
    #expect(
      test.run("dawnbench", run, "--price", "3.06", "--spot-price", "0.9") == .done,
      "\(test.diagnostics)")
    #expect(
      test.output == """
        94.00 % after epoch 2 (94.10 %): 4.0 s of training, validation left out
        $0.0034 on demand (3.06 an hour), $0.0010 spot (0.90 an hour)

        """)
    let missed = TestConsole()
    missed.run("dawnbench", run, "--target", "0.95")
    #expect(
      missed.output == "95.00 % was not reached in 2 epochs; the best is 94.10 %\n")
    let json = TestConsole()
    json.run("dawnbench", run, "--json", "--target", "90%", "--price", "1800")
    #expect(json.output.contains(#""cost":1,"epoch":1,"#))
  }

  @Test func writesAnEntry() throws {
    let test = TestConsole()
    let prefix = "\(folder.path)/entry"
    #expect(
      test.run(
        "dawnbench", run, "-o", prefix, "--author", "A", "--email", "a@b.org", "--hardware",
        "2 CPU", "--date", "2018-04-20") == .done, "\(test.diagnostics)")
    #expect(
      try folder.text("entry.tsv").hasPrefix("epoch\thours\ttop1Accuracy\n1\t0.000556\t90.0000"))
    #expect(try folder.text("entry.json").contains(#""timestamp" : "2018-04-20""#))
  }

  @Test func asksForWhatAnEntryNeeds() {
    let test = TestConsole()
    #expect(test.run("dawnbench", run, "-o", "x", "--author", "A") == .usage)
    #expect(test.diagnostics.contains("--email"))
    for day in ["2018-4-20", "2018-13-01", "20180420", "2018-00-10", "today"] {
      #expect(TestConsole().run("dawnbench", run, "--date", day) == .usage)
    }
    #expect(TestConsole().run("dawnbench", "\(run)/none") == .missingInput)
  }
}

import Foundation
import Schedules
import TestSupport
import Testing
import Training

@testable import anneal

@Suite struct CompareTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (name, epochs) in [("short", 1), ("long", 2)] {
      let recipe = Recipe(
        network: "resnet8", data: "fashion-mnist", epochs: epochs, batch: 32,
        plan: try Plan(words: ["lr=0.05"]))
      _ = try RunFolder(creating: "\(folder.path)/\(name)", recipe: recipe)
      var lines: [String] = []
      for epoch in 0..<epochs {
        for step in 0..<4 {
          lines.append(
            StepRecord(
              step: 4 * epoch + step, epoch: epoch, learningRate: 0.05, momentum: 0,
              loss: 2.3 / Double(epoch + step + 1)
            ).jsonLine)
        }
        lines.append(
          EpochRecord(
            epoch: epoch, trainLoss: 1, testLoss: 1.5, testAccuracy: 0.4 + 0.1 * Double(epoch),
            wallSeconds: 2.5 * Double(epoch + 1), imagesPerSecond: 512
          ).jsonLine)
      }
      let text = lines.map { $0 + "\n" }.joined()
      try folder.write(Array(text.utf8), "\(name)/metrics.jsonl")
    }
  }

  @Test func putsRunsSideBySide() {
    let test = TestConsole()
    #expect(test.run("compare", "\(folder.path)/short", "\(folder.path)/long/") == .done)
    #expect(Snapshot.difference(test.output, from: "compare.txt") == nil)
  }

  @Test func givesRunsAsJSON() throws {
    struct Row: Decodable {
      var name: String
      var epochs: Int
      var completedEpochs: Int
      var testAccuracy: Double?
      var plan: [String]
    }
    let test = TestConsole()
    #expect(test.run("compare", "\(folder.path)/short", "\(folder.path)/long", "--json") == .done)
    let rows = try JSONDecoder().decode([Row].self, from: Data(test.output.utf8))
    #expect(rows.map(\.name) == ["short", "long"])
    #expect(rows.map(\.epochs) == [1, 2] && rows.map(\.completedEpochs) == [1, 2])
    #expect(rows.allSatisfy { $0.testAccuracy != nil && $0.plan == ["lr=0.05"] })
  }

  @Test func marksARunThatDidNotFinish() throws {
    let lines = try folder.text("long/metrics.jsonl").split(separator: "\n")
    try folder.write(
      Array((lines.prefix(6).joined(separator: "\n") + "\n").utf8), "long/metrics.jsonl")
    let test = TestConsole()
    test.run("compare", "\(folder.path)/long")
    #expect(test.output.contains("  1/2  "), "\(test.output)")
  }

  @Test func explainsMistakes() throws {
    let missing = TestConsole()
    #expect(missing.run("compare", "\(folder.path)/none") == .missingInput)
    #expect(
      missing.diagnostics
        == "error: expected a run in \(folder.path)/none, found no recipe.json\n")
    try folder.write(Array("{}\n".utf8), "short/metrics.jsonl")
    let broken = TestConsole()
    #expect(broken.run("compare", "\(folder.path)/short") == .badData)
    #expect(
      broken.diagnostics
        == "error: expected a JSON record in line 1 of \(folder.path)/short/metrics.jsonl, found '{}'\n"
    )
    let none = TestConsole()
    #expect(none.run("compare") == .usage)
    #expect(none.diagnostics == "error: expected RUN; usage: anneal compare RUN… [OPTIONS]\n")
  }

  // MARK: - plot

  @Test func drawsRuns() throws {
    let test = TestConsole()
    let picture = "\(folder.path)/runs.svg"
    #expect(test.run("plot", "\(folder.path)/short", "\(folder.path)/long", "-o", picture) == .done)
    let svg = try folder.text("runs.svg")
    #expect(svg.contains("short") && svg.contains("long") && svg.hasPrefix("<svg"))
    #expect(test.diagnostics == "wrote \(picture)\n" && test.output.isEmpty)
  }

  @Test func drawsAPageToExplore() throws {
    let test = TestConsole()
    let page = "\(folder.path)/runs.html"
    #expect(test.run("plot", "\(folder.path)/short", "\(folder.path)/long", "-o", page) == .done)
    let text = try folder.text("runs.html")
    #expect(text.hasPrefix("<!DOCTYPE html>") && text.contains("anneal-data"))
    for panel in ["training loss", "test accuracy", "learning rate", "momentum"] {
      #expect(text.contains("{\"y\":{\"title\":\"\(panel)\""))
    }
    for measure in ["step", "samples", "learning rate", "wall time (s)"] {
      #expect(text.contains("{\"axis\":{\"title\":\"\(measure)\""))
    }
  }

  @Test func refusesWhatItCannotDraw() throws {
    let format = TestConsole()
    #expect(format.run("plot", "\(folder.path)/short", "-o", "runs.png") == .usage)
    #expect(
      format.diagnostics
        == "error: --output expects the path of an .svg or .html file, found 'runs.png'\n")
    let place = TestConsole()
    #expect(place.run("plot", "\(folder.path)/short", "-o", "/dev/null/a.svg") == .cannotWrite)
    try folder.write([], "short/metrics.jsonl")
    let empty = TestConsole()
    #expect(empty.run("plot", "\(folder.path)/short", "-o", "runs.svg") == .badData)
    #expect(
      empty.diagnostics
        == "error: expected the record of a step in \(folder.path)/short, found none\n")
  }
}

import Foundation
import Testing

@testable import anneal

@Suite struct ScheduleGalleryTests {
  private var catalogue: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/Schedules/Schedules.docc")
  }

  @Test func writesAPictureForEachFamily() throws {
    let folder = try TemporaryFolder()
    let test = TestConsole()
    let path = folder.path + "/gallery"
    #expect(test.run("schedule", "draw", "--output", path) == .done)
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(names == ScheduleGallery.pictures.map { $0.name + ".svg" }.sorted())
  }

  @Test(arguments: ScheduleGallery.pictures)
  func documentationShowsIt(picture: ScheduleGallery.Picture) throws {
    let stored = catalogue.appendingPathComponent("Resources/\(picture.name).svg")
    #expect(
      try String(contentsOf: stored, encoding: .utf8) == ScheduleGallery.svg(picture),
      "draw it again with: anneal schedule draw --output \(catalogue.path)/Resources")
    let pages = catalogue.appendingPathComponent("Families")
    let texts = try FileManager.default.contentsOfDirectory(atPath: pages.path).map {
      try String(contentsOf: pages.appendingPathComponent($0), encoding: .utf8)
    }
    let page = texts.first { $0.contains("](\(picture.name))") }
    #expect(page?.contains("As text this is `\(picture.text)`.") == true)
  }
}

import Foundation
import Plotting
import Testing

@testable import Schedules
@testable import anneal

@Suite struct ScheduleGalleryTests {
  private var catalogue: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/Schedules/Schedules.docc")
  }

  private var again: Comment {
    "draw it again with: anneal schedule draw -o \(catalogue.path)/Resources"
  }

  private func pages() throws -> [String] {
    let pages = catalogue.appendingPathComponent("Families")
    return try FileManager.default.contentsOfDirectory(atPath: pages.path).map {
      try String(contentsOf: pages.appendingPathComponent($0), encoding: .utf8)
    }
  }

  @Test func writesAPictureForEachFamilyAndTheSheet() throws {
    let folder = try TemporaryFolder()
    let test = TestConsole()
    let path = folder.path + "/gallery"
    #expect(test.run("schedule", "draw", "-o", path) == .done)
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(
      names == (ScheduleGallery.pictures.map(\.name) + ["gallery"]).map { $0 + ".svg" }.sorted())
    let stored = try FileManager.default.contentsOfDirectory(
      atPath: catalogue.appendingPathComponent("Resources").path)
    #expect(stored.sorted() == names, "the documentation has other pictures")
  }

  @Test func writesTheSheetAlone() throws {
    let folder = try TemporaryFolder()
    for (name, start) in [("all.svg", "<svg"), ("all.html", "<!DOCTYPE html>")] {
      let test = TestConsole()
      #expect(test.run("schedule", "draw", "-o", "\(folder.path)/\(name)") == .done)
      #expect(test.diagnostics == "wrote \(folder.path)/\(name)\n")
      let text = try folder.text(name)
      #expect(text.hasPrefix(start))
      for picture in ScheduleGallery.sheet { #expect(text.contains(">\(picture.text)<")) }
    }
    #expect(try folder.text("all.html").components(separatedBy: "<script>").count == 2)
  }

  @Test(arguments: ScheduleGallery.pictures)
  func documentationShowsIt(picture: ScheduleGallery.Picture) throws {
    let stored = catalogue.appendingPathComponent("Resources/\(picture.name).svg")
    #expect(
      try String(contentsOf: stored, encoding: .utf8) == ScheduleGallery.svg(picture), again)
    let page = try pages().first { $0.contains("](\(picture.name))") }
    #expect(page?.contains("As text this is `\(picture.text)`.") == true)
  }

  @Test func documentationShowsTheSheet() throws {
    let stored = catalogue.appendingPathComponent("Resources/gallery.svg")
    let sheet = try ScheduleGallery.gallery().svg(id: "gallery")
    #expect(try String(contentsOf: stored, encoding: .utf8) == sheet, again)
    #expect(try pages().contains { $0.contains("](gallery)") })
  }

  @Test(arguments: TextPreset.all.map(\.name))
  func everyPresetIsOnTheSheet(name: String) {
    #expect(ScheduleGallery.sheet.contains { $0.text.hasPrefix(name + "(") })
  }

  @Test(arguments: Curve.builtInNames)
  func everyCurveIsOnTheSheet(name: String) throws {
    let texts = try ScheduleGallery.sheet.map { try Schedule(parsing: $0.text).description }
    // A straight line goes without its name.
    let isShown: (String) -> Bool =
      name == "linear" ? { !$0.contains(":") && $0.contains("..") } : { $0.contains(":" + name) }
    #expect(texts.contains(where: isShown), "\(name)")
  }

  @Test func nothingIsOnTheSheetTwice() {
    let sheet = ScheduleGallery.sheet
    #expect(Set(sheet.map(\.text)).count == sheet.count)
    #expect(Set(sheet.map(\.name)).count == sheet.count)
    #expect(Set(sheet.map(\.title)).count == sheet.count)
  }
}

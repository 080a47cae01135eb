import Foundation
import Testing

@testable import Schedules

/// The documentation has a page for each family of the language.
@Suite struct FamilyPagesTests {
  private struct Page {
    let name: String
    let text: String
    /// The presets and curves that the page says it is about.
    let words: [String]
  }

  private static let catalogue = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/Schedules/Schedules.docc")

  private static func pages() throws -> [Page] {
    let folder = catalogue.appendingPathComponent("Families")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    // The sheet of all families is about none of them.
    return try files.filter { $0 != "Gallery.md" }.map { file in
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      let line = text.split(separator: "\n").first { $0.hasPrefix("Words: ") } ?? ""
      let words = line.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }
      return Page(
        name: String(file.dropLast(3)), text: text, words: words.map { String($0.element) })
    }
  }

  @Test func everyPresetAndCurveHasItsPage() throws {
    let words = try Self.pages().flatMap(\.words)
    #expect(words.count == Set(words).count)
    let curves = Curve.builtInNames.filter { name in
      !TextPreset.all.contains { $0.name == name }
    }
    #expect(Set(words) == Set(TextPreset.all.map(\.name) + curves))
  }

  @Test func everyPageHasAFormulaAPaperAndAPicture() throws {
    let pages = try Self.pages()
    #expect(pages.count == 20)
    let landing = try String(
      contentsOf: Self.catalogue.appendingPathComponent("Schedules.md"), encoding: .utf8)
    for page in pages {
      #expect(landing.contains("- <doc:\(page.name)>"), "\(page.name)")
      let lines = page.text.split(separator: "\n")
      #expect(lines.contains { $0.hasPrefix("    ") }, "\(page.name) has no formula")
      #expect(page.text.contains(/(19|20)\d\d/), "\(page.name) has no paper")
      let picture = try #require(page.text.firstMatch(of: /!\[.*\]\((.*)\)/)?.output.1)
      let file = Self.catalogue.appendingPathComponent("Resources/\(picture).svg")
      #expect(FileManager.default.fileExists(atPath: file.path), "\(page.name)")
    }
  }
}

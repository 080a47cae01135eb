import Foundation
import Plotting
import TestSupport
import Testing

@Suite struct GalleryTests {
  @Test(arguments: [("gallery", 900.0), ("gallery-narrow", 360)])
  func snapshot(name: String, width: Double) {
    let text = SampleFigures.gallery.svg(id: "powers", width: width)
    #expect(Snapshot.difference(text, from: "\(name).svg") == nil)
  }

  @Test func everyClipIsTheFiguresOwn() {
    let text = SampleFigures.gallery.svg(id: "powers")
    for number in 1...9 {
      #expect(text.split(separator: "\"powers-\(number)-clip-1\"").count == 2)
      #expect(text.contains("url(#powers-\(number)-clip-1)"))
    }
  }

  @Test func aPageCarriesTheScriptOnce() {
    let page = SampleFigures.gallery.html(id: "powers")
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<h1>Nine powers</h1>"))
    #expect(page.components(separatedBy: "<script>").count == 2)
    for number in 1...9 {
      #expect(page.components(separatedBy: "id=\"powers-\(number)\"").count == 2)
    }
    #expect(page.components(separatedBy: "anneal-data").count > 9)
    let dark = Gallery(
      title: "t", description: "d", figures: SampleFigures.gallery.figures, theme: .dark)
    #expect(!dark.html(id: "a").contains("#ffffff"))
  }

  @Test func anEmptySheetIsAHeading() {
    let sheet = Gallery(title: "Nothing", description: "No figures.", figures: [])
    #expect(sheet.svg(id: "a").contains(">Nothing</text>"))
  }

  @Test func unusableWidthsAreTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = Gallery(title: "", description: "", figures: [], leastWidth: 100)
    }
    await #expect(processExitsWith: .failure) {
      _ = Gallery(title: "", description: "", figures: []).svg(id: "a", width: 100)
    }
  }
}

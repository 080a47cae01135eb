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

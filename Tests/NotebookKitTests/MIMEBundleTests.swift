import Testing

@testable import NotebookKit

@Suite struct MIMEBundleTests {
  @Test func holdsTheFormsThatThereAre() {
    let bundle = MIMEBundle(text: "t", html: "<b>", png: [0, 1])
    #expect(bundle.forms.map(\.type) == ["text/html", "image/png", "text/plain"])
    #expect(bundle["text/html"] == "<b>")
    #expect(bundle["image/png"] == "AAE=")
    #expect(bundle["image/svg+xml"] == nil)
    #expect(
      bundle.json == "{\"text/html\":\"<b>\",\"image/png\":\"AAE=\",\"text/plain\":\"t\"}")
  }

  @Test func showsValuesByTheirOwnForms() {
    struct Shout: Displayable {
      var mimeBundle: MIMEBundle { MIMEBundle(text: "!", markdown: "**!**") }
    }
    #expect(bundle(of: Shout()) == MIMEBundle(text: "!", markdown: "**!**"))
    #expect(bundle(of: 3) == MIMEBundle(text: "3"))
  }
}

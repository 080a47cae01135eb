import Testing

@testable import anneal

@Suite struct TextTableTests {
  @Test func alignsColumns() {
    var table = TextTable(.text("network"), .number("parameters"), .text("note"))
    table.append("resnet8", "78 042", "")
    table.append("resnet20", "272 474", "He 2016")
    #expect(
      table.lines == [
        "network   parameters  note",
        "────────  ──────────  ───────",
        "resnet8       78 042",
        "resnet20     272 474  He 2016",
      ])
  }

  @Test func refusesARowOfAnotherLength() async {
    await #expect(processExitsWith: .failure) {
      var table = TextTable(.text("one"))
      table.append("a", "b")
    }
  }
}

import Testing

@testable import NotebookKit

@Suite struct ValueTextTests {
  private struct Point {
    var x = 1
    var name = "p"
  }

  @Test func describesValues() {
    #expect(ValueText.describe(3) == "3")
    #expect(ValueText.describe("a\nb") == "\"a\\nb\"")
    #expect(ValueText.describe([1, 2]) == "[1, 2]")
    #expect(ValueText.describe(Int?.none as Any) == "nil")
    #expect(ValueText.describe((1, "two")) == "(1, \"two\")")
    #expect(ValueText.describe(Point()).hasSuffix("(x: 1, name: \"p\")"))
  }

  @Test func shortensCollections() {
    #expect(ValueText.describe(Array(0..<100)).hasSuffix("98, 99]"))
    #expect(ValueText.describe(Array(0..<101)).hasSuffix("98, 99, … 101 elements]"))
    let pairs = Dictionary(uniqueKeysWithValues: (0..<200).map { ($0, "\($0)") })
    let text = ValueText.describe(pairs)
    #expect(text.hasPrefix("[") && text.hasSuffix(", … 200 elements]") && text.contains(": \""))
  }

  @Test func shortensTexts() {
    let limit = ValueText.characterLimit
    let text = ValueText.describe(String(repeating: "é", count: 2 * limit))
    #expect(text.count < limit + 40)
    #expect(text.hasSuffix("é… \(2 * limit + 2) characters"))
  }
}

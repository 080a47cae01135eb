import Foundation
import Testing

@testable import NotebookKit

@Suite struct JSONTextTests {
  @Test(arguments: [
    ("", "\"\""), ("plain", "\"plain\""), ("a\"b\\c", "\"a\\\"b\\\\c\""), ("1\n2", "\"1\\n2\""),
    ("\u{1}\t\u{1F}", "\"\\u0001\\u0009\\u001f\""), ("é😀", "\"é😀\""),
  ])
  func writesStrings(content: String, text: String) {
    #expect(JSONText.string(content) == text)
  }

  @Test func readsBack() throws {
    let content = String(String.UnicodeScalarView((0...0x2FF).compactMap { Unicode.Scalar($0) }))
    let data = Data("[\(JSONText.string(content))]".utf8)
    #expect(try JSONDecoder().decode([String].self, from: data) == [content])
  }

  @Test func keepsTheOrderOfMembers() {
    #expect(JSONText.object([("b", "1"), ("a", "null")]) == "{\"b\":1,\"a\":null}")
    #expect(JSONText.object([]) == "{}")
  }
}

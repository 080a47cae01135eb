import Schedules
import Testing

@Suite struct JSONValueTextTests {
  @Test(
    arguments: [
      ("null", nil), (" true ", true), ("false", false), ("-0", -0.0), ("1.5e-3", 0.0015),
      ("[]", []), ("{}", [:]), (#"[1, [2], {"a": null}]"#, [1, [2], ["a": nil]]),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u0041é\uD83D\uDE00""#, "Aé😀"), (#""\uD83D""#, "\u{FFFD}"),
    ] as [(String, JSONValue)])
  func readsWhatJSONSays(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
  }

  @Test(
    arguments: [
      ("", "expected a JSON value at column 1 of '', found the end"),
      ("nul", "expected a JSON value at column 1 of 'nul', found 'n'"),
      ("1 2", "expected the end at column 3 of '1 2', found '2'"),
      ("01", "expected a JSON number at column 1 of '01', found '0'"),
      ("1.", "expected a JSON number at column 1 of '1.', found '1'"),
      ("-", "expected a JSON number at column 1 of '-', found '-'"),
      ("+1", "expected a JSON value at column 1 of '+1', found '+'"),
      ("NaN", "expected a JSON value at column 1 of 'NaN', found 'N'"),
      ("1e999", "expected a finite number at column 1 of '1e999', found '1'"),
      ("[1,]", "expected a JSON value at column 4 of '[1,]', found ']'"),
      ("[1", "expected ',' or ']' at column 3 of '[1', found the end"),
      (#"{"a":1"#, #"expected ',' or '}' at column 7 of '{"a":1', found the end"#),
      ("{a:1}", "expected a name in quotes at column 2 of '{a:1}', found 'a'"),
      (#"{"a" 1}"#, #"expected ':' at column 6 of '{"a" 1}', found '1'"#),
      (#"{"a":1,"a":2}"#, #"expected each name once at column 8 of '{"a":1,"a":2}', found '"'"#),
      ("\"a", "expected a closing quote at column 3 of '\"a', found the end"),
      (#""\x""#, #"expected an escape such as n or u0041 at column 3 of '"\x"', found 'x'"#),
      (#""\u12""#, #"expected an escape such as n or u0041 at column 3 of '"\u12"', found 'u'"#),
    ])
  func saysWhereAMistakeIs(text: String, message: String) {
    let error = #expect(throws: ScheduleError.self) { try JSONValue(parsing: text) }
    #expect(error?.description == message)
  }

  @Test func nestingIsLimited() throws {
    let deep = String(repeating: "[", count: 1_000_000)
    let error = #expect(throws: ScheduleError.self) { try JSONValue(parsing: deep) }
    #expect(
      error?.description
        == "expected nesting at most 100 deep at column 101 of '\(deep.prefix(80))…', found '['")
    let shallow = String(repeating: "[", count: 90) + String(repeating: "]", count: 90)
    #expect(throws: Never.self) { try JSONValue(parsing: shallow) }
  }

  @Test func everyMutationIsAValueOrAnError() {
    var random = ScheduleGenerator(seed: 1)
    let text = Array(#"{"max_lr": [0.1, -2e-3], "name": "a\u0041", "flags": {"a": true}}"#.utf8)
    var read = 0
    for _ in 0..<5000 {
      var bytes = text
      for _ in 0..<random.integer(1...3) {
        let place = random.integer(0...bytes.count - 1)
        switch random.integer(0...2) {
        case 0: bytes[place] = UInt8(random.integer(0...255))
        case 1: bytes.remove(at: place)
        default: bytes.removeSubrange(place...)
        }
        if bytes.isEmpty { bytes = text }
      }
      do {
        let value = try JSONValue(parsing: String(decoding: bytes, as: UTF8.self))
        #expect(value != .null)
        read += 1
      } catch {
        #expect(error.description.contains(" at column "))
      }
    }
    #expect(read > 500)
  }
}

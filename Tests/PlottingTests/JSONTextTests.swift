import Testing

@testable import Plotting

@Suite struct JSONTextTests {
  @Test func stringsAreSafeInXMLAndHTML() {
    #expect(JSONText.string("loss") == "\"loss\"")
    #expect(
      JSONText.string("a<b> & \"c\\\"\n\u{7}é—😀")
        == #""a\u003cb\u003e \u0026 \"c\\\"\u000a\u0007\u00e9\u2014\ud83d\ude00""#)
    #expect(JSONText.string(nil) == "null")
  }

  @Test func numbersReadBack() {
    let texts = [0, -1, 0.1, 1e20, .leastNonzeroMagnitude, 1_048_576, .nan, -.infinity].map(
      JSONText.number)
    #expect(texts == ["0", "-1", "0.1", "1e+20", "5e-324", "1048576", "null", "null"])
  }

  @Test func objectsLeaveOutWhatIsAbsent() {
    #expect(JSONText.object(["a": "1", "b": nil, "c": "[2]"]) == #"{"a":1,"c":[2]}"#)
  }
}

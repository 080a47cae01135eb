import Schedules
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Schedules as JSON")
struct ScheduleJSONTests {
  private func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private func decoded<Value: Decodable>(
    _ text: String, as type: Value.Type = Value.self, curves: [Curve] = []
  ) throws -> Value {
    let decoder = JSONDecoder()
    decoder.userInfo[.curves] = curves
    return try decoder.decode(type, from: Data(text.utf8))
  }

  private func message(_ text: String, as type: (some Decodable).Type = Schedule.self) -> String {
    do {
      return "decoded \(try decoded(text, as: type))"
    } catch let DecodingError.dataCorrupted(context) {
      return context.debugDescription
    } catch {
      return "another error: \(error)"
    }
  }

  private static let formCases: [(String, String)] = [
    (
      "0.004..0.1@30%-1st:cosine,0.1",
      #"{"sequence":[{"ramp":{"curve":"cosine","from":0.004,"over":"30%-1st","to":0.1}},"#
        + #"{"hold":{"value":0.1}}]}"#
    ),
    (
      "(0.05..0@10ep)x3^2~0.9",
      #"{"repeat":{"count":3,"decay":0.9,"of":"#
        + #"{"ramp":{"from":0.05,"over":"10ep","to":0}},"stretch":2}}"#
    ),
    (
      "(1@2st)x~0.1:values",
      #"{"repeat":{"decay":0.1,"decaying":"values","of":{"hold":{"for":"2st","value":1}}}}"#
    ),
    ("(1)[0..2]", #"{"clamp":{"max":2,"min":0,"of":{"hold":{"value":1}}}}"#),
    ("(1)*2", #"{"scale":{"by":2,"of":{"hold":{"value":1}}}}"#),
    ("(1)*(2)", #"{"product":[{"hold":{"value":1}},{"hold":{"value":2}}]}"#),
    ("(1)+(2)", #"{"sum":[{"hold":{"value":1}},{"hold":{"value":2}}]}"#),
    ("(1)until(5st)", #"{"limit":{"of":{"hold":{"value":1}},"to":"5st"}}"#),
    ("{1,2}@4st", #"{"table":{"over":"4st","values":[1,2]}}"#),
  ]

  @Test(
    "JSON is as documented and reads back equal",
    arguments: formCases)
  func forms(text: String, expected: String) throws {
    let schedule = try Schedule(parsing: text)
    #expect(try json(schedule) == expected)
    #expect(try decoded(expected) == schedule)
  }

  @Test("A string is read as the text form")
  func textInJSON() throws {
    #expect(try decoded(#""onecycle(0.4)""#) == Schedule.oneCycle(peak: 0.4))
    #expect(
      try decoded(#"["lr=0.1","momentum=0.9"]"#)
        == Plan {
          Scheduled(.learningRate, .constant(0.1))
          Scheduled(.momentum, .constant(0.9))
        })
  }

  @Test("Plans, horizons and curves of your own")
  func others() throws {
    let smooth = Curve(named: "smoothstep") { $0 * $0 * (3 - 2 * $0) }
    let plan = Plan {
      Scheduled(.learningRate) { Ramp(from: 1, to: 0, curve: smooth) }
      Scheduled(.learningRate, .constant(1)).group("stem")
      Scheduled(.imageSize, roundedToMultipleOf: 32, .constant(224))
    }
    let text =
      #"[{"key":"learningRate","schedule":{"ramp":{"curve":"smoothstep","from":1,"to":0}}},"#
      + #"{"group":"stem","key":"learningRate","schedule":{"hold":{"value":1}}},"#
      + #"{"key":"imageSize","multiple":32,"schedule":{"hold":{"value":224}}}]"#
    #expect(try json(plan) == text)
    #expect(try decoded(text, curves: [smooth]) == plan)
    #expect(
      message(text, as: Plan.self) == "unknown curve 'smoothstep' at column 1 of 'smoothstep'")
    let run = Horizon(steps: 10, stepsPerEpoch: 2.5, end: .closed)
    #expect(try decoded(json(run)) == run)
    #expect(try decoded(#"{"stepCount":3}"#) == Horizon(steps: 3))
  }

  private static let errorCases: [(String, String)] = [
    (
      "{}",
      "expected one of hold, ramp, table, sequence, repeat, scale, product, sum, min, max, clamp, limit, reverse, round, found nothing"
    ),
    (
      #"{"rampe":{}}"#,
      "expected one of hold, ramp, table, sequence, repeat, scale, product, sum, min, max, clamp, limit, reverse, round, found rampe"
    ),
    (#"{"hold":{"value":1,"four":2}}"#, "expected only value, for, found 'four'"),
    (
      #"{"ramp":{"from":0,"to":1,"over":"3epo"}}"#,
      "unknown unit 'epo' at column 2 of '3epo'; did you mean 'ep'?"
    ),
    (
      #"{"ramp":{"from":0,"to":1,"curve":"cosin"}}"#,
      "unknown curve 'cosin' at column 1 of 'cosin'; did you mean 'cosine'?"
    ),
    (#"{"sequence":[]}"#, "expected at least one phase, found none"),
    (#"{"product":[{"hold":{"value":1}}]}"#, "expected at least 2 schedules in a product, found 1"),
    (
      #"{"clamp":{"of":{"hold":{"value":1}},"min":2,"max":1}}"#,
      "phase 1 ((1)[2..1]): expected a finite number of at least 2 for max, found 1"
    ),
    (
      #"{"repeat":{"of":{"hold":{"value":1}},"count":-3}}"#,
      "phase 1 ((1)x-3): expected a whole number of at least 1 for count, found -3"
    ),
    (
      #""0..1@""#,
      "expected a length such as 30%, 5ep or rest at column 6 of '0..1@', found the end"
    ),
  ]

  @Test(
    "Errors say what was expected and what was found",
    arguments: errorCases)
  func errors(text: String, expected: String) {
    #expect(message(text) == expected)
  }

  @Test("Plans refuse what their text refuses")
  func planErrors() {
    #expect(
      message(#"[{"key":"momentun","schedule":"1"}]"#, as: Plan.self)
        == "unknown hyper-parameter 'momentun'; did you mean 'momentum'?")
    #expect(
      message(#"[{"key":"momentum","multiple":2,"schedule":"1"}]"#, as: Plan.self)
        == "expected a multiple of at least 1, and only for an integer")
    #expect(
      message(#"[{"key":"lr","schedule":"1","grop":"stem"}]"#, as: Plan.self)
        == "expected only key, group, schedule, multiple, proportionalTo, reference, found 'grop'")
    #expect(
      message(#"[{"key":"lr","schedule":"1"},{"key":"lr","schedule":"1"}]"#, as: Plan.self)
        == "learningRate is scheduled twice")
    for group in ["a b", "", "a:\u{301}b", "=\u{301}"] {
      #expect(
        message(#"[{"key":"lr","group":"\#(group)","schedule":"1"}]"#, as: Plan.self)
          == "expected a group's name without ':', '=' and white space")
    }
  }

  @Test("Nesting is limited")
  func depth() {
    let text =
      String(repeating: #"{"scale":{"by":2,"of":"#, count: 150) + #"{"hold":{"value":1}}"#
      + String(repeating: "}}", count: 150)
    #expect(message(text) == "expected schedules nested at most 100 deep, found more")
  }
}

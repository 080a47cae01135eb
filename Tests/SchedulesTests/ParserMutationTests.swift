import Testing

@testable import Schedules

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whatever the bytes are, the answer is a schedule or an error: no trap, no hang, no infinity.
@Suite("Schedules: any text")
struct ParserMutationTests {
  private static let pieces = [
    "(", ")", ",", "..", "@", ":", "x", "^", "~", "*", "*(", "+(", "[", "]", "{", "}", "until(",
    "min(", "max(", "reversed",
    "round(", "mirror(", "stretch(", "inverse(", "sigmoid(", "noise(", "tanh", "cosine(",
    "%", "st", "ep", "sp", "tok", "rest", "+", "-", "=", "/", " ", "\u{0}", "é", "1e999", "1e308",
    "-1e308", "1e-320", "0", "-1", "0.5", "1000000000", "999999999999999999", "9223372036854775807",
    "nan", "inf", "linear", "cosine", "exp", "poly", "poly0", "poly1e300", "1-sqrt", "rex",
    "onecycle(", "peak=", "warmup=", "style=threePhase", "aligned=pytorch", "sgdr(", "count=",
    "multistep(", "piecewise(", "values=", "at=", "exprange(", "values", "amplitude",
  ]

  /// One to four edits of a text: bytes changed, taken out, put in, doubled, cut off.
  private func mutated(_ text: String, _ random: inout ScheduleGenerator) -> String {
    var bytes = Array(text.utf8)
    for _ in 0..<random.integer(1...4) {
      let place = random.integer(0...bytes.count)
      switch random.integer(0...5) {
      case 0 where place < bytes.count: bytes[place] = UInt8(random.integer(0...255))
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: Array(random.pick(Self.pieces).utf8), at: place)
      case 3: bytes.append(contentsOf: bytes[place...].prefix(40))
      case 4: bytes.removeSubrange(place...)
      default: bytes.insert(contentsOf: Array(random.pick(Self.pieces).utf8), at: place)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private let run = Horizon(
    steps: 37, stepsPerEpoch: 5, samplesPerStep: 8, tokensPerSample: 10)

  /// Resolves what was read, and looks at every value.
  private func check(_ schedule: Schedule, _ comment: String) {
    #expect(Schedule(schedule.description) == schedule, "\(comment)")
    for end in Horizon.End.allCases {
      var run = run
      run.end = end
      guard let values = try? schedule.resolved(over: run) else { continue }
      #expect(values.allSatisfy { $0.isFinite }, "\(comment)")
    }
  }

  @Test("Mutated schedules", arguments: 1...UInt64(8))
  func schedules(seed: UInt64) {
    var random = ScheduleGenerator(seed: seed)
    var read = 0
    for round in 0..<2500 {
      let base = round % 3 == 0 ? "onecycle(peak=0.4,warmup=30%)" : random.schedule().description
      let text = mutated(base, &random)
      do {
        check(try Schedule(parsing: text), "seed \(seed), round \(round): \(text)")
        read += 1
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
    #expect(read > 100)
  }

  @Test("Mutated plans")
  func plans() {
    var random = ScheduleGenerator(seed: 1)
    let words = ["lr=0.1..0@30%:cosine,0.1", "stem:momentum=0.9", "imageSize=128@13ep,224/32"]
    for _ in 0..<2500 {
      let text = mutated(random.pick(words), &random)
      guard let plan = try? Plan(words: [text]), let resolved = try? plan.resolved(over: run)
      else { continue }
      #expect(resolved[.learningRate]?.allSatisfy { $0.isFinite && $0 >= 0 } ?? true)
      #expect(resolved[.imageSize]?.allSatisfy { $0 >= 1 } ?? true)
    }
  }

  @Test("Mutated JSON")
  func json() throws {
    var random = ScheduleGenerator(seed: 1)
    for _ in 0..<2500 {
      let text = String(decoding: try JSONEncoder().encode(random.schedule()), as: UTF8.self)
      let data = Data(mutated(text, &random).utf8)
      guard let schedule = try? JSONDecoder().decode(Schedule.self, from: data) else { continue }
      check(schedule, text)
    }
  }

  @Test("Pieces in any order")
  func soup() {
    var random = ScheduleGenerator(seed: 1)
    for _ in 0..<2500 {
      let text = (0..<random.integer(1...30)).map { _ in random.pick(Self.pieces) }.joined()
      if let schedule = try? Schedule(parsing: text) { check(schedule, text) }
    }
  }

  /// What a parser could be led astray by, if there is enough of it.
  private static let hostile = [
    "(", "((", "1*(", "(1)*(", "1,", "{1,", "[", "1[", "1x", "1x2", "1~", "(1)+(", "1@1st+", "-",
    "+", "..",
    "1..", "\u{0}", " ", "é", "e\u{301}", "🎉", "\u{FFFD}", "a", "9", "0", ".", "0.0", "1e", "1@",
    "@", ":",
    "0..1:poly", "0..1:noise(", "onecycle(", "onecycle(peak=", "sgdr(1,1st,", "piecewise({", "min(",
    "mirror(", "((1)*(2))mirror(0..1)",
    "until(",
    "reversed", "x", "lr=", "a:", "=", "1*batchSize/",
  ]

  @Test("Endless repetitions are a schedule or an error with a place", arguments: hostile)
  func endless(piece: String) {
    let count = (piece == "(" ? 1_000_000 : 30_000) / piece.utf8.count
    for text in [
      String(repeating: piece, count: count), "0.1" + String(repeating: piece, count: count),
    ] {
      do {
        let schedule = try Schedule(parsing: text)
        #expect(schedule.firstValue.isFinite)
      } catch {
        #expect(error.description.utf8.count < 1000)
        #expect(error.description.contains("column"))
      }
      let error = #expect(throws: ScheduleError.self) { try Plan(words: [text]) }
      #expect(error.map { $0.description.utf8.count < 1000 } == true)
      #expect(error?.description.contains("column") == true)
    }
  }

  @Test(
    "JSON in which numbers, names and depths are anything",
    arguments: [
      #"{"hold":{"value":1e999}}"#, #"{"hold":{"value":NaN}}"#, #"{"hold":{"value":"1"}}"#,
      #"{"hold":{"value":1,"value":2,"valu":3}}"#, #"{"hold":{"value":1},"ramp":{}}"#,
      #"{"hold":{"value":1,"for":"-1e308ep"}}"#, #"{"hold":[1]}"#, "[]", "{", "null", "3",
      #"{"repeat":{"of":{"hold":{"value":1}},"count":9223372036854775808}}"#,
      #"{"repeat":{"of":{"hold":{"value":1}},"count":1e300}}"#,
      #"{"repeat":{"of":{"hold":{"value":1}},"count":0.5}}"#,
      #"{"repeat":{"of":{"hold":{"value":1}},"stretch":-1}}"#,
      #"{"round":{"of":{"hold":{"value":1}},"to":-9223372036854775808}}"#,
      #"{"limit":{"of":{"hold":{"value":1}},"run":-9223372036854775808}}"#,
      #"{"limit":{"of":{"hold":{"value":1}},"to":"1e308tok"}}"#,
      #"{"table":{"values":[]}}"#, #"{"table":{"values":[1,null]}}"#, #"{"sequence":[[]]}"#,
      #"{"max":[]}"#, #"{"min":[{"hold":{"value":1}},3]}"#, #"{"reverse":null}"#,
      #"{"ramp":{"from":0,"to":1,"curve":"inverse(1,1rest)"}}"#,
      #"{"ramp":{"from":0,"to":1,"curve":"\u0000"}}"#, "\u{0}", "\"(\"",
    ])
  func hostileJSON(text: String) {
    do {
      let schedule = try JSONDecoder().decode(Schedule.self, from: Data(text.utf8))
      check(schedule, text)
      // Only what means nothing until there is a run is read.
      #expect(text.contains("1e308"))
    } catch {
      #expect(!"\(error)".isEmpty)
    }
  }

  @Test("Bytes that are no text, and a million brackets, are no schedule in JSON")
  func bytes() {
    for bytes: [UInt8] in [
      [0xFF], [0x22, 0xC3, 0x28, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0], [],
      [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000),
      Array(String(repeating: #"{"scale":"#, count: 100_000).utf8),
      Array((#"{"sequence":"# + String(repeating: "[", count: 100_000)).utf8),
    ] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Schedule.self, from: Data(bytes))
      }
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Plan.self, from: Data(bytes))
      }
    }
  }

  @Test(
    "Huge counts and tiny cycles cost nothing",
    arguments: [
      "(1..0@1e-6st)x9223372036854775807", "(1..0@0.000000001st)x1000000000,0.5",
      "(1..0@1e-300st)x", "(1..0@0st)x", "(1..0@1st)x1000000000", "(1..0@10st)x^1e-9",
      "(1..0@10st)x^1e300", "(1..0@10st)x^0.999999999~0.5", "(1..0@0st)x9223372036854775807",
      "(1@1st)x~1e300", "(1..0@1st)x1000000^2", "((1..0@1e-3st)x1000)x1000",
      "(((((1..0@1e-9st)x)x)x)x)x", "(1@1e308ep)+(1@1e308ep)", "0@1e308tok,1",
      "(0..1@-1e308st)x9", "(1)until(1e308st)", "{1,2}@1e-300st", "(1..0@1st)x~0:peak",
      "(1e308)*1e308", "(1e308)+(1e308)", "-1e308..1e308", "1e-320..1e308:exp", "0..1:poly1e300",
      "0..1:poly1e-300", "(1)x^1e-300", "1@5e-324%", "(1@5e-324st)x3",
    ])
  func extremes(text: String) throws {
    check(try Schedule(parsing: text), text)
  }
}

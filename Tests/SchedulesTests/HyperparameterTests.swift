import Testing

@testable import Schedules

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Hyper-parameters")
struct HyperparameterTests {
  struct Bound: Sendable {
    let word: String
    let inside: [String]
    let outside: [(value: String, error: String)]
  }

  static let ranges: [Bound] = [
    Bound(
      word: "learningRate", inside: ["0", "1e3"],
      outside: [("-1", "learningRate is -1 at step 0; expected a finite number of at least 0")]),
    Bound(
      word: "momentum", inside: ["0", "0.999"],
      outside: [
        ("1", "momentum is 1 at step 0; expected at least 0 and less than 1"),
        ("0.9..-0.1", "momentum is -0.1 at step 9; expected at least 0 and less than 1"),
      ]),
    Bound(
      word: "beta2", inside: ["0.999"],
      outside: [("1", "beta2 is 1 at step 0; expected at least 0 and less than 1")]),
    Bound(
      word: "weightDecay", inside: ["0", "5e-4"],
      outside: [
        ("-1e-4", "weightDecay is -0.0001 at step 0; expected a finite number of at least 0")
      ]),
    Bound(
      word: "labelSmoothing", inside: ["0", "0.1"],
      outside: [("1", "labelSmoothing is 1 at step 0; expected at least 0 and less than 1")]),
    Bound(
      word: "augmentationStrength", inside: ["0", "15"],
      outside: [
        ("-2", "augmentationStrength is -2 at step 0; expected a finite number of at least 0")
      ]),
    Bound(
      word: "averagingDecay", inside: ["0", "1"],
      outside: [("1.5", "averagingDecay is 1.5 at step 0; expected 0 to 1")]),
    Bound(
      word: "batchNormMomentum", inside: ["0", "1"],
      outside: [("-0.1", "batchNormMomentum is -0.1 at step 0; expected 0 to 1")]),
    Bound(
      word: "batchSize", inside: ["1", "1000000000"],
      outside: [("0", "batchSize is 0 at step 0; expected 1 to 1000000000")]),
    Bound(
      word: "imageSize", inside: ["1", "224"],
      outside: [("2000000000", "imageSize is 2000000000 at step 0; expected 1 to 1000000000")]),
  ]

  @Test("All ten keys have a range, and errors name the key", arguments: ranges)
  func bounds(_ range: Bound) throws {
    let run = Horizon(steps: 10, end: .closed)
    for value in range.inside {
      _ = try Plan(words: ["\(range.word)=\(value)"]).resolved(over: run)
      _ = try Plan(words: ["stem:\(range.word)=\(value)"]).resolved(over: run)
    }
    for (value, message) in range.outside {
      let plan = try Plan(words: ["\(range.word)=\(value)"])
      let error = #expect(throws: ScheduleError.self) { try plan.resolved(over: run) }
      #expect(error?.description == message)
      let group = try Plan(words: ["stem:\(range.word)=\(value)"])
      let named = #expect(throws: ScheduleError.self) { try group.resolved(over: run) }
      #expect(named?.description == "stem:" + message)
    }
  }

  @Test("The list above is all of them")
  func all() {
    #expect(Self.ranges.map(\.word).sorted() == HyperparameterKey.allCases.map(\.rawValue).sorted())
  }

  @Test("A curve of one's own is read from text and JSON by plans too")
  func curves() throws {
    let smooth = Curve(named: "smoothstep") { $0 * $0 * (3 - 2 * $0) }
    let plan = Plan {
      Scheduled(.learningRate) { Ramp(from: 1, to: 0.5, curve: smooth) }
      Scheduled(.momentum) { Ramp(from: 0.9, to: 0.8, curve: smooth) }.group("stem")
    }
    #expect(try Plan(words: plan.words, curves: [smooth]) == plan)
    let error = #expect(throws: ScheduleError.self) { try Plan(words: plan.words) }
    #expect(
      error?.description == "unknown curve 'smoothstep' at column 11 of 'lr=1..0.5:smoothstep'")
    let data = try JSONEncoder().encode(plan)
    let decoder = JSONDecoder()
    #expect(throws: DecodingError.self) { try decoder.decode(Plan.self, from: data) }
    decoder.userInfo[.curves] = [smooth]
    #expect(try decoder.decode(Plan.self, from: data) == plan)
    #expect(try plan.resolved(over: Horizon(steps: 2))[.learningRate]?[1] == 0.75)
  }

  @Test("A tie to another hyper-parameter is written, read and resolved")
  func proportion() throws {
    let text = "lr=(0.1..0)*batchSize/256 batchSize=128@5st,512/64"
    let plan = try #require(Plan(text))
    #expect(plan.description == text)
    let made = Plan {
      Scheduled(.learningRate, .linear(from: 0.1, to: 0)).proportional(to: .batchSize, per: 256)
      Scheduled(.batchSize, roundedToMultipleOf: 64) {
        Hold(128, for: 5.steps)
        Hold(512)
      }
    }
    #expect(plan == made)
    let data = try JSONEncoder().encode(plan)
    #expect(try JSONDecoder().decode(Plan.self, from: data) == plan)
    let rates = try #require(try plan.resolved(over: Horizon(steps: 10))[.learningRate])
    #expect(abs(rates[4] - 0.06 * 0.5) < 1e-15 && abs(rates[5] - 0.05 * 2) < 1e-15)
    #expect(Plan("lr=0.1*momentum momentum=0.9")?.description == "lr=(0.1)*momentum momentum=0.9")
    let sizes = try #require(Plan("batchSize=(2)*imageSize/4/8 imageSize=32"))
    #expect(sizes.description == "batchSize=(2)*imageSize/4/8 imageSize=32")
    #expect(try sizes.resolved(over: Horizon(steps: 2))[.batchSize]?[0] == 16)
  }

  @Test(
    "A tie needs its other end",
    arguments: [
      (
        "lr=(0.1)*batchSize",
        "learningRate is proportional to batchSize, which the plan does not schedule"
      ),
      (
        "lr=(0.1)*momentum momentum=(0.1)*lr",
        "learningRate is proportional to momentum, which is proportional itself"
      ),
    ])
  func looseTies(text: String, message: String) throws {
    let plan = try #require(Plan(text))
    let error = #expect(throws: ScheduleError.self) { try plan.resolved(over: Horizon(steps: 3)) }
    #expect(error?.description == message)
  }
}

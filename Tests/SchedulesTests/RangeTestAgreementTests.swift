import Foundation
import Schedules
import Testing

@Suite struct RangeTestAgreementTests {
  private func curve(_ name: String) throws -> RangeTestCurve {
    try RangeTestCase.named(name).curve()
  }

  private func rule(
    _ name: String, _ agreement: RangeTestAgreement
  ) throws -> RangeTestAgreement.Rule {
    try #require(agreement.rules.first { $0.name == name })
  }

  @Test func oneCurveIsItsOwnSuggestions() throws {
    let curve = try curve("classic.n100.s0")
    let agreement = try RangeTestAgreement([curve])
    let found = agreement.rules.map { $0.suggestion.value }
    let suggestions = curve.suggestions
    #expect(
      found
        == suggestions.named.map(\.suggestion.value)
        + [suggestions.smith.base.value, suggestions.smith.max.value])
    #expect(agreement.sentences[0] == "valley: 0.00145, from one curve alone")
    #expect(agreement.rules.allSatisfy { $0.spread?.factor == 1 })
    #expect(agreement.hyperparameter == .learningRate && agreement.measure == .trainingLoss)
  }

  @Test func theMedianIsBetweenTheAnswers() throws {
    let curves = try ["noisy.n100.s2", "noisy.n100.s3", "classic.n100.s0"].map(curve)
    let agreement = try RangeTestAgreement(curves)
    for rule in agreement.rules {
      #expect(rule.curveCount == 3 && rule.values.count <= 3)
      if let value = rule.suggestion.value {
        #expect(rule.values.count < 3 || rule.values.sorted()[1] == value)
        let spread = try #require(rule.spread)
        #expect(try #require(spread.factor) <= 3)
        #expect(spread.least <= spread.median && spread.median <= spread.most)
        #expect(spread.median == value && spread.most == rule.values.max())
      }
    }
    let values = try curves.map { try #require($0.suggestions.steepest.value) }
    #expect(try rule("steepest", agreement).values == values)
    #expect(agreement.sentences.count == 7)
  }

  @Test func answersFarApartAreRefused() throws {
    let curves = try ["classic.n100.s0", "early-div.n100.s6"].map(curve)
    let found = try rule("steepest", RangeTestAgreement(curves))
    #expect(found.suggestion.value == nil)
    guard case .none(let reason) = found.suggestion else { return }
    #expect(reason.hasPrefix("the answers disagree, from 0.000"))
    #expect(reason.hasSuffix("more than a factor of 3"))
    // How far apart they are is told all the same.
    #expect(found.spread?.least == found.values.min() && found.spread?.most == found.values.max())
    let wide = try rule("steepest", RangeTestAgreement(curves, tolerance: 1e6))
    #expect(wide.suggestion.value == found.values.reduce(0, +) / 2)
  }

  @Test func aRuleThatIsMostlySilentHasNoAnswer() throws {
    let curves = try ["constant.n40.s12", "classic.n100.s0"].map(curve)
    let agreement = try RangeTestAgreement(curves)
    #expect(
      try rule("valley", agreement).suggestion == .none(reason: "only 1 of 2 curves have an answer")
    )
    let silent = try RangeTestAgreement([curve("constant.n40.s12"), curve("constant.n40.s12")])
    #expect(silent.sentences[0] == "valley: none, no curve has an answer")
  }

  @Test func refusesWhatIsNoTest() throws {
    let none = #expect(throws: ScheduleError.self) { try RangeTestAgreement([]) }
    #expect(none?.description == "range test: expected at least one curve, found none")
    let mixed = #expect(throws: ScheduleError.self) {
      try RangeTestAgreement([
        curve("classic.n100.s0"), RangeTestCurve(.momentum, values: [0.1], losses: [1]),
      ])
    }
    #expect(
      mixed?.description
        == "range test: expected curves of the training loss over the learning rate, "
        + "found one of the training loss over the momentum")
    let narrow = #expect(throws: ScheduleError.self) {
      try RangeTestAgreement([curve("classic.n100.s0")], tolerance: 1)
    }
    #expect(narrow?.description == "range test: expected a tolerance of more than 1, found 1")
  }

  @Test func jsonReadsBack() throws {
    let agreement = try RangeTestAgreement(["classic.n100.s0", "constant.n40.s12"].map(curve))
    let data = try JSONEncoder().encode(agreement)
    #expect(try JSONDecoder().decode(RangeTestAgreement.self, from: data) == agreement)
  }

  /// From 0.5 to 0.9 is a factor of 5 in the steps remembered, not one of 1.8.
  @Test func momentumsAgreeByWhatTheyRemember() throws {
    func curve(turningAt turn: Double) throws -> RangeTestCurve {
      let values = (0..<100).map { 0.0099 * Double($0) }
      return try RangeTestCurve(
        .momentum, values: values,
        losses: values.map { 1 + ($0 < turn ? 20 * (turn - $0) : 100 * ($0 - turn)) })
    }
    let far = try RangeTestAgreement([curve(turningAt: 0.5), curve(turningAt: 0.9)])
    let found = try rule("smithMax", far)
    #expect(found.suggestion.value == nil)
    let factor = try #require(found.spread?.factor)
    #expect(factor > 4 && factor < 6)
    let near = try RangeTestAgreement([curve(turningAt: 0.85), curve(turningAt: 0.9)])
    #expect(try rule("smithMax", near).suggestion.value != nil)
    let data = try JSONEncoder().encode(near)
    #expect(String(decoding: data, as: UTF8.self).contains(#""hyperparameter":"momentum""#))
  }
}

import Foundation
import Schedules
import Testing

@Suite struct RangeTestSmithBoundsTests {
  /// The points that the definition gives, each looked at on the curve's plot.
  @Test(
    arguments: [
      ("classic.n100.s0", 43, 78), ("classic.n200.s1", 84, 152), ("noisy.n100.s2", 57, 73),
      ("noisy.n100.s3", 53, 66), ("two-step.n100.s5", 26, 73), ("early-div.n100.s6", 24, 52),
      ("nan-end.n100.s9", 43, 74), ("inf-end.n100.s10", 47, 73), ("spike-early.n100.s11", 49, 79),
      ("classic.n16.s13", 7, 12),
    ])
  func boundsOfTheSyntheticCurves(_ name: String, _ base: Int, _ max: Int) throws {
    let curve = try RangeTestCase.named(name).curve()
    let smith = curve.suggestions.smith
    #expect(smith.base.index == base)
    #expect(smith.base.value == curve.values[base])
    #expect(smith.max.index == max)
    #expect(smith.max.value == curve.values[max])
  }

  @Test(
    arguments: [
      ("plateau.n100.s4", "the loss never clearly falls"),
      ("increasing.n60.s8", "the loss never clearly falls"),
      ("constant.n40.s12", "the loss never clearly falls"),
      ("classic.n8.s14", "needs 10 points, found 8"),
    ])
  func curvesWithoutBounds(_ name: String, _ reason: String) throws {
    let smith = try RangeTestCase.named(name).curve().suggestions.smith
    #expect(smith.base == .none(reason: reason))
    #expect(smith.max == .none(reason: reason))
    #expect(
      String(decoding: try JSONEncoder().encode(smith), as: UTF8.self) == #"{"none":"\#(reason)"}"#)
  }

  @Test func aLossThatStillFallsHasNoMaximum() throws {
    let smith = try RangeTestCase.named("monotone.n60.s7").curve().suggestions.smith
    #expect(smith.base.index == 7)
    #expect(
      smith.max
        == .none(reason: "the loss has not turned by the last rate, 7.36: sweep further"))
  }

  @Test func reasonsReadAsSentences() throws {
    let smith = try RangeTestCase.named("classic.n100.s0").curve().suggestions.smith
    #expect(
      smith.base.description
        == "0.000275: from 0.000275 on the loss stays clearly lower than 2.3, where it began")
    #expect(
      smith.max.description
        == "0.174: the loss is best here (0.864) and clearly rises by 0.525")
  }

  /// Rises from point 20 to point 50, holds to point 70, then falls.
  private func accuracy(_ point: Int) -> Double {
    switch point {
    case ..<20: 0.1
    case ..<50: 0.1 + 0.02 * Double(point - 20)
    case ..<70: 0.7 + 0.001 * Double(point - 50)
    default: 0.72 - 0.02 * Double(point - 69)
    }
  }

  @Test func accuracyIsReadWhereItIsMeasured() throws {
    let smith = try RangeTestCurve(
      values: (1...100).map { 0.03 * Double($0) }, losses: Array(repeating: 1, count: 100),
      column: .init(
        .validationAccuracy, updates: Array(0..<100), readings: (0..<100).map(accuracy))
    ).suggestions.smith
    let base = try #require(smith.base.index)
    let max = try #require(smith.max.index)
    #expect((20...26).contains(base))
    #expect((66...70).contains(max))
    #expect(
      smith.base.reason.hasSuffix(
        "the validation accuracy stays clearly higher than 0.1, where it began"))
    #expect(smith.max.reason.hasPrefix("the validation accuracy is best here (0.71"))
    #expect(smith.max.reason.contains(") and clearly falls by "))
  }

  @Test func aRaggedAccuracyEndsTheRange() throws {
    let accuracies = (0..<100).map { (point: Int) -> Double in
      let ragged = point % 2 == 0 ? 0.15 : -0.15
      return 0.1 + 0.007 * Double(point) + (point < 60 ? 0 : ragged)
    }
    let smith = try RangeTestCurve(
      values: (1...100).map { 0.03 * Double($0) }, losses: Array(repeating: 1, count: 100),
      column: .init(.trainingAccuracy, updates: Array(0..<100), readings: accuracies)
    ).suggestions.smith
    let max = try #require(smith.max.index)
    #expect((50..<60).contains(max))
    #expect(smith.max.reason.hasPrefix("the training accuracy becomes ragged above 1."))
  }

  @Test func aCutEndsTheRange() throws {
    let losses = (0..<30).map { 3 - 0.1 * Double($0) } + [.nan]
    let smith = try RangeTestCurve(
      values: (1...31).map { 0.1 * Double($0) }, losses: losses
    ).suggestions.smith
    #expect(smith.max.index == 29)
    #expect(smith.max.reason == "the loss is best here (0.15) and is not finite after 3")
  }

  /// Every fifth update has a reading; the points are those of the updates.
  @Test func readingsApartAreFoundAtTheirUpdates() throws {
    let updates = Array(stride(from: 4, to: 100, by: 5))
    let curve = try RangeTestCurve(
      .momentum, values: (0..<100).map { 0.009 * Double($0) },
      losses: Array(repeating: 1, count: 100),
      column: .init(.validationAccuracy, updates: updates, readings: updates.map(accuracy)))
    let smith = curve.suggestions.smith
    let base = try #require(smith.base.index)
    let max = try #require(smith.max.index)
    #expect(updates.contains(base) && (20...34).contains(base))
    #expect(updates.contains(max) && (59...74).contains(max))
    #expect(smith.max.value == curve.values[max])
    let data = try JSONEncoder().encode(smith)
    #expect(try JSONDecoder().decode(SmithBounds.self, from: data) == smith)
    #expect(String(decoding: data, as: UTF8.self).contains(#""hyperparameter":"momentum""#))
  }

  @Test func theReasonNamesWhatWasSwept() throws {
    let updates = Array(0..<30)
    let rising = try RangeTestCurve(
      .weightDecay, values: updates.map { 0.001 * Double($0) }, losses: updates.map { _ in 1 },
      column: .init(
        .validationAccuracy, updates: updates, readings: updates.map { 0.03 * Double($0) }))
    #expect(
      rising.suggestions.smith.max
        == .none(
          reason: "the validation accuracy has not turned by the last weight decay, 0.029: "
            + "sweep further"))
    let cut = try RangeTestCurve(
      .momentum, values: (0...30).map { 0.01 * Double($0) },
      losses: updates.map { _ in 1 } + [.nan],
      column: .init(
        .validationAccuracy, updates: updates, readings: updates.map { 0.03 * Double($0) }))
    #expect(
      cut.suggestions.smith.max.reason
        == "the validation accuracy is best here (0.855) and values are not finite after 0.29")
    let flat = try RangeTestCurve(
      .momentum, values: updates.map { 0.01 * Double($0) }, losses: updates.map { -Double($0) },
      column: .init(.trainingAccuracy, updates: updates, readings: updates.map { _ in 0.1 }))
    #expect(
      flat.suggestions.smith.base == .none(reason: "the training accuracy never clearly rises"))
  }
}

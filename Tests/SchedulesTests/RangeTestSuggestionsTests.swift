import Foundation
import Schedules
import Testing

@Suite struct RangeTestSuggestionsTests {
  @Test func goldenFileHoldsAllCurves() {
    #expect(RangeTestCase.all.count == 15)
  }

  @Test(arguments: RangeTestCase.all)
  func fastaisFourAreReproduced(_ golden: RangeTestCase) throws {
    let suggestions = try golden.curve().suggestions
    for (answer, found) in [
      (golden.fastai.valley, suggestions.valley), (golden.fastai.slide, suggestions.slide),
      (golden.fastai.minimum, suggestions.minimum), (golden.fastai.steep, suggestions.steep),
    ] {
      if answer.error != nil {
        #expect(found.value == nil)
        #expect(found.reason == "needs 16 points after trimming, found \(golden.fastai.keptCount)")
      } else if answer.stable == true {
        let point = try #require(answer.point)
        let rate = try #require(answer.rate)
        // slide reports the rate alone; its stored point is the nearest one to it.
        #expect(found.index == golden.fastai.keptFrom + point)
        // fastai computes in single precision.
        let ours = try #require(found.value)
        #expect(abs(ours - rate) <= 1e-6 * rate)
      } else {
        #expect(found == .none(reason: "the loss does not change"))
      }
    }
  }

  @Test(arguments: RangeTestCase.all)
  func torchLRFindersIsReproduced(_ golden: RangeTestCase) throws {
    let found = try golden.curve(reachingEnd: true).suggestions.steepest
    let answer = golden.pytorchLRFinder.steepest
    switch golden.name {
    case "nan-end.n100.s9":
      // The library suggests the rate where its loss stops being a number; the curve is cut there.
      #expect(answer.point == 89)
      #expect(found.index == 65)
    case "constant.n40.s12":
      #expect(found == .none(reason: "the loss does not change"))
    default:
      guard answer.error == nil else {
        #expect(found.value == nil)
        #expect(found.reason.hasPrefix("needs 2 points after trimming, found "))
        return
      }
      #expect(found.index == answer.point)
      let ours = try #require(found.value)
      let rate = try #require(answer.rate)
      #expect(abs(ours - rate) <= 1e-12 * rate)
    }
  }

  @Test func reasonsReadAsSentences() throws {
    let suggestions = try RangeTestCase.named("classic.n100.s0").curve().suggestions
    #expect(
      suggestions.named.map { "\($0.name) \($0.suggestion)" } == [
        "valley 0.00145: half-way down the longest fall of the loss, from 4.79e-06 to 0.759",
        "slide 0.0191: coming from the right, slopes 15 points apart agree here to 0.005",
        "minimum 0.0759: a tenth of 0.759, where the smoothed loss is lowest (1.54)",
        "steep 0.0275: the smoothed loss falls fastest here per decade of the rate",
        "steepest 0.0275: the smoothed loss falls fastest here per update",
      ])
  }

  @Test func spreadIsTheRatioOfTheExtremes() throws {
    let suggestions = try RangeTestCase.named("classic.n100.s0").curve().suggestions
    let spread = try #require(suggestions.spread)
    #expect(abs(spread - 52.480746) < 1e-5)
    #expect(try RangeTestCase.named("constant.n40.s12").curve().suggestions.spread == nil)
  }

  @Test(arguments: 0...40)
  func anyCountOfPointsHasAnAnswerOrAReason(_ count: Int) throws {
    let rates = (0..<count).map { 1e-4 * pow(1.3, Double($0)) }
    for losses in [
      rates.map { _ in 1.0 }, rates.indices.map { 2 - 0.03 * Double($0) },
      rates.indices.map { 1 + Double($0) }, rates.indices.map { $0 % 2 == 0 ? 1 : .nan },
      rates.map { _ in .infinity },
    ] {
      let suggestions = try RangeTestCurve(values: rates, losses: losses).suggestions
      for (_, suggestion) in suggestions.named {
        #expect(!suggestion.reason.isEmpty)
        if let index = suggestion.index { #expect(rates.indices.contains(index)) }
      }
    }
  }

  /// Smith's own sweeps begin at a rate of zero, whose logarithm is not finite.
  @Test func aSweepFromZeroHasFiniteAnswers() throws {
    let test = try RangeTest(from: 0, to: 3, curve: .linear, count: 60)
    let losses = (0..<60).map { (step: Int) -> Double in
      2.3 - 0.03 * Double(step) + 0.2 * Double(max(0, step - 45))
    }
    let suggestions = try test.curve(losses: losses).suggestions
    for (_, suggestion) in suggestions.named {
      let rate = try #require(suggestion.value)
      #expect(rate > 0 && rate <= 3)
    }
    let turn = try #require(suggestions.smith.max.index)
    #expect((42...45).contains(turn))

    let few = try RangeTestCurve(
      values: (0..<7).map(Double.init), losses: [3, 2, 1, 1, 1, 1, 1])
    #expect(few.suggestions.steep == .none(reason: "points at a rate of 0"))
  }

  @Test func jsonHasTheDocumentedShape() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let curve = try RangeTestCase.named("classic.n16.s13").curve()
    let text = String(decoding: try encoder.encode(curve.suggestions), as: UTF8.self)
    #expect(
      text.contains(#""slide":{"none":"needs 16 points after trimming, found 10"}"#))
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [String: Any]])
    #expect(
      object.keys.sorted() == ["minimum", "slide", "smith", "steep", "steepest", "valley"])
    #expect(object["valley"]?["learningRate"] is Double)
    #expect(object["smith"]?["base"] is Double)
    #expect(object["smith"]?["max"] is Double)
  }

  @Test(arguments: RangeTestCase.all)
  func jsonReadsBack(_ golden: RangeTestCase) throws {
    let curve = try golden.curve()
    let data = try JSONEncoder().encode(curve.suggestions)
    #expect(try JSONDecoder().decode(Suggestions.self, from: data) == curve.suggestions)
  }

  /// The same curve, once as a loss that falls and once as an accuracy that rises.
  @Test func anAccuracyIsReadUpsideDown() throws {
    let curve = try RangeTestCase.named("classic.n100.s0").curve()
    let turned = try RangeTestCurve(
      values: curve.values, losses: curve.losses,
      column: .init(
        .validationAccuracy, updates: Array(curve.losses.indices),
        readings: curve.losses.map { 10 - $0 }))
    let (losses, accuracies) = (curve.suggestions, turned.suggestions)
    for (loss, accuracy) in zip(losses.named, accuracies.named) where loss.name != "steepest" {
      #expect(loss.suggestion.index == accuracy.suggestion.index, "\(loss.name)")
    }
    #expect(losses.smith.base.index == accuracies.smith.base.index)
    #expect(losses.smith.max.index == accuracies.smith.max.index)
    #expect(
      accuracies.named.map { "\($0.name) \($0.suggestion)" } == [
        "valley 0.00145: half-way up the longest rise of the validation accuracy, "
          + "from 4.79e-06 to 0.759",
        "slide 0.0191: coming from the right, slopes 15 points apart agree here to 0.005",
        "minimum 0.0759: a tenth of 0.759, where the smoothed validation accuracy is highest (8.46)",
        "steep 0.0275: the smoothed validation accuracy rises fastest here per decade of the rate",
        "steepest 0.0275: the smoothed validation accuracy rises fastest here per update",
      ])
  }

  /// A loss that falls to 0.9 and rises again.
  private func momentumCurve(
    _ hyperparameter: Hyperparameter<Double> = .momentum
  ) throws
    -> RangeTestCurve
  {
    let values = try RangeTest(hyperparameter, from: 0, to: 0.99, curve: .linear, count: 99).values
    return try RangeTestCurve(
      hyperparameter, values: values,
      losses: values.map { $0 < 0.6 ? 2.5 - $0 : 1.9 + 12 * ($0 - 0.6) * ($0 - 0.6) },
      plannedCount: 99)
  }

  @Test func ofAMomentumNoTenthIsTaken() throws {
    let suggestions = try momentumCurve().suggestions
    let minimum = try #require(suggestions.minimum.value)
    #expect(minimum > 0.5 && minimum < 0.8)
    #expect(suggestions.minimum.reason.hasPrefix("where the smoothed loss is lowest ("))
    #expect(suggestions.steep.reason == "the smoothed loss falls fastest here as the value rises")
    let decay = try momentumCurve(.weightDecay).suggestions
    #expect(decay.minimum.value == minimum / 10)
    #expect(decay.minimum.reason.hasPrefix("a tenth of "))
    #expect(
      decay.steep.reason == "the smoothed loss falls fastest here per decade of the weight decay")
  }

  @Test func aMomentumOfZeroIsAnAnswer() throws {
    let values = (0..<7).map { 0.1 * Double($0) }
    let curve = try RangeTestCurve(.momentum, values: values, losses: [3, 2, 1, 1, 1, 1, 1])
    #expect(curve.suggestions.steep.value == 0)
  }

  @Test func theFactorOfMomentumsCountsTheStepsRemembered() {
    let factor = Hyperparameter.momentum.factor(from: 0.9, to: 0.95) ?? 0
    #expect(abs(factor - 2) < 1e-12)
    #expect(Hyperparameter.learningRate.factor(from: 0.25, to: 0.5) == 2)
    #expect(Hyperparameter.weightDecay.factor(from: 0, to: 0.5) == nil)
    #expect(Hyperparameter.weightDecay.factor(from: 0, to: 0) == 1)
    #expect(Hyperparameter.averagingDecay.factor(from: 0, to: 1) == nil)
  }

  @Test(arguments: [Hyperparameter<Double>.learningRate, .momentum, .weightDecay])
  func jsonIsNamedAfterTheHyperparameter(_ hyperparameter: Hyperparameter<Double>) throws {
    let suggestions = try momentumCurve(hyperparameter).suggestions
    let data = try JSONEncoder().encode(suggestions)
    #expect(try JSONDecoder().decode(Suggestions.self, from: data) == suggestions)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
    let valley = try #require(object["valley"])
    #expect(valley.keys.sorted() == ["index", hyperparameter.name, "reason"].sorted())
    #expect(
      object["smith"]?["hyperparameter"] as? String
        == (hyperparameter == .learningRate ? nil : hyperparameter.name))
  }

  /// Few readings and many, of every measure and every hyper-parameter: an answer or a reason.
  @Test(arguments: RangeTestMeasure.allCases, [1, 3, 10])
  func everyMeasureHasAnAnswerOrAReason(_ measure: RangeTestMeasure, _ interval: Int) throws {
    for hyperparameter in [Hyperparameter<Double>.learningRate, .momentum, .weightDecay] {
      let test = try RangeTest(hyperparameter, count: 60)
      for last in [1, Double.nan, .infinity] {
        let losses = (0..<60).map { 2 - 0.02 * Double($0) } + []
        let updates = Array(stride(from: interval - 1, to: 60, by: interval))
        var readings = updates.map {
          measure.isHigherBetter ? 0.01 * Double($0) : 1 - 0.01 * Double($0)
        }
        readings[readings.count - 1] = last
        let column =
          measure == .trainingLoss
          ? nil : RangeTestCurve.Column(measure, updates: updates, readings: readings)
        let curve = try test.curve(losses: losses, column: column)
        #expect(curve.isCut == (column != nil && !last.isFinite))
        let suggestions = curve.suggestions
        for suggestion in suggestions.named.map(\.suggestion)
          + [suggestions.smith.base, suggestions.smith.max]
        {
          #expect(!suggestion.reason.isEmpty)
          if let index = suggestion.index { #expect(curve.measuredUpdates.contains(index)) }
          if let value = suggestion.value { #expect(value.isFinite && value >= 0) }
        }
      }
    }
  }
}

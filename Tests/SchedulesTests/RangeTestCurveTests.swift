import Foundation
import Schedules
import Testing

@Suite struct RangeTestCurveTests {
  @Test func cutsAtTheFirstValueThatIsNotFinite() throws {
    let curve = try RangeTestCurve(
      values: [1, 2, 3, 4], losses: [0.5, 0.4, .nan, 0.3],
      column: .init(.validationAccuracy, updates: [0, 1, 3], readings: [0.1, 0.2, 0.3]))
    #expect(curve.count == 2)
    #expect(curve.losses == [0.5, 0.4])
    #expect(curve.values == [1, 2])
    #expect(curve.column == .init(.validationAccuracy, updates: [0, 1], readings: [0.1, 0.2]))
    #expect(curve.isCut)
    #expect(curve.recordedCount == 4)

  }

  @Test func anInfiniteLossEndsTheRecord() throws {
    let curve = try RangeTestCurve(
      values: [1, 2, 3, 4], losses: [0.5, 0.4, .infinity, 0.3])
    #expect(curve.count == 2)
    #expect(curve.recordedCount == 3)
    #expect(curve.plannedCount == 4)
  }

  @Test(arguments: RangeTestMeasure.allCases.dropFirst())
  func aReadingThatIsNotFiniteCutsToo(_ measure: RangeTestMeasure) throws {
    let curve = try RangeTestCurve(
      .momentum, values: [0.1, 0.2, 0.3, 0.4], losses: [4, 3, 2, 1],
      column: .init(measure, updates: [0, 2, 3], readings: [0.1, .nan, 0.3]))
    #expect(curve.values == [0.1, 0.2] && curve.losses == [4, 3])
    #expect(curve.measuredUpdates == [0] && curve.readings == [0.1])
    #expect(curve.isCut && curve.recordedCount == 4)
  }

  @Test(
    arguments: [
      ([2, 1], 2, nil), ([2, 1, .nan], 3, "what was measured next is not finite"),
      ([2, 1, .infinity], 9, "what was measured next is not finite"),
      ([2, 1], 9, "the test ended before its last value"),
      (
        [2, 1, 400], 9,
        "the smoothed loss, 137, is more than 4 times its lowest, 1.49"
      ),
      // Nothing stopped a test here that went on after it.
      ([2, 1, 400, 400], 9, "the test ended before its last value"),
    ] as [([Double], Int, String?)])
  func saysWhyATestEnded(_ losses: [Double], _ planned: Int, _ reason: String?) throws {
    let curve = try RangeTestCurve(
      values: losses.indices.map { Double($0 + 1) }, losses: losses, plannedCount: planned)
    #expect(curve.ending?.description == reason)
  }

  /// A curve of pytorch-lr-finder's, whose average jumps to a spike before fastai's does.
  @Test func theOtherToolsRuleIsTriedToo() throws {
    let curve = try RangeTestCurve(
      values: [1, 2, 3], losses: [1, 1, 90], plannedCount: 4)
    guard case .diverged(_, _, let factor) = curve.ending else {
      Issue.record("\(String(describing: curve.ending))")
      return
    }
    #expect(factor == 4)
  }

  @Test func accuraciesAreKeptBesideTheLosses() throws {
    let curve = try RangeTestCurve(
      values: [1, 2, 3], losses: [2, 1, .nan], accuracies: [0.1, 0.3, 0.2], plannedCount: 5)
    #expect(curve.accuracies == [0.1, 0.3] && curve.measure == .trainingLoss)
    let data = try JSONEncoder().encode(curve)
    #expect(try JSONDecoder().decode(RangeTestCurve.self, from: data) == curve)
    #expect(try RangeTestCurve(values: [1], losses: [2]).accuracies == nil)
    let error = #expect(throws: ScheduleError.self) {
      try RangeTestCurve(values: [1, 2], losses: [2, 1], accuracies: [0.1])
    }
    #expect(
      error?.description
        == "range test: expected an accuracy for each of 2 learning rates, found 1")
  }

  @Test func theRulesReadTheColumnWhereThereIsOne() throws {
    let plain = try RangeTestCurve(values: [1, 2, 3], losses: [3, 2, 1])
    #expect(plain.measure == .trainingLoss && plain.readings == [3, 2, 1])
    #expect(plain.measuredUpdates == [0, 1, 2] && plain.measuredValues == [1, 2, 3])
    let measured = try RangeTestCurve(
      values: [1, 2, 3], losses: [3, 2, 1],
      column: .init(.validationLoss, updates: [1, 2], readings: [8, 9]))
    #expect(measured.measure == .validationLoss && measured.readings == [8, 9])
    #expect(measured.measuredValues == [2, 3])
  }

  @Test(
    arguments: [
      (.learningRate, [1.0, 2], [1.0], nil, "a loss for each of 2 learning rates, found 1"),
      (
        .learningRate, [1, -2], [1, 1], nil,
        "finite learning rates of at least 0, found -2 at point 2"
      ),
      (
        .learningRate, [.nan], [1], nil,
        "finite learning rates of at least 0, found nan at point 1"
      ),
      (
        .learningRate, [1, 1], [1, 1], nil, "learning rates that rise, found 1 after 1 at point 2"
      ),
      (.learningRate, [1, 2], [1, 1], 1, "at least 2 planned updates, found 1"),
      (.momentum, [0.5], [1, 1], nil, "a loss for each of 1 momentums, found 2"),
      (
        .momentum, [0.5, 1], [1, 1], nil,
        "momentums of at least 0 and less than 1, found 1 at point 2"
      ),
      (
        .weightDecay, [0.2, 0.1], [1, 1], nil,
        "weight decays that rise, found 0.1 after 0.2 at point 2"
      ),
      (
        .batchNormMomentum, [1.5], [1], nil,
        "batch norm momentums of 0 to 1, found 1.5 at point 1"
      ),
    ] as [(Hyperparameter<Double>, [Double], [Double], Int?, String)])
  func refusesWhatIsNoCurve(
    _ hyperparameter: Hyperparameter<Double>, _ values: [Double], _ losses: [Double],
    _ planned: Int?, _ message: String
  ) {
    let error = #expect(throws: ScheduleError.self) {
      try RangeTestCurve(hyperparameter, values: values, losses: losses, plannedCount: planned)
    }
    #expect(error?.description == "range test: expected " + message)
  }

  @Test(
    arguments: [
      ([0, 1], [0.5], "a validation accuracy for each of 2 updates, found 1"),
      (
        [1, 1], [0.5, 0.5],
        "readings of the validation accuracy after updates that rise below 3, found 1 after 1"
      ),
      (
        [3], [0.5],
        "readings of the validation accuracy after updates that rise below 3, found 3 after -1"
      ),
    ] as [([Int], [Double], String)])
  func refusesAColumnThatDoesNotFit(_ updates: [Int], _ readings: [Double], _ message: String) {
    let error = #expect(throws: ScheduleError.self) {
      try RangeTestCurve(
        values: [1, 2, 3], losses: [1, 1, 1],
        column: .init(.validationAccuracy, updates: updates, readings: readings))
    }
    #expect(error?.description == "range test: expected " + message)
  }

  /// The memory of the average is counted in updates.
  @Test func readingsFarApartAreSmoothedAsOften() {
    let smoothing = RangeTestSmoothing(weight: 0.9, isDebiased: false)
    #expect(smoothing.smoothed([1, 2, 2], at: [0, 1, 2]) == smoothing.smoothed([1, 2, 2]))
    let every = smoothing.smoothed([1, 2, 2, 2])
    let third = smoothing.smoothed([1, 2], at: [0, 3])
    #expect(abs(third[1] - every[3]) < 1e-15)
  }

  @Test(arguments: RangeTestCase.all)
  func smoothsAsTheToolsDo(_ golden: RangeTestCase) throws {
    let losses = try golden.curve().losses
    func compare(_ smoothing: RangeTestSmoothing, _ expected: [Double]) {
      let ours = smoothing.smoothed(losses)
      let thinned = stride(from: 0, to: ours.count, by: RangeTestCase.smoothedStride).map {
        ours[$0]
      }
      #expect(thinned.count >= expected.count)
      for (value, reference) in zip(thinned, expected) {
        #expect(abs(value - reference) <= 1e-12 * abs(reference))
      }
    }
    compare(.fastai, golden.fastai.smoothed)
    compare(.torchLRFinder, golden.pytorchLRFinder.smoothed)
  }

  @Test(arguments: RangeTestCase.all)
  func stopsWhereTheToolsStop(_ golden: RangeTestCase) throws {
    for (rule, expected) in [
      (RangeTestStop.fastai, golden.fastai.stoppedAfter),
      (.torchLRFinder, golden.pytorchLRFinder.stoppedAfter),
    ] {
      let stop = rule.stopIndex(in: golden.losses).map { $0 + 1 } ?? golden.count
      // The tools run on after a loss that is not a number; a test here does not.
      let firstNaN = golden.losses.firstIndex { $0.isNaN }
      #expect(stop == (firstNaN.map { $0 + 1 } ?? expected))
    }
  }

  @Test func watchSaysWhyItStops() {
    var watch = RangeTestWatch(
      RangeTestStop(factor: 2, smoothing: RangeTestSmoothing(weight: 0, isDebiased: false)))
    #expect(watch.observe(1) == .proceed)
    #expect(watch.observe(2) == .proceed)
    #expect(watch.observe(2.5) == .diverged(smoothed: 2.5, best: 1))
    #expect(watch.observe(-.infinity) == .notFinite)
    #expect(watch.observe(-1) == .proceed)
    #expect(watch.observe(7) == .proceed)
  }

  @Test(arguments: RangeTestCase.all)
  func jsonReadsBack(_ golden: RangeTestCase) throws {
    let curve = try golden.curve()
    let data = try JSONEncoder().encode(curve)
    #expect(try JSONDecoder().decode(RangeTestCurve.self, from: data) == curve)
  }

  @Test(arguments: [Hyperparameter<Double>.learningRate, .momentum, .weightDecay])
  func jsonIsNamedAfterTheHyperparameter(_ hyperparameter: Hyperparameter<Double>) throws {
    let curve = try RangeTestCurve(
      hyperparameter, values: [0.1, 0.2], losses: [2, 1],
      column: .init(.validationAccuracy, updates: [1], readings: [0.5]), plannedCount: 9)
    let data = try JSONEncoder().encode(curve)
    #expect(try JSONDecoder().decode(RangeTestCurve.self, from: data) == curve)
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"\(hyperparameter.name)s\":[0.1,0.2]"))
    #expect(text.contains(#""measure":"validationAccuracy""#))
  }

  @Test(
    arguments: [
      #"{"losses":[1,1],"recordedCount":2,"plannedCount":2}"#,
      #"{"momentums":[0.5,1],"losses":[1,1],"recordedCount":2,"plannedCount":2}"#,
      #"{"learningRates":[1,1],"losses":[1,1],"recordedCount":2,"plannedCount":2}"#,
      #"{"learningRates":[1,2],"losses":[1,1],"recordedCount":1,"plannedCount":2}"#,
      #"{"learningRates":[1,2],"losses":[1,1],"recordedCount":3,"plannedCount":2}"#,
    ])
  func refusesJSONThatIsNoCurve(_ text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(RangeTestCurve.self, from: Data(text.utf8))
    }
  }

  @Test func refusesJSONThatIsNoRule() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        RangeTestSmoothing.self, from: Data(#"{"weight":1,"isDebiased":true}"#.utf8))
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        RangeTestStop.self,
        from: Data(#"{"factor":1,"smoothing":{"weight":0,"isDebiased":true}}"#.utf8))
    }
  }
}

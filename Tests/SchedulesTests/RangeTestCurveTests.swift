import Foundation
import Schedules
import Testing

@Suite struct RangeTestCurveTests {
  @Test func cutsAtTheFirstValueThatIsNotFinite() throws {
    let curve = try RangeTestCurve(
      learningRates: [1, 2, 3, 4], losses: [0.5, 0.4, .nan, 0.3], accuracies: [0, 0, 0, 0])
    #expect(curve.count == 2)
    #expect(curve.losses == [0.5, 0.4])
    #expect(curve.learningRates == [1, 2])
    #expect(curve.accuracies == [0, 0])
    #expect(curve.isCut)
    #expect(curve.recordedCount == 4)

    let byAccuracy = try RangeTestCurve(
      learningRates: [1, 2], losses: [0.5, 0.4], accuracies: [0.1, .nan])
    #expect(byAccuracy.count == 1)
  }

  @Test func anInfiniteLossEndsTheRecord() throws {
    let curve = try RangeTestCurve(
      learningRates: [1, 2, 3, 4], losses: [0.5, 0.4, .infinity, 0.3])
    #expect(curve.count == 2)
    #expect(curve.recordedCount == 3)
    #expect(curve.plannedCount == 4)
  }

  @Test(
    arguments: [
      ([1.0, 2], [1.0], nil, nil, "a loss for each of 2 learning rates, found 1"),
      ([1, 2], [1, 1], [0.5], nil, "an accuracy for each of 2 learning rates, found 1"),
      ([1, -2], [1, 1], nil, nil, "finite learning rates of at least 0, found -2 at point 2"),
      ([.nan], [1], nil, nil, "finite learning rates of at least 0, found nan at point 1"),
      ([1, 1], [1, 1], nil, nil, "learning rates that rise, found 1 after 1 at point 2"),
      ([1, 2], [1, 1], nil, 1, "at least 2 planned updates, found 1"),
    ] as [([Double], [Double], [Double]?, Int?, String)])
  func refusesWhatIsNoCurve(
    _ rates: [Double], _ losses: [Double], _ accuracies: [Double]?, _ planned: Int?,
    _ message: String
  ) {
    let error = #expect(throws: ScheduleError.self) {
      try RangeTestCurve(
        learningRates: rates, losses: losses, accuracies: accuracies, plannedCount: planned)
    }
    #expect(error?.description == "range test: expected " + message)
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

  @Test(
    arguments: [
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

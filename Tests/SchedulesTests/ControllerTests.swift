import Schedules
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Controller")
struct ControllerTests {
  private struct Golden: Decodable {
    struct Case: Decodable {
      var goal: Controller.Goal
      var share: Double?
      var difference: Double?
      var factor: Double
      var patience: Int
      var cooldown: Int
      var floor: Double
      var base: Double
      var measurements: [Double]
      var rates: [Double]
    }
    var cases: [Case]
  }

  @Test("PyTorch's ReduceLROnPlateau, rate by rate")
  func plateau() throws {
    let cases = try GoldenFile.read("plateau.json", as: Golden.self).cases
    #expect(cases.count == 3)
    for golden in cases {
      let threshold: Controller.Threshold =
        if let share = golden.share {
          .relative(share: share)
        } else {
          .absolute(difference: golden.difference ?? 0)
        }
      let controller = Controller.plateau(
        factor: golden.factor, patience: golden.patience, cooldown: golden.cooldown,
        goal: golden.goal, threshold: threshold, floor: golden.floor / golden.base)
      let open = try Schedule.constant(golden.base)
        .resolved(over: Horizon(steps: golden.rates.count))
      let observations = golden.measurements.enumerated().map {
        Observation(step: $0.offset, value: $0.element)
      }
      let values = controller.values(of: open, observing: observations)
      #expect(values.count == golden.rates.count && Set(values).count > 3)
      for (found, expected) in zip(values, golden.rates) {
        #expect(abs(found - expected) <= 1e-12)
      }
    }
  }

  @Test("Warm up, then watch the plateau")
  func warmup() throws {
    let open = try Schedule.constant(1).warmedUp(over: 4.steps, to: 1)
      .resolved(over: Horizon(steps: 10))
    // The loss does not fall during the warm-up, which the controller does not look at.
    let losses = [9, 9, 9, 9, 3, 3, 3, 2, 2, 2.0]
    let observations = losses.enumerated().map { Observation(step: $0.offset, value: $0.element) }
    let patient = Controller.plateau(factor: 0.5, patience: 1, ignoring: 4)
    #expect(
      patient.values(of: open, observing: observations) == [
        0, 0.25, 0.5, 0.75, 1, 1, 1, 0.5, 0.5, 0.5,
      ])
    let hasty = Controller.plateau(factor: 0.5, patience: 1)
    #expect(hasty.values(of: open, observing: observations)[4] == 0.5)
  }

  @Test("A greedy controller raises too, within its range")
  func greedy() throws {
    var controller = Controller.greedy(
      factor: 0.5, patience: 1, threshold: .absolute(difference: 0), within: 0.25...4)
    var scales: [Double] = []
    for loss in [9.0, 8, 7, 6, 5, 4, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3] {
      controller.observe(loss)
      scales.append(controller.scale)
    }
    #expect(
      scales == [1, 2, 2, 4, 4, 4, 4, 4, 2, 2, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25])
    var waiting = Controller.greedy(
      factor: 0.5, patience: 0, cooldown: 1, warmup: 2, threshold: .absolute(difference: 0))
    var waited: [Double] = []
    for loss in [9, 8, 7, 6, 5, 5, 6, 9, 6.0] {
      waiting.observe(loss)
      waited.append(waiting.scale)
    }
    // What was measured in a pause is not even the best: 6 is no worse than the 6 before it.
    #expect(waited == [2, 2, 2, 4, 4, 4, 2, 2, 1])
  }

  @Test("A greedy controller that has stayed at its floor begins anew")
  func restart() {
    var controller = Controller.greedy(
      factor: 0.5, patience: 0, within: 0.25...4, restartingAfter: 2)
    var scales: [Double] = []
    for loss in [9, 9, 9, 9, 9.5, 9.5] {
      controller.observe(loss)
      scales.append(controller.scale)
    }
    // After the third 9 it is at the floor, after the fourth there a second time; then 9.5 is a best.
    #expect(scales == [2, 1, 0.5, 0.25, 1, 2])
    #expect(controller.restartCount == 1 && controller.best == 9.5)
  }

  @Test("A mean of several measurements lets one of them pass")
  func averaging() {
    var hasty = Controller.greedy(factor: 0.5, patience: 0)
    var calm = Controller.greedy(factor: 0.5, patience: 0, averaging: 3)
    for loss in [9, 3, 4.0] {
      hasty.observe(loss)
      calm.observe(loss)
    }
    // 9, 6, 16/3: still falling.
    #expect(hasty.scale == 2 && calm.scale == 8)
  }

  @Test(
    "What is stored is checked like what is made",
    arguments: [
      (#""patience":1"#, #""patience":-1"#, "counts of measurements are at least 0"),
      (
        #""badCount":0"#, #""badCount":9223372036854775807"#,
        "counts of measurements are at least 0"
      ),
      (#""window":1"#, #""window":0"#, "a mean is one of at least 1 measurement, found 0"),
      (#""scale":1"#, #""scale":-1"#, "scales and their changes are at least 0"),
      (#""factor":0.5"#, #""factor":1.5"#, "a greedy factor is above 0 and below 1, found 1.5"),
      (#""floor":0.01"#, #""floor":11"#, "a greedy floor is not above its ceiling"),
    ])
  func stored(part: String, replacement: String, message: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(Controller.greedy(factor: 0.5, patience: 1))
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains(part))
    let changed = text.replacing(part, with: replacement)
    do {
      _ = try JSONDecoder().decode(Controller.self, from: Data(changed.utf8))
      Issue.record("\(changed) was read")
    } catch DecodingError.dataCorrupted(let context) {
      #expect(context.debugDescription == message)
    }
  }

  @Test("A stop says so after its patience, and the values end there")
  func stop() throws {
    let open = try Schedule.constant(0.1).resolved(over: Horizon(steps: 20))
    let accuracies = [0.1, 0.3, 0.2, 0.3, .nan, 0.9]
    let observations = accuracies.enumerated().map {
      Observation(step: 2 * $0.offset + 1, value: $0.element)
    }
    let stop = Controller.stop(patience: 2, goal: .larger)
    #expect(stop.values(of: open, observing: observations) == [Double](repeating: 0.1, count: 10))
    let patient = Controller.stop(patience: 3, goal: .larger)
    #expect(patient.values(of: open, observing: observations).count == 20)
  }

  @Test("A controller goes on from its stored state as if never stored")
  func resume() throws {
    for whole in [
      Controller.plateau(factor: 0.5, patience: 2, cooldown: 1),
      .greedy(factor: 0.9, patience: 1, cooldown: 2, warmup: 1), .stop(patience: 4),
    ] {
      var random = ScheduleGenerator(seed: 1)
      let losses = (0..<60).map { _ in random.number(0.4...1) }
      var uninterrupted = whole
      var resumed = whole
      for loss in losses {
        uninterrupted.observe(loss)
        resumed = try JSONDecoder().decode(
          Controller.self, from: try JSONEncoder().encode(resumed))
        resumed.observe(loss)
        #expect(resumed == uninterrupted)
      }
      #expect(uninterrupted.scale != 1 || uninterrupted.isStopped)
    }
  }

  @Test("What is not finite is not better")
  func notFinite() {
    var controller = Controller.plateau(factor: 0.5, patience: 0, goal: .larger)
    controller.observe(.infinity)
    #expect(controller.best == nil && controller.scale == 0.5)
    controller.observe(.nan)
    #expect(controller.scale == 0.25)
  }
}

import Foundation
import Schedules
import Testing

@Suite struct RangeTestTests {
  @Test func anExponentialSweepHasOneRatio() throws {
    let test = try RangeTest(from: 1e-7, to: 10, count: 100)
    let rates = try test.values
    #expect(rates.count == 100)
    #expect(rates[0] == 1e-7)
    for (step, rate) in rates.enumerated() {
      let expected = 1e-7 * pow(1e8, Double(step) / 100)
      #expect(abs(rate - expected) <= 1e-14 * expected)
    }
  }

  @Test func aClosedSweepReachesItsEnd() throws {
    let test = try RangeTest(from: 0, to: 3, curve: .linear, count: 7, end: .closed)
    #expect(try test.values == [0, 0.5, 1, 1.5, 2, 2.5, 3])
  }

  @Test func theScheduleIsAnOrdinaryOne() throws {
    let test = try RangeTest(.learningRate, from: 0.001, to: 1, curve: .exponential, count: 10)
    #expect(test.schedule.description == "0.001..1:exp")
    #expect(test.horizon == Horizon(steps: 10))
  }

  @Test func aStoppedTestKnowsWhatWasPlanned() throws {
    let test = try RangeTest(from: 0.1, to: 1, curve: .linear, count: 9)
    let curve = try test.curve(losses: [3, 2, .nan])
    #expect(curve.values == Array(try test.values.prefix(2)))
    #expect(curve.recordedCount == 3)
    #expect(curve.plannedCount == 9)
    let error = #expect(throws: ScheduleError.self) {
      try test.curve(losses: Array(repeating: 1, count: 10))
    }
    #expect(
      error?.description == "range test: expected a loss for each of 9 learning rates, found 10")
  }

  @Test(
    arguments: [
      (0, 1, .exponential, 10, "a first value greater than 0, found 0"),
      (-1, 1, .linear, 10, "a first value of at least 0, found -1"),
      (.nan, 1, .linear, 10, "a first value of at least 0, found nan"),
      (1, 1, .linear, 10, "a last value greater than 1, found 1"),
      (1, .infinity, .linear, 10, "a last value greater than 1, found inf"),
      (1, 2, .linear, 1, "at least 2 updates, found 1"),
    ] as [(Double, Double, RangeTest.Sweep, Int, String)])
  func refusesWhatIsNoTest(
    _ from: Double, _ to: Double, _ curve: RangeTest.Sweep, _ count: Int, _ message: String
  ) {
    let error = #expect(throws: ScheduleError.self) {
      try RangeTest(from: from, to: to, curve: curve, count: count)
    }
    #expect(error?.description == "range test: expected " + message)
  }

  @Test(
    arguments: [
      (.momentum, 0.5, 1, "momentum of at least 0 and less than 1, found 1"),
      (.momentum, 1.5, 2, "momentum of at least 0 and less than 1, found 1.5"),
      (.averagingDecay, 0.5, 1.1, "averaging decay of 0 to 1, found 1.1"),
    ] as [(Hyperparameter<Double>, Double, Double, String)])
  func refusesValuesOutOfRange(
    _ hyperparameter: Hyperparameter<Double>, _ from: Double, _ to: Double, _ message: String
  ) {
    let error = #expect(throws: ScheduleError.self) {
      try RangeTest(hyperparameter, from: from, to: to, curve: .linear)
    }
    #expect(error?.description == "range test: expected " + message)
  }

  @Test func everyHyperparameterHasASweepOfItsOwn() throws {
    let momentum = try RangeTest(.momentum, count: 30, end: .closed)
    #expect(momentum.curve == .linear)
    let momenta = try momentum.values
    #expect(momenta[0] == 0.7 && momenta[29] == 0.99)
    #expect(abs(momenta[1] - 0.71) < 1e-15)
    let decay = try RangeTest(.weightDecay, count: 7, end: .closed)
    #expect(decay.curve == .exponential)
    for (value, power) in zip(try decay.values, -6...0) {
      #expect(abs(value - pow(10, Double(power))) <= 1e-15)
    }
    #expect(try RangeTest().from == 1e-7)
    #expect(try RangeTest(.labelSmoothing).to == 0.5)
    #expect(try RangeTest(.momentum, curve: .exponential).values[0] == 0.7)
  }

  @Test func jsonReadsBack() throws {
    let test = try RangeTest(
      .weightDecay, from: 1e-6, to: 1e-2, count: 50, end: .closed, stop: .torchLRFinder)
    let data = try JSONEncoder().encode(test)
    #expect(try JSONDecoder().decode(RangeTest.self, from: data) == test)
  }

  @Test(arguments: [("weightDecay", "imageSize"), ("1e-06", "0"), ("50", "1")])
  func refusesJSONThatIsNoTest(_ word: String, _ replacement: String) throws {
    let test = try RangeTest(.weightDecay, from: 1e-6, to: 1e-2, count: 50)
    let text = String(decoding: try JSONEncoder().encode(test), as: UTF8.self)
    let broken = text.replacingOccurrences(of: word, with: replacement)
    #expect(broken != text)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(RangeTest.self, from: Data(broken.utf8))
    }
  }
}

import Schedules
import Testing

@Suite("Schedules: inverse time")
struct InverseTimeTests {
  private func expect(
    _ schedule: Schedule, over horizon: Horizon = Horizon(steps: 200), relative: Double = 1e-12,
    is formula: (Double) -> Double
  ) throws {
    let values = try schedule.resolved(over: horizon)
    for (step, value) in values.enumerated() {
      let expected = formula(Double(step))
      #expect(abs(value - expected) <= relative * abs(expected), "step \(step) of \(schedule)")
    }
  }

  @Test("Caffe's inv policy")
  func inverseTime() throws {
    let (gamma, power) = (1e-4, 0.75)
    try expect(.inverseTime(from: 0.01, power: power, every: .steps(1 / gamma))) {
      0.01 * exponential(1 + gamma * $0, -power)
    }
    try expect(.inverseTime(from: 2, to: 1, every: 10.steps)) { 1 + 1 / (1 + $0 / 10) }
  }

  @Test("Inverse square root, with the warm-up as the timescale and with another")
  func inverseSquareRoot() throws {
    try expect(.inverseSquareRoot(peak: 0.3, warmup: 10.steps)) {
      $0 < 10 ? 0.3 * $0 / 10 : 0.3 * (10 / $0).squareRoot()
    }
    try expect(.inverseSquareRoot(peak: 0.3, start: 0.1, warmup: 10.steps, timescale: 40.steps)) {
      $0 < 10 ? 0.1 + 0.02 * $0 : 0.3 / ((30 + $0) / 40).squareRoot()
    }
  }

  @Test("The Transformer's rate counts steps from one", arguments: [1, 2, 10])
  func noam(warmup: Int) throws {
    let count = Double(warmup)
    try expect(.noam(modelSize: 512, warmup: warmup, scale: 2)) {
      2 / 512.0.squareRoot()
        * min(1 / ($0 + 1).squareRoot(), ($0 + 1) / (count * count.squareRoot()))
    }
  }

  @Test("The power law in tokens holds its peak until the law comes down to it")
  func powerLaw() throws {
    let law = Schedule.powerLaw(peak: 0.02, batchSize: 64)
    let run = Horizon(steps: 400, samplesPerStep: 64, tokensPerSample: 16384)
    try expect(law, over: run) { step in
      step == 0 ? 0.02 : min(0.02, 64 * 4 * exponential(step * 64 * 16384, -0.51))
    }
    let values = try law.resolved(over: run)
    #expect(values[100] == 0.02 && values[200] < 0.02)
    let short = Horizon(steps: 3, samplesPerStep: 1, tokensPerSample: 1)
    #expect(try law.resolved(over: short).allSatisfy { $0 == 0.02 })
  }

  @Test("A law needs a length of its own that is positive")
  func positiveLengths() {
    let schedule = Schedule.inverseTime(from: 1, every: 0.steps)
    #expect(
      throws: ScheduleError.parameter(
        phase: "phase 1 (1..0:inverse(1,0st))", name: "every", value: 0,
        expected: "a length of more than 0 steps")
    ) { try schedule.resolved(over: Horizon(steps: 9)) }
    #expect(throws: ScheduleError.self) {
      try Schedule(parsing: "1..0:inverse(1,rest)")
    }
    #expect(throws: ScheduleError.self) {
      try Schedule(parsing: "1..0:inverse(-1,9st)")
    }
  }
}

/// `x` to the power of `y` by Taylor's series of `exp` and Newton's method for the logarithm, so that
/// expected values do not come from the function under test.
private func exponential(_ x: Double, _ y: Double) -> Double {
  var scale = 0
  var mantissa = x
  while mantissa > 1.5 { (mantissa, scale) = (mantissa / 2, scale + 1) }
  while mantissa < 0.75 { (mantissa, scale) = (mantissa * 2, scale - 1) }
  let z = (mantissa - 1) / (mantissa + 1)
  var (term, logarithm) = (z, 0.0)
  for k in stride(from: 1.0, to: 60, by: 2) {
    logarithm += 2 * term / k
    term *= z * z
  }
  let ln2 = 0.693147180559945309417232121458
  let exponent = y * (logarithm + Double(scale) * ln2)
  let whole = (exponent / ln2).rounded()
  let rest = exponent - whole * ln2
  var (sum, part) = (0.0, 1.0)
  for k in 1..<30 {
    sum += part
    part *= rest / Double(k)
  }
  return sum * Double(sign: .plus, exponent: Int(whole), significand: 1)
}

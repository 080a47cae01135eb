import Schedules
import Testing

@Suite("Schedules: laws of time")
struct TimeLawTests {
  @Test("A sigmoid is half-way at its midpoint and symmetric about it")
  func sigmoid() throws {
    let falling = Schedule.sigmoid(from: 1, midpoint: 50.steps, width: 4.steps)
    let values = try falling.resolved(over: Horizon(steps: 101))
    #expect(values[50] == 0.5)
    // 1 / (1 + e⁻¹), a width before the midpoint.
    #expect(abs(values[46] - 0.731058578630004879) < 1e-15)
    for step in 0...50 { #expect(abs(values[step] + values[100 - step] - 1) < 1e-15) }
    let rising = Schedule.sigmoid(from: 0, to: 1, midpoint: 50.steps, width: 4.steps)
    let mirrored = try rising.resolved(over: Horizon(steps: 101))
    for step in 0...100 { #expect(abs(values[step] + mirrored[step] - 1) < 1e-15) }
    #expect(falling.description == "1..0:sigmoid(50st,4st)")
    #expect(try Schedule(parsing: "sigmoid(1,50st,4st)") == falling)
  }

  @Test("A tanh is timm's, and cycles of falling peaks come down to the floor")
  func tanh() throws {
    let schedule = Schedule.tanh(from: 0.1, over: 20.steps)
    let values = try schedule.resolved(over: Horizon(steps: 20))
    // ½ · 0.1 · (1 − tanh(−7)) and the same at −6.5, by hand.
    #expect(abs(values[0] - 0.0999999168472) < 1e-12)
    #expect(abs(values[1] - 0.0999997739676) < 1e-12)
    #expect(abs(values[14] - 0.05) < 1e-15)
    let cycles = schedule.repeated(2, decayingBy: 0.5, of: .peak)
    let twice = try cycles.resolved(over: Horizon(steps: 40))
    for step in 0..<20 { #expect(abs(twice[20 + step] - values[step] / 2) < 1e-16) }
    #expect(schedule.description == "0.1..0@20st:tanh")
    let other = Schedule { Ramp(from: 1, to: 0, curve: .tanh(from: -6, to: 4)) }
    #expect(other.description == "1..0:tanh(-6,4)" && Schedule(other.description) == other)
  }

  @Test("Exponents and k-decay of cosines and polynomials")
  func exponents() throws {
    let run = Horizon(steps: 101, end: .closed)
    let plain = try Schedule.cosine(from: 1).resolved(over: run)
    let squared = try Schedule.cosine(from: 1, exponent: 2).resolved(over: run)
    let warped = try Schedule.cosine(from: 1, kDecay: 2).resolved(over: run)
    let polynomial = try Schedule.polynomial(from: 1, power: 3, kDecay: 2).resolved(over: run)
    for step in 0...100 {
      #expect(abs(squared[step] - plain[step] * plain[step]) < 1e-15)
      let u = Double(step) / 100
      #expect(abs(warped[step] - plain.value(at: 100 * u * u)) < 1e-15)
      let left = 1 - u * u
      #expect(abs(polynomial[step] - left * left * left) < 1e-15)
    }
    #expect(Curve.cosine(exponent: 1, kDecay: 1) == .cosine)
    #expect(Curve.polynomial(power: 1) == .linear)
    #expect(try Schedule(parsing: "cosine(1,exponent=2)") == .cosine(from: 1, exponent: 2))
  }

  @Test("A law belongs to its phase's time, in sequences, cycles and stretches")
  func place() throws {
    let law = Schedule.inverseTime(from: 1, every: 5.steps).limited(to: 10.steps)
    let alone = try Array(law.resolved(over: Horizon(steps: 10)))
    let twice = try Array(law.repeated(2).resolved(over: Horizon(steps: 20)))
    #expect(zip(twice, alone + alone).allSatisfy { abs($0 - $1) < 1e-12 })
    let slow = Schedule { Ramp(from: 1, to: 0, curve: .inverse(power: 2, every: 3.epochs)) }
      .stretched(by: 2)
    #expect(slow.description == "1..0:inverse(2,6ep)")
  }
}

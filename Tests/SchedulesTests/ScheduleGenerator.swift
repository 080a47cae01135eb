import Schedules

/// Random schedules from a seed: the same seed gives the same schedule on every machine.
struct ScheduleGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
    // Far apart in the sequence: neighbouring states would give the same numbers, shifted by one.
    state = next() ^ (next() << 1)
  }

  // SplitMix64 (Steele, Lea and Flood 2014).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func number(_ range: ClosedRange<Double> = 0.1...1) -> Double {
    Double.random(in: range, using: &self)
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[integer(0...elements.count - 1)]
  }

  /// A shape that reaches both ends exactly.
  mutating func shape() -> Curve {
    pick([
      .linear, .cosine, .exponential, .oneMinusRoot, .rex, .polynomial(power: number(0.2...3)),
      .cosine(exponent: number(0.2...3), kDecay: pick([1, number(0.2...3)])),
      .polynomial(power: number(0.2...3), kDecay: number(0.2...3)),
    ])
  }

  /// Any built-in curve, laws with lengths in steps and epochs among them.
  mutating func curve() -> Curve {
    pick([
      shape(), shape(), .tanh(from: pick([-7, -6, number()]), to: pick([3, number()])),
      .inverse(power: pick([0.5, 1, number()]), every: pick([2.steps, 1.epoch])),
      .sigmoid(midpoint: pick([0.steps, 2.epochs]), width: pick([.steps(1.5), 1.epoch])),
      .noise(seed: next(), every: pick([1.step, .steps(2.5)])),
    ])
  }

  /// A length of at most a tenth of a run of 100 steps, or a share of the remainder.
  mutating func span() -> Span {
    switch integer(0...6) {
    case 0: .steps(Double(integer(0...9)))
    case 1: .steps(number(0...9))
    case 2: .percent(number(0...10))
    case 3: Double(integer(0...2)).epochs
    case 4: 5.percent + .steps(number(0...3)) - 1.step
    case 5: number(0.5...2) * .remainder
    default: .remainder
    }
  }

  /// A ramp, a hold or a table.
  mutating func phase(over given: Span? = nil) -> Schedule {
    let span = given ?? self.span()
    switch integer(0...5) {
    case 0: return Hold(number(), for: span).schedule
    case 1:
      let count = integer(1...5)
      return .table((0..<count).map { _ in number() }, over: span)
    default:
      return Ramp(from: number(), to: number(), over: span, curve: given == nil ? curve() : shape())
        .schedule
    }
  }

  /// Any schedule at all, nested up to a depth.
  mutating func schedule(depth: Int = 3) -> Schedule {
    guard depth > 0 else { return phase() }
    switch integer(0...13) {
    case 0, 1: return .sequence((0..<integer(1...3)).map { _ in schedule(depth: depth - 1) })
    case 2:
      return schedule(depth: depth - 1).repeated(
        pick([nil, integer(1...4)]), stretchingBy: pick([1, 2, 0.5, number(0.3...2)]),
        decayingBy: pick([1, 0.5, number()]), of: pick(Schedule.Decay.allCases))
    case 3: return schedule(depth: depth - 1).scaled(by: number())
    case 4: return schedule(depth: depth - 1) * schedule(depth: depth - 1)
    case 5: return schedule(depth: depth - 1) + schedule(depth: depth - 1)
    case 6:
      let lower = number()
      return schedule(depth: depth - 1).clamped(to: lower...(lower + number()))
    case 7:
      return schedule(depth: depth - 1).limited(
        to: span(), ofRun: pick([nil, nil, integer(1...99)]))
    case 8: return .minimum(schedule(depth: depth - 1), schedule(depth: depth - 1))
    case 9: return .maximum(schedule(depth: depth - 1), schedule(depth: depth - 1))
    case 10: return schedule(depth: depth - 1).reversed()
    case 11: return schedule(depth: depth - 1).rounded(toMultipleOf: integer(1...3))
    default: return phase()
    }
  }

  mutating func horizon(_ steps: ClosedRange<Int> = 1...120) -> Horizon {
    Horizon(
      steps: integer(steps), stepsPerEpoch: 3, samplesPerStep: 32, tokensPerSample: 16,
      end: pick(Horizon.End.allCases))
  }
}

/// Texts to try the parser with: schedules at random, and the same with bytes changed.
struct RandomScheduleTexts {
  private var random: RandomNumbers

  init(seed: UInt64) { random = RandomNumbers(state: seed) }

  // SplitMix64 (Steele, Lea and Flood 2014).
  private struct RandomNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let numbers = [
    "0", "1", "0.1", "3e-4", "-0.5", "0.001", "100", "1e-7", "2.5", "1e308", "1e-320", "00.10",
  ]
  private static let units = ["%", "st", "ep", "sp", "tok", "rest"]
  private static let curves = [
    "linear", "cosine", "exp", "poly2", "1-sqrt", "rex", "tanh", "cosine(2,1.5)", "tanh(-6,3)",
    "poly3(2)", "inverse(0.5,10st)", "sigmoid(2ep,1ep)", "noise(7)",
  ]
  private static let presets = [
    "onecycle(0.1)", "sgdr(1,5st,stretch=2)", "knee(1,5%,50%)", "noam(512,10)", "wsd(1,5%,20%)",
    "exprange(0.1,1,10st,decay=0.99)", "power-law(0.02,64)", "snapshot(0.1,3)", "rsqrt(1,10%)",
    "multistep(0.1,{3ep,6ep})", "flat-cosine(0.1)", "smith-onecycle(0.1,1,100st)",
  ]
  private static let pieces =
    numbers + units + curves + presets + [
      "(", ")", ",", "..", "@", ":", "x", "^", "~", "*", "*(", "+(", "min(", "max(", "reversed",
      "mirror(", "stretch(",
      "round(", "until(", "[", "]", "{", "}", "+", "-", "=", "/", " ", "\u{0}", "é", "nan", "inf",
      "1e999", "9223372036854775807", "18446744073709551616", "peak=", "warmup=", "count=",
      "style=threePhase", "values", "amplitude",
    ]

  /// The next text: one of three is a schedule, one a changed schedule, one pieces in any order.
  mutating func next() -> String {
    switch Int.random(in: 0..<3, using: &random) {
    case 0: schedule(depth: 2)
    case 1: changed(schedule(depth: 2))
    default:
      (0..<Int.random(in: 1...20, using: &random)).map { _ in pick(Self.pieces) }.joined()
    }
  }

  private mutating func pick(_ words: [String]) -> String {
    words[Int.random(in: 0..<words.count, using: &random)]
  }

  private mutating func schedule(depth: Int) -> String {
    let count = Int.random(in: 1...3, using: &random)
    return (0..<count).map { _ in phase(depth: depth) }.joined(separator: ",")
  }

  private mutating func phase(depth: Int) -> String {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 4), using: &random) {
    case 0: "\(pick(Self.numbers))@\(pick(Self.numbers))\(pick(Self.units))"
    case 1, 2:
      "\(pick(Self.numbers))..\(pick(Self.numbers))@\(pick(Self.numbers))\(pick(Self.units)):"
        + pick(Self.curves)
    case 3: pick(Self.presets)
    default: "(\(schedule(depth: depth - 1)))\(modifier(depth: depth - 1))"
    }
  }

  private mutating func modifier(depth: Int) -> String {
    switch Int.random(in: 0..<11, using: &random) {
    case 0: "x3^2~0.5:\(pick(["amplitude", "peak", "values"]))"
    case 1: "*\(pick(Self.numbers))"
    case 2: "*(\(schedule(depth: depth)))"
    case 3: "+(\(schedule(depth: depth)))"
    case 4: "min(\(schedule(depth: depth)))"
    case 5: "max(\(schedule(depth: depth)))"
    case 6: "[0.1..0.9]"
    case 7: "until(\(pick(Self.numbers))\(pick(Self.units)))"
    case 8: "mirror(0.1..0.9)"
    case 9: "stretch(2)"
    default: "reversed"
    }
  }

  /// One to four bytes changed, taken out or put in, pieces put in, the end cut off.
  private mutating func changed(_ text: String) -> String {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0 where place < bytes.count:
        bytes[place] = UInt8(truncatingIfNeeded: random.next())
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
      case 3: bytes.removeSubrange(place...)
      default: bytes.insert(contentsOf: Array(pick(Self.pieces).utf8), at: place)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

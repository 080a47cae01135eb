/// Reads the text form of schedules.
///
///     schedule = phase ("," phase)*
///     phase    = ( value [".." value] ["@" span] [":" curve] | "{" value ("," value)* "}" ["@" span]
///              | preset "(" arguments ")" | "(" schedule ")" ) modifier*
///     modifier = "x" [count] ["^" stretch] ["~" decay [":" part]] | "*" number | "*(" schedule ")"
///              | ("+(" | "min(" | "max(") schedule ")" | "[" lower ".." upper "]"
///              | "until(" span ["," steps "st"] ")" | "reversed" | "round(" multiple ")"
///              | "mirror(" lower ".." upper ")" | "stretch(" factor ")"
///     span     = term (("+" | "-") term)*        term = number unit | "rest"
///
/// Only a ramp, a phase of two values, has a curve. A mirror and a stretch print back as the phases that
/// they make.
struct ScheduleParser {
  var scanner: Scanner
  let curves: [Curve]

  /// How deep parentheses and modifiers may nest: far beyond use, far before the stack's end.
  static let depthLimit = 100

  init(_ text: String, curves: [Curve]) {
    scanner = Scanner(text)
    self.curves = curves
  }

  /// A whole text that is one schedule.
  mutating func wholeSchedule() throws(ScheduleError) -> Schedule {
    let schedule = try sequence(depth: 0).schedule
    scanner.skipSpaces()
    guard scanner.isAtEnd else {
      throw scanner.failure(expected: "',' or a modifier or the end")
    }
    try schedule.validate()
    return schedule
  }

  /// A schedule and how deep its value is nested.
  private typealias Nested = (schedule: Schedule, depth: Int)

  /// A schedule at the scanner's place, which may be followed by something else.
  mutating func schedule() throws(ScheduleError) -> Schedule {
    try sequence(depth: 0).schedule
  }

  private mutating func sequence(depth: Int) throws(ScheduleError) -> Nested {
    guard depth < ScheduleParser.depthLimit else { throw scanner.tooDeep }
    var parts: [Schedule] = []
    var deepest = 0
    repeat {
      let part = try modified(try phase(depth: depth), depth: depth)
      parts.append(part.schedule)
      deepest = max(deepest, part.depth)
    } while scanner.take(",")
    return (.sequence(parts), deepest)
  }

  // MARK: - Phases

  private mutating func phase(depth: Int) throws(ScheduleError) -> Nested {
    if scanner.take("(") {
      let inner = try sequence(depth: depth + 1)
      try scanner.require(")")
      return inner
    }
    if scanner.take("{") {
      let values = try list { (parser: inout ScheduleParser) throws(ScheduleError) in
        try parser.scanner.number()
      }
      return (.table(values, over: try optionalSpan()), 0)
    }
    scanner.skipSpaces()
    if Scanner.isLetter(scanner.peek()) { return (try preset(), 1) }
    let value = try scanner.number("a value, a schedule's name, '(' or '{'")
    guard scanner.take("..") else {
      return (Hold(value, for: try optionalSpan()).schedule, 0)
    }
    let end = try scanner.number()
    let span = try optionalSpan()
    let curve = scanner.take(":") ? try curve() : .linear
    return (Ramp(from: value, to: end, over: span, curve: curve).schedule, 0)
  }

  private mutating func optionalSpan() throws(ScheduleError) -> Span {
    scanner.take("@") ? try span() : .remainder
  }

  /// The elements of a list after its opening brace, and the closing brace.
  mutating func list<Element>(
    _ element: (inout ScheduleParser) throws(ScheduleError) -> Element
  ) throws(ScheduleError) -> [Element] {
    var elements: [Element] = []
    repeat { elements.append(try element(&self)) } while scanner.take(",")
    try scanner.require("}")
    return elements
  }

  // MARK: - Modifiers

  private mutating func modified(_ phase: Nested, depth: Int) throws(ScheduleError) -> Nested {
    var (schedule, height) = phase
    while true {
      scanner.skipSpaces()
      // Most phases have no modifier, and long lists of them none at all.
      if scanner.isAtEnd || scanner.peek() == UInt8(ascii: ",") { return (schedule, height) }
      if scanner.take("x") {
        schedule = try repetition(of: schedule)
      } else if scanner.take("*(") {
        schedule = schedule * (try operand(depth: depth, &height))
      } else if isBeforeName("*") {
        // Another hyper-parameter of a plan, which this one is proportional to.
        return (schedule, height)
      } else if scanner.take("*") {
        schedule = schedule.scaled(by: try scanner.number("a number or '('"))
      } else if scanner.take("+(") {
        schedule = schedule + (try operand(depth: depth, &height))
      } else if scanner.take("min(") {
        schedule = .minimum(schedule, try operand(depth: depth, &height))
      } else if scanner.take("max(") {
        schedule = .maximum(schedule, try operand(depth: depth, &height))
      } else if scanner.take("reversed") {
        schedule = schedule.reversed()
      } else if scanner.take("round(") {
        schedule = schedule.rounded(toMultipleOf: try count())
        try scanner.require(")")
      } else if scanner.take("mirror(") {
        schedule = schedule.mirrored(into: try band())
        // Without knots to reflect it is a factor, a sum and a clamp.
        height += 2
        try scanner.require(")")
      } else if scanner.take("stretch(") {
        let before = scanner
        let factor = try scanner.number()
        guard factor > 0 else { throw before.failure(expected: "a positive number") }
        schedule = schedule.stretched(by: factor)
        try scanner.require(")")
      } else if scanner.take("[") {
        let lower = try scanner.number()
        try scanner.require("..")
        let upper = try scanner.number()
        try scanner.require("]")
        // Not a range: the bounds are checked with everything else, and never trap.
        schedule = Schedule(node: .clamped(of: schedule, lower: lower, upper: upper))
      } else if scanner.take("until(") {
        let span = try span()
        let run = scanner.take(",") ? try count() : nil
        if run != nil { try scanner.require("st") }
        schedule = schedule.limited(to: span, ofRun: run)
        try scanner.require(")")
      } else {
        return (schedule, height)
      }
      height += 1
      guard depth + height < ScheduleParser.depthLimit else { throw scanner.tooDeep }
    }
  }

  /// Two numbers, the first of which is not the larger one.
  private mutating func band() throws(ScheduleError) -> ClosedRange<Double> {
    let lower = try scanner.number()
    try scanner.require("..")
    scanner.skipSpaces()
    let before = scanner
    let upper = try scanner.number()
    guard lower <= upper else {
      throw before.failure(expected: "a number of at least \(formatted(lower))")
    }
    return lower...upper
  }

  /// Whether a mark comes next, and then a letter.
  private func isBeforeName(_ mark: String) -> Bool {
    var ahead = scanner
    guard ahead.take(mark) else { return false }
    ahead.skipSpaces()
    return Scanner.isLetter(ahead.peek())
  }

  private mutating func operand(
    depth: Int, _ height: inout Int
  ) throws(ScheduleError) -> Schedule {
    let inner = try sequence(depth: depth + 1)
    try scanner.require(")")
    height = max(height, inner.depth)
    return inner.schedule
  }

  private mutating func repetition(of schedule: Schedule) throws(ScheduleError) -> Schedule {
    scanner.skipSpaces()
    let count = Scanner.isDigit(scanner.peek()) ? try count() : nil
    let stretch = scanner.take("^") ? try scanner.number() : 1
    guard scanner.take("~") else { return schedule.repeated(count, stretchingBy: stretch) }
    let decay = try scanner.number()
    let target = scanner.take(":") ? try choice(Schedule.Decay.self, "part") : .amplitude
    return schedule.repeated(count, stretchingBy: stretch, decayingBy: decay, of: target)
  }

  /// A whole number of at least 1.
  mutating func count() throws(ScheduleError) -> Int {
    scanner.skipSpaces()
    let before = scanner
    let digits = scanner.word(where: Scanner.isDigit)
    guard let count = Int(digits), count >= 1 else {
      throw before.failure(expected: "a whole number of at least 1")
    }
    return count
  }

  // MARK: - Spans and words

  /// A sum of lengths in any units.
  mutating func span() throws(ScheduleError) -> Span {
    var total = try term()
    while true {
      scanner.skipSpaces()
      let isSigned = scanner.peek() == UInt8(ascii: "+") || scanner.peek() == UInt8(ascii: "-")
      // A plus and a parenthesis is the sum of two schedules.
      guard isSigned, scanner.peek(1) != UInt8(ascii: "(") else { return total }
      total += try term()
    }
  }

  private mutating func term() throws(ScheduleError) -> Span {
    scanner.skipSpaces()
    let sign = scanner.take("-") ? -1.0 : 1
    if sign > 0 { _ = scanner.take("+") }
    scanner.skipSpaces()
    let first = scanner.peek()
    if Scanner.isLetter(first) {
      // `rest` alone is one share of it.
      let start = scanner.position
      let word = scanner.word(where: Scanner.isLetter)
      guard word == Span.Unit.remainders.rawValue else {
        throw scanner.unknown("length", word, among: [Span.Unit.remainders.rawValue], at: start)
      }
      return Span(remainders: sign)
    }
    guard Scanner.isDigit(first) || first == UInt8(ascii: ".") else {
      throw scanner.failure(expected: "a length such as 30%, 5ep or rest")
    }
    let amount = try scanner.number("a length such as 30%, 5ep or rest")
    var span = Span.zero
    span[keyPath: try unit().keyPath] = sign * amount
    return span
  }

  private mutating func unit() throws(ScheduleError) -> Span.Unit {
    if scanner.take("%") { return .percent }
    scanner.skipSpaces()
    let start = scanner.position
    let word = scanner.word(where: Scanner.isLetter)
    guard !word.isEmpty else { throw scanner.failure(expected: "a unit: %, st, ep, sp, tok") }
    if let unit = Span.Unit(word: word) { return unit }
    throw scanner.unknown("unit", word, among: Span.Unit.words, at: start)
  }

  /// One of an enumeration's words.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ type: Choice.Type, _ kind: String
  ) throws(ScheduleError) -> Choice {
    scanner.skipSpaces()
    let start = scanner.position
    let word = name()
    let choices = type.allCases.map(\.rawValue)
    guard !word.isEmpty else {
      throw scanner.failure(expected: choices.joined(separator: " or "))
    }
    let match = type.allCases.first { plain($0.rawValue) == plain(word) }
    guard let match else { throw scanner.unknown(kind, word, among: choices, at: start) }
    return match
  }

  /// Letters, digits, `-` and `_`.
  mutating func name() -> String {
    scanner.word { byte in
      Scanner.isLetter(byte) || Scanner.isDigit(byte) || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_")
    }
  }

  /// A name without case and marks: `oneCycle`, `one-cycle` and `onecycle` are one name.
  func plain(_ name: String) -> String {
    // No known name is nearly as long as that.
    let bytes = name.utf8.prefix(64).filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    return String(decoding: bytes, as: UTF8.self).lowercased()
  }
}

// MARK: - Names

extension Span.Unit {
  static let words = ["%", "st", "ep", "sp", "tok", "rest", "steps", "epochs", "samples", "tokens"]

  init?(word: String) {
    switch word {
    case "st", "step", "steps": self = .steps
    case "ep", "epoch", "epochs": self = .epochs
    case "sp", "sample", "samples": self = .samples
    case "tok", "token", "tokens": self = .tokens
    case "rest": self = .remainders
    default: return nil
    }
  }
}

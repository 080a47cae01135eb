/// A preset's form in text: its name, its parameters and what it makes of them.
struct TextPreset: Sendable {
  /// What a parameter's value looks like.
  enum Kind: Sendable {
    case number
    case span
    case curve
    case count
    case numbers
    case spans
    case style
    case alignment
    case decay
  }

  struct Parameter: Sendable {
    let name: String
    let kind: Kind
    let isRequired: Bool

    static func required(_ name: String, _ kind: Kind = .number) -> Parameter {
      Parameter(name: name, kind: kind, isRequired: true)
    }

    static func optional(_ name: String, _ kind: Kind = .number) -> Parameter {
      Parameter(name: name, kind: kind, isRequired: false)
    }
  }

  let name: String
  let parameters: [Parameter]
  let build: @Sendable (Arguments) throws(ScheduleError) -> Schedule
}

/// A preset's arguments, by the parameters' names.
struct Arguments {
  var numbers: [String: Double] = [:]
  var spans: [String: Span] = [:]
  var numberLists: [String: [Double]] = [:]
  var spanLists: [String: [Span]] = [:]
  var curve: Curve?
  var count: Int?
  var style = Schedule.OneCycleStyle.twoPhase
  var alignment = Schedule.Alignment.exact
  var decay = Schedule.Decay.amplitude
  var given: Set<String> = []

  func number(_ name: String, or fallback: Double = 0) -> Double { numbers[name] ?? fallback }
  func span(_ name: String, or fallback: Span = .remainder) -> Span { spans[name] ?? fallback }
}

extension ScheduleParser {
  /// `name(parameter=value,…)`; required arguments may come without their names, in order.
  mutating func preset() throws(ScheduleError) -> Schedule {
    let start = scanner
    let word = name()
    if ["nan", "inf", "infinity"].contains(plain(word)) {
      throw start.failure(expected: "a finite number")
    }
    guard let preset = TextPreset.all.first(where: { plain($0.name) == plain(word) }) else {
      throw scanner.unknown(
        "schedule", word, among: TextPreset.all.map(\.name), at: start.position)
    }
    try scanner.require("(")
    var arguments = Arguments()
    scanner.skipSpaces()
    let inside = scanner
    if !scanner.take(")") {
      repeat { try argument(of: preset, into: &arguments) } while scanner.take(",")
      scanner.skipSpaces()
      let missing = preset.parameters.first {
        $0.isRequired && !arguments.given.contains($0.name)
      }
      if let missing { throw scanner.failure(expected: "\(missing.name)=…") }
      try scanner.require(")")
    } else if let missing = preset.parameters.first(where: \.isRequired) {
      throw inside.failure(expected: "\(missing.name)=… in \(preset.name)(…)")
    }
    return try preset.build(arguments)
  }

  private mutating func argument(
    of preset: TextPreset, into arguments: inout Arguments
  ) throws(ScheduleError) {
    scanner.skipSpaces()
    let before = scanner
    let word = name()
    let parameter: TextPreset.Parameter
    if !word.isEmpty, scanner.take("=") {
      guard let named = preset.parameters.first(where: { plain($0.name) == plain(word) }) else {
        throw scanner.unknown(
          "parameter of \(preset.name)", word, among: preset.parameters.map(\.name),
          at: before.position)
      }
      parameter = named
    } else {
      scanner = before
      let expected =
        "a parameter of \(preset.name): "
        + preset.parameters.map(\.name).joined(separator: ", ")
      // Without a name an argument is the first required one that is still missing.
      let next = preset.parameters.first {
        $0.isRequired && !arguments.given.contains($0.name)
      }
      guard let next else { throw scanner.failure(expected: expected) }
      parameter = next
    }
    guard arguments.given.insert(parameter.name).inserted else {
      throw before.failure(expected: "\(parameter.name) once")
    }
    try value(of: parameter, into: &arguments)
  }

  private mutating func value(
    of parameter: TextPreset.Parameter, into arguments: inout Arguments
  ) throws(ScheduleError) {
    switch parameter.kind {
    case .number: arguments.numbers[parameter.name] = try scanner.number()
    case .span: arguments.spans[parameter.name] = try span()
    case .curve: arguments.curve = try curve()
    case .count: arguments.count = try count()
    case .numbers:
      try scanner.require("{")
      arguments.numberLists[parameter.name] = try list {
        (parser: inout ScheduleParser) throws(ScheduleError) in try parser.scanner.number()
      }
    case .spans:
      try scanner.require("{")
      arguments.spanLists[parameter.name] = try list {
        (parser: inout ScheduleParser) throws(ScheduleError) in try parser.span()
      }
    case .style: arguments.style = try choice(Schedule.OneCycleStyle.self, "style")
    case .alignment: arguments.alignment = try choice(Schedule.Alignment.self, "alignment")
    case .decay: arguments.decay = try choice(Schedule.Decay.self, "part")
    }
  }
}

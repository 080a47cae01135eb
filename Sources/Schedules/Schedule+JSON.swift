extension CodingUserInfoKey {
  /// Where a decoder finds curves of your own: an array of ``Curve``.
  public static let curves: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "Schedules.curves") else {
      preconditionFailure("a key can be made of any text")
    }
    return key
  }()
}

// MARK: - Schedule

/// A key that may be any text, so that a misspelt one is seen and not skipped.
private struct FieldKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}

/// The fields of a JSON object, which may have only expected ones.
private struct Fields {
  let container: KeyedDecodingContainer<FieldKey>

  init(_ container: KeyedDecodingContainer<FieldKey>, expecting names: [String]) throws {
    self.container = container
    for key in container.allKeys where !names.contains(key.stringValue) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "expected only \(names.joined(separator: ", ")), "
          + "found '\(key.stringValue)'")
    }
  }

  func value<Value: Decodable>(_ name: String) throws -> Value {
    try container.decode(Value.self, forKey: FieldKey(name))
  }

  func optional<Value: Decodable>(_ name: String) throws -> Value? {
    try container.decodeIfPresent(Value.self, forKey: FieldKey(name))
  }
}

extension Schedule: Codable {
  /// The forms of a schedule in JSON, each the only key of an object.
  private enum Form: String, CaseIterable {
    case hold, ramp, table, sequence, `repeat`, scale, product, sum, min, max, clamp, limit
    case reverse, round

    init(_ operation: Operation) {
      switch operation {
      case .product: self = .product
      case .sum: self = .sum
      case .minimum: self = .min
      case .maximum: self = .max
      }
    }

    /// What a form of two schedules does with them.
    var operation: Operation {
      switch self {
      case .sum: .sum
      case .min: .minimum
      case .max: .maximum
      default: .product
      }
    }
  }

  /// Writes an object with one key, the form, such as `{"ramp": {"from": 0, "to": 1}}`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldKey.self)
    func fields(_ form: Form) -> KeyedEncodingContainer<FieldKey> {
      container.nestedContainer(keyedBy: FieldKey.self, forKey: FieldKey(form.rawValue))
    }
    switch node {
    case .hold(let value, let span):
      var hold = fields(.hold)
      try hold.encode(value, forKey: FieldKey("value"))
      try hold.encodeIfPresent(span.unlessRemainder, forKey: FieldKey("for"))
    case .ramp(let from, let to, let span, let curve):
      var ramp = fields(.ramp)
      try ramp.encode(from, forKey: FieldKey("from"))
      try ramp.encode(to, forKey: FieldKey("to"))
      try ramp.encodeIfPresent(span.unlessRemainder, forKey: FieldKey("over"))
      if curve != .linear { try ramp.encode(curve, forKey: FieldKey("curve")) }
    case .table(let values, let span):
      var table = fields(.table)
      try table.encode(values, forKey: FieldKey("values"))
      try table.encodeIfPresent(span.unlessRemainder, forKey: FieldKey("over"))
    case .sequence(let parts):
      try container.encode(parts, forKey: FieldKey(Form.sequence.rawValue))
    case .repeated(let inner, let repetition):
      var repeated = fields(.repeat)
      try repeated.encode(inner, forKey: FieldKey("of"))
      try repeated.encodeIfPresent(repetition.count, forKey: FieldKey("count"))
      if repetition.stretch != 1 {
        try repeated.encode(repetition.stretch, forKey: FieldKey("stretch"))
      }
      if repetition.decay != 1 { try repeated.encode(repetition.decay, forKey: FieldKey("decay")) }
      if repetition.target != .amplitude {
        try repeated.encode(repetition.target, forKey: FieldKey("decaying"))
      }
    case .scaled(let inner, let factor):
      var scale = fields(.scale)
      try scale.encode(inner, forKey: FieldKey("of"))
      try scale.encode(factor, forKey: FieldKey("by"))
    case .combined(let operation, let parts):
      let form = Form(operation)
      try container.encode(parts, forKey: FieldKey(form.rawValue))
    case .clamped(let inner, let lower, let upper):
      var clamp = fields(.clamp)
      try clamp.encode(inner, forKey: FieldKey("of"))
      try clamp.encode(lower, forKey: FieldKey("min"))
      try clamp.encode(upper, forKey: FieldKey("max"))
    case .reversed(let inner):
      try container.encode(inner, forKey: FieldKey(Form.reverse.rawValue))
    case .rounded(let inner, let multiple):
      var round = fields(.round)
      try round.encode(inner, forKey: FieldKey("of"))
      try round.encode(multiple, forKey: FieldKey("to"))
    case .limited(let inner, let span, let run):
      var limit = fields(.limit)
      try limit.encode(inner, forKey: FieldKey("of"))
      try limit.encodeIfPresent(span.unlessRemainder, forKey: FieldKey("to"))
      try limit.encodeIfPresent(run, forKey: FieldKey("run"))
    }
  }

  /// Reads what `encode(to:)` writes, or a text form in a string.
  ///
  /// - Throws: A `DecodingError` that says where and what; its underlying error is a
  ///   ``ScheduleError`` where the schedule is understood but wrong.
  public init(from decoder: any Decoder) throws {
    // Two levels of JSON to one of schedules, below what the schedule is part of.
    guard decoder.codingPath.count <= 2 * ScheduleParser.depthLimit + 20 else {
      throw decoder.corrupted(.tooDeep(limit: ScheduleParser.depthLimit))
    }
    do {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        try self.init(parsing: text, curves: decoder.curves)
      } else {
        self = try Schedule.decoded(from: decoder)
        try validate()
      }
    } catch let error as ScheduleError {
      throw decoder.corrupted(error)
    }
  }

  private static func decoded(from decoder: any Decoder) throws -> Schedule {
    let container = try decoder.container(keyedBy: FieldKey.self)
    let names = container.allKeys.map(\.stringValue).sorted()
    guard names.count == 1, let form = Form(rawValue: names[0]) else {
      let forms = Form.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "expected one of \(forms), "
            + "found \(names.isEmpty ? "nothing" : names.joined(separator: ", "))"))
    }
    let key = FieldKey(form.rawValue)
    func fields(_ names: String...) throws -> Fields {
      try Fields(container.nestedContainer(keyedBy: FieldKey.self, forKey: key), expecting: names)
    }
    switch form {
    case .hold:
      let hold = try fields("value", "for")
      return Schedule(
        node: .hold(value: try hold.value("value"), span: try hold.optional("for") ?? .remainder))
    case .ramp:
      let ramp = try fields("from", "to", "over", "curve")
      return Schedule(
        node: .ramp(
          from: try ramp.value("from"), to: try ramp.value("to"),
          span: try ramp.optional("over") ?? .remainder,
          curve: try ramp.optional("curve") ?? .linear))
    case .table:
      let table = try fields("values", "over")
      return .table(try table.value("values"), over: try table.optional("over") ?? .remainder)
    case .sequence:
      return .sequence(try container.decode([Schedule].self, forKey: key))
    case .repeat:
      let repeated = try fields("of", "count", "stretch", "decay", "decaying")
      let inner: Schedule = try repeated.value("of")
      return inner.repeated(
        try repeated.optional("count"), stretchingBy: try repeated.optional("stretch") ?? 1,
        decayingBy: try repeated.optional("decay") ?? 1,
        of: try repeated.optional("decaying") ?? .amplitude)
    case .scale:
      let scale = try fields("of", "by")
      let inner: Schedule = try scale.value("of")
      return inner.scaled(by: try scale.value("by"))
    case .product, .sum, .min, .max:
      let parts = try container.decode([Schedule].self, forKey: key)
      guard parts.count >= 2 else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription:
            "expected at least 2 schedules in a \(form.rawValue), found \(parts.count)")
      }
      return .combined(form.operation, parts)
    case .clamp:
      let clamp = try fields("of", "min", "max")
      return Schedule(
        node: .clamped(
          of: try clamp.value("of"), lower: try clamp.value("min"), upper: try clamp.value("max")))
    case .limit:
      let limit = try fields("of", "to", "run")
      let inner: Schedule = try limit.value("of")
      return inner.limited(
        to: try limit.optional("to") ?? .remainder, ofRun: try limit.optional("run"))
    case .reverse:
      return try container.decode(Schedule.self, forKey: key).reversed()
    case .round:
      let round = try fields("of", "to")
      let inner: Schedule = try round.value("of")
      return inner.rounded(toMultipleOf: try round.value("to"))
    }
  }
}

// MARK: - Span and Curve

extension Span: Codable {
  /// The span unless it is the remainder, which JSON leaves out.
  fileprivate var unlessRemainder: Span? { self == .remainder ? nil : self }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    do {
      try self.init(parsing: text)
    } catch {
      throw decoder.corrupted(error)
    }
  }
}

extension Curve: Codable {
  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Reads a text form: a built-in curve's, or the name of one in the decoder's `userInfo`.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    do {
      try self.init(parsing: text, curves: decoder.curves)
    } catch {
      throw decoder.corrupted(error)
    }
  }
}

extension Decoder {
  fileprivate var curves: [Curve] { userInfo[.curves] as? [Curve] ?? [] }

  fileprivate func corrupted(_ error: ScheduleError) -> DecodingError {
    .dataCorrupted(
      DecodingError.Context(
        codingPath: codingPath, debugDescription: error.description, underlyingError: error))
  }
}

extension Plan: Codable {
  /// Writes an array with an object per schedule.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(entries)
  }

  /// Reads what `encode(to:)` writes, or an array of words in the text form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      if let words = try? container.decode([String].self) {
        try self.init(words: words, curves: decoder.userInfo[.curves] as? [Curve] ?? [])
      } else {
        self.init(entries: try container.decode([Entry].self))
        try validate()
      }
    } catch let error as ScheduleError {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }
}

extension Plan.Entry: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case key, group, schedule, multiple, proportionalTo, reference
  }

  /// Any name at all, so that a misspelt one is seen and not skipped.
  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Writes the hyper-parameter's name, the group and the multiple if there are any, the schedule.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(key.rawValue, forKey: .key)
    try container.encodeIfPresent(group, forKey: .group)
    try container.encode(schedule, forKey: .schedule)
    if let multiple, multiple != 1 { try container.encode(multiple, forKey: .multiple) }
    guard let proportion else { return }
    try container.encode(proportion.key.rawValue, forKey: .proportionalTo)
    try container.encode(proportion.reference, forKey: .reference)
  }

  /// Reads what `encode(to:)` writes.
  public init(from decoder: any Decoder) throws {
    let names = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    let known = CodingKeys.allCases.map(\.rawValue)
    if let unknown = names.filter({ !known.contains($0) }).min() {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "expected only \(known.joined(separator: ", ")), found '\(unknown)'"))
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let key = try Self.hyperparameter(try container.decode(String.self, forKey: .key), decoder)
    let group = try container.decodeIfPresent(String.self, forKey: .group)
    guard group.map({ Plan.isGroupName($0) }) ?? true else {
      throw DecodingError.dataCorruptedError(
        forKey: .group, in: container,
        debugDescription: "expected a group's name without ':', '=' and white space")
    }
    let multiple = try container.decodeIfPresent(Int.self, forKey: .multiple)
    guard multiple.map({ key.isInteger && $0 >= 1 }) ?? true else {
      throw DecodingError.dataCorruptedError(
        forKey: .multiple, in: container,
        debugDescription: "expected a multiple of at least 1, and only for an integer")
    }
    self.init(
      key: key, group: group, schedule: try container.decode(Schedule.self, forKey: .schedule),
      multiple: key.isInteger ? multiple ?? 1 : nil)
    guard let other = try container.decodeIfPresent(String.self, forKey: .proportionalTo) else {
      return
    }
    let reference = try container.decodeIfPresent(Double.self, forKey: .reference) ?? 1
    guard reference > 0, reference.isFinite else {
      throw DecodingError.dataCorruptedError(
        forKey: .reference, in: container, debugDescription: "expected a positive reference")
    }
    proportion = Plan.Proportion(
      key: try Self.hyperparameter(other, decoder), reference: reference)
  }

  private static func hyperparameter(
    _ name: String, _ decoder: any Decoder
  ) throws -> HyperparameterKey {
    if let key = HyperparameterKey(word: name) { return key }
    let known = HyperparameterKey.allCases.map(\.rawValue)
    let nearest = nearestName(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
    throw DecodingError.dataCorrupted(
      DecodingError.Context(
        codingPath: decoder.codingPath,
        debugDescription: "unknown hyper-parameter '\(name)'\(nearest)"))
  }
}

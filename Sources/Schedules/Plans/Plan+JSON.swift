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
  private enum CodingKeys: String, CodingKey {
    case key, group, schedule, multiple
  }

  /// Writes the hyper-parameter's name, the group and the multiple if there are any, the schedule.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(key.rawValue, forKey: .key)
    try container.encodeIfPresent(group, forKey: .group)
    try container.encode(schedule, forKey: .schedule)
    if let multiple, multiple != 1 { try container.encode(multiple, forKey: .multiple) }
  }

  /// Reads what `encode(to:)` writes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .key)
    guard let key = HyperparameterKey(word: name) else {
      let known = HyperparameterKey.allCases.map(\.rawValue)
      let nearest = nearestName(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw DecodingError.dataCorruptedError(
        forKey: .key, in: container,
        debugDescription: "unknown hyper-parameter '\(name)'\(nearest)")
    }
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
  }
}

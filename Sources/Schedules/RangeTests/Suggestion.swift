/// What one rule says of a range test: a value with its reason, or the reason for none.
public enum Suggestion: Sendable, Hashable {
  /// The rule found a value of the hyper-parameter.
  ///
  /// `index` is the point of the recorded curve that it was read from; the value itself may be a
  /// fraction of the one there, and `reason` says so.
  case found(hyperparameter: Hyperparameter<Double>, value: Double, index: Int, reason: String)

  /// The rule has no answer.
  case none(reason: String)

  /// The suggested value, if there is one.
  public var value: Double? {
    guard case .found(_, let value, _, _) = self else { return nil }
    return value
  }

  /// The point of the recorded curve that the value was read from, if there is one.
  public var index: Int? {
    guard case .found(_, _, let index, _) = self else { return nil }
    return index
  }

  /// Why this value, or why none.
  public var reason: String {
    switch self {
    case .found(_, _, _, let reason), .none(let reason): reason
    }
  }
}

extension Suggestion: CustomStringConvertible {
  /// The value in three digits and the reason, or "none" and the reason.
  public var description: String {
    switch self {
    case .found(_, let value, _, let reason): "\(threeDigits(value)): \(reason)"
    case .none(let reason): "none: \(reason)"
    }
  }
}

// MARK: - JSON

/// `{"learningRate": …, "index": …, "reason": …}`, the value under the hyper-parameter's name, or
/// `{"none": "reason"}`.
extension Suggestion: Codable {
  private static let index = RangeTestKey("index")
  private static let reason = RangeTestKey("reason")
  private static let none = RangeTestKey("none")

  /// Reads a suggestion.
  ///
  /// - Parameter decoder: Where to read from.
  /// - Throws: `DecodingError` when a key is missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: RangeTestKey.self)
    if let reason = try container.decodeIfPresent(String.self, forKey: Self.none) {
      self = .none(reason: reason)
    } else {
      let (hyperparameter, key) = container.hyperparameter(\.name)
      self = .found(
        hyperparameter: hyperparameter,
        value: try container.decode(Double.self, forKey: key),
        index: try container.decode(Int.self, forKey: Self.index),
        reason: try container.decode(String.self, forKey: Self.reason))
    }
  }

  /// Writes a suggestion.
  ///
  /// - Parameter encoder: Where to write to.
  /// - Throws: Whatever the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: RangeTestKey.self)
    switch self {
    case .found(let hyperparameter, let value, let index, let reason):
      try container.encode(value, forKey: RangeTestKey(hyperparameter.name))
      try container.encode(index, forKey: Self.index)
      try container.encode(reason, forKey: Self.reason)
    case .none(let reason):
      try container.encode(reason, forKey: Self.none)
    }
  }
}

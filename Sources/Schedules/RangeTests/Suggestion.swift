/// What one rule says of a range test: a learning rate with its reason, or the reason for none.
public enum Suggestion: Sendable, Hashable {
  /// The rule found a learning rate.
  ///
  /// `index` is the point of the recorded curve that it was read from; the rate itself may be a
  /// fraction of the rate there, and `reason` says so.
  case found(learningRate: Double, index: Int, reason: String)

  /// The rule has no answer.
  case none(reason: String)

  /// The suggested learning rate, if there is one.
  public var learningRate: Double? {
    guard case .found(let learningRate, _, _) = self else { return nil }
    return learningRate
  }

  /// The point of the recorded curve that the rate was read from, if there is one.
  public var index: Int? {
    guard case .found(_, let index, _) = self else { return nil }
    return index
  }

  /// Why this rate, or why none.
  public var reason: String {
    switch self {
    case .found(_, _, let reason), .none(let reason): reason
    }
  }
}

extension Suggestion: CustomStringConvertible {
  /// The rate in three digits and the reason, or "none" and the reason.
  public var description: String {
    switch self {
    case .found(let learningRate, _, let reason): "\(threeDigits(learningRate)): \(reason)"
    case .none(let reason): "none: \(reason)"
    }
  }
}

// MARK: - JSON

/// `{"learningRate": …, "index": …, "reason": …}`, or `{"none": "reason"}`.
extension Suggestion: Codable {
  private enum CodingKeys: String, CodingKey {
    case learningRate, index, reason, none
  }

  /// Reads a suggestion.
  ///
  /// - Parameter decoder: Where to read from.
  /// - Throws: `DecodingError` when a key is missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let reason = try container.decodeIfPresent(String.self, forKey: .none) {
      self = .none(reason: reason)
    } else {
      self = .found(
        learningRate: try container.decode(Double.self, forKey: .learningRate),
        index: try container.decode(Int.self, forKey: .index),
        reason: try container.decode(String.self, forKey: .reason))
    }
  }

  /// Writes a suggestion.
  ///
  /// - Parameter encoder: Where to write to.
  /// - Throws: Whatever the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .found(let learningRate, let index, let reason):
      try container.encode(learningRate, forKey: .learningRate)
      try container.encode(index, forKey: .index)
      try container.encode(reason, forKey: .reason)
    case .none(let reason):
      try container.encode(reason, forKey: .none)
    }
  }
}

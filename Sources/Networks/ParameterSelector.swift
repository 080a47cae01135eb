/// A text that names some of a network's parameters: what stands before the colon in
/// `biases:weightDecay=0`.
///
/// It is a list, with commas, of
/// - `biases`: parameters called `bias`, those of batch norm too;
/// - `norms`: scale and shift of every batch norm;
/// - a path or the beginning of one, up to a dot: `layer1` is all of `layer1.0.conv1.weight` and so
///   on; `*` stands for anything: `*.conv1`, `layer*.bn*`.
public struct ParameterSelector: Hashable, Sendable {
  /// The text.
  public let text: String
  private let patterns: [Substring]

  /// Makes a selector; every text is one, though it may name no parameter.
  public init(_ text: String) {
    self.text = text
    patterns = text.split(separator: ",")
  }

  /// Whether it names a parameter.
  func selects(_ name: String, isOfBatchNorm: Bool) -> Bool {
    patterns.contains { pattern in
      switch pattern {
      case "biases": name == "bias" || name.hasSuffix(".bias")
      case "norms": isOfBatchNorm
      default: Self.matches(Array(pattern.utf8)[...], Array(name.utf8)[...])
      }
    }
  }

  private static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else {
      return name.first.map { $0 == UInt8(ascii: ".") } ?? true
    }
    if first == UInt8(ascii: "*") {
      return (name.startIndex...name.endIndex).contains {
        matches(pattern.dropFirst(), name[$0...])
      }
    }
    return name.first == first && matches(pattern.dropFirst(), name.dropFirst())
  }
}

/// Parameters that share their hyper-parameters.
public struct ParameterGroup: Hashable, Sendable {
  /// The selectors that name the parameters, in their order; none for those that none names.
  public let selectors: [String]

  /// The selectors, or `all`.
  public var name: String { selectors.isEmpty ? "all" : selectors.joined(separator: " + ") }
}

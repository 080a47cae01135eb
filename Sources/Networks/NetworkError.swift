/// What cannot be chosen about a network.
public enum NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A network without the part that the choice is about.
  case noPlace(network: String, choice: String, expected: String)

  /// One sentence: what was expected, what was found, where.
  public var description: String {
    switch self {
    case .noPlace(let network, let choice, let expected):
      "expected \(expected) in \(network) for \(choice), found none"
    }
  }
}

/// How a node's parameters start.
public enum ParameterStart: String, Hashable, Sendable {
  /// As the layer's kind has it: He's normal filters, batch norms of weight 1.
  case standard
  /// A batch norm's weight is 0.
  case zero
  /// A convolution hands its input on: ``Initialization/dirac(inputs:size:)``.
  case dirac
  /// A convolution whitens the images' patches and is not trained: ``PatchCovariance``.
  case whitening
}

/// How a network's parameters start: any of three departures from He's normal filters and batch norms
/// of weight 1.
///
/// The text form is a list such as `dirac,whitening`, and `he` for none of them.
public struct InitializationChoice: Hashable, Sendable {
  /// Whether residual branches that end in a batch norm start as 0.
  ///
  /// Goyal and others 2017 (arXiv 1706.02677, §5.1).
  public var zeroesResiduals: Bool
  /// Whether filters with a middle start by handing their input on.
  public var startsAsIdentity: Bool
  /// Whether the first convolution whitens the patches of the training images.
  public var whitensPatches: Bool

  /// He's initialisation.
  public static let he = InitializationChoice()

  /// Makes a choice.
  public init(
    zeroesResiduals: Bool = false, startsAsIdentity: Bool = false, whitensPatches: Bool = false
  ) {
    self.zeroesResiduals = zeroesResiduals
    self.startsAsIdentity = startsAsIdentity
    self.whitensPatches = whitensPatches
  }
}

extension Network {
  /// The same network with other starts for its parameters.
  ///
  /// - Parameter choice: How they start.
  /// - Returns: The network with its own name.
  /// - Throws: ``NetworkError`` if the network has no place for one of them.
  public func starting(with choice: InitializationChoice) throws(NetworkError) -> Network {
    var starts: [String: ParameterStart] = [:]
    func choose(
      _ start: ParameterStart, _ word: String, expected: String, _ isPlace: (Node) -> Bool
    ) throws(NetworkError) {
      let places = nodes.filter(isPlace)
      guard !places.isEmpty else {
        throw .noPlace(network: name, choice: "initialization \(word)", expected: expected)
      }
      for place in places { starts[place.path] = start }
    }
    if choice.zeroesResiduals {
      // A block adds its branch first and its shortcut second.
      let branchEnds = Set(nodes.filter { $0.layer == .addition }.map { $0.inputs[0] })
      let ends = Set(
        nodes.indices.filter { branchEnds.contains(NodeIndex(position: $0)) }.map { nodes[$0].path }
      )
      try choose(.zero, "zero-gamma", expected: "residual branches that end in a batch norm") {
        node in
        if case .batchNorm = node.layer { ends.contains(node.path) } else { false }
      }
    }
    if choice.startsAsIdentity {
      try choose(.dirac, "dirac", expected: "convolutions of odd size") { node in
        guard case .convolution(_, let size, _, _) = node.layer else { return false }
        return size % 2 == 1
      }
    }
    if choice.whitensPatches {
      let expected = "a first convolution with two filters for each value of a patch"
      try choose(.whitening, "whitening", expected: expected) { node in
        guard case .convolution(let outputs, let size, _, _) = node.layer,
          node.inputs == [images]
        else { return false }
        return outputs == 2 * imageChannels * size * size
      }
    }
    return rebuilt { network, node, inputs in
      network.copy(node, inputs, start: starts[node.path])
    }
  }
}

// MARK: - Text

extension InitializationChoice: LosslessStringConvertible, Codable {
  private static var words: [(word: String, path: WritableKeyPath<Self, Bool>)] {
    [
      ("zero-gamma", \.zeroesResiduals), ("dirac", \.startsAsIdentity),
      ("whitening", \.whitensPatches),
    ]
  }

  /// The words of the text form, without `he`.
  public static var names: [String] { words.map(\.word) }

  /// Reads the text form; `nil` for a word that is none or comes twice.
  public init?(_ description: String) {
    self.init()
    if description == "he" { return }
    for part in description.split(separator: ",", omittingEmptySubsequences: false) {
      guard let path = Self.words.first(where: { $0.word == part })?.path, !self[keyPath: path]
      else { return nil }
      self[keyPath: path] = true
    }
  }

  /// The text form.
  public var description: String {
    let chosen = Self.words.filter { self[keyPath: $0.path] }.map(\.word)
    return chosen.isEmpty ? "he" : chosen.joined(separator: ",")
  }

  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let choice = Self(text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "expected he or a list of \(Self.names.joined(separator: ", ")) as "
          + "initialization, found '\(text)'")
    }
    self = choice
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A count as somebody published it, with as many digits as they gave.
///
///     PublishedFigure(27, exponent: 4)   // 0.27 million
public struct PublishedFigure: Hashable, Sendable {
  /// The published digits as a whole number.
  public let digits: Int
  /// The power of ten of the last digit, in 0…15.
  public let exponent: Int

  /// Makes a figure.
  ///
  /// - Parameters:
  ///   - digits: The published digits as a whole number.
  ///   - exponent: The power of ten of the last digit, in 0…15; 0 for an exact count.
  public init(_ digits: Int, exponent: Int = 0) {
    precondition(0...15 ~= exponent, "a last digit of 10^\(exponent) is no count's")
    self.digits = digits
    self.exponent = exponent
  }

  /// The figure's value.
  public var value: Double {
    (0..<exponent).reduce(Double(digits)) { value, _ in value * 10 }
  }

  /// Whether a count is the published one, rounded to the published digits.
  public func agrees(with count: Int) -> Bool {
    let lastDigit = (0..<exponent).reduce(1.0) { value, _ in value * 10 }
    return abs(Double(count) - value) <= lastDigit / 2
  }
}

/// What others say about a network's size.
public struct Published: Hashable, Sendable {
  /// Trained values.
  public let parameters: PublishedFigure
  /// Multiply-and-add operations for an image, half of what is counted as FLOPs here.
  public let multiplyAdds: PublishedFigure?
  /// Where the figures stand.
  public let source: String

  init(parameters: PublishedFigure, multiplyAdds: PublishedFigure? = nil, source: String) {
    self.parameters = parameters
    self.multiplyAdds = multiplyAdds
    self.source = source
  }
}

/// A counter-based random stream: a pure function of its key and a position.
///
/// Every number is `mix(key + position · γ)` with SplitMix64's finaliser (Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators", OOPSLA 2014), so a draw can be made in any
/// order, on any thread, and again after a resume, and is always the same. The key is made of
/// (seed, purpose, index): streams for different purposes never share draws.
public struct RandomStream: RandomNumberGenerator, Sendable, Hashable {
  /// What a stream is used for; part of its key.
  public enum Purpose: UInt64, Sendable {
    /// Initial parameters of a network.
    case initialization = 1
    /// The order of the samples in an epoch.
    case shuffle = 2
    /// Crops, flips and other choices of an epoch's augmentation.
    case augmentation = 3
    /// Synthetic data.
    case syntheticData = 4
    /// Anything a test draws.
    case test = 5
  }

  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
  private let key: UInt64
  /// Draws made so far; setting it moves the stream.
  public var position: UInt64

  /// Makes a stream.
  ///
  /// - Parameters:
  ///   - seed: The run's seed.
  ///   - purpose: What the draws are for.
  ///   - index: A further part of the key, for example the epoch or the parameter's number.
  public init(seed: UInt64, purpose: Purpose, index: UInt64 = 0) {
    var state = Self.mix(seed &+ Self.increment)
    state = Self.mix(state ^ purpose.rawValue &* 0xD6E8_FEB8_6659_FD93)
    key = Self.mix(state ^ index &* 0xA076_1D64_78BD_642F)
    position = 0
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The 64 bits at `position`, without moving the stream.
  public func bits(at position: UInt64) -> UInt64 {
    Self.mix(key &+ (position &+ 1) &* Self.increment)
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    defer { position &+= 1 }
    return bits(at: position)
  }

  /// A uniform number in 0..<1 with 53 random bits.
  public mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A whole number in `0..<bound`, without bias to speak of: 64-bit multiply and shift.
  ///
  /// - Precondition: `bound` ≥ 1.
  public mutating func nextInteger(below bound: Int) -> Int {
    precondition(bound >= 1, "a bound of at least 1 is needed, found \(bound)")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A standard normal number, by the Box–Muller transform; takes two draws.
  public mutating func nextNormal() -> Double {
    let radius = (-2 * logarithm(1 - nextUniform())).squareRoot()
    return radius * cosine(2 * .pi * nextUniform())
  }
}

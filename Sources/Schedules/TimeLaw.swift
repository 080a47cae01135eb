/// A value as a function of the time since its phase began, whatever the phase's length.
///
/// `Length` is a ``Span`` in a curve, and a number of steps where it is placed in a run.
enum TimeLaw<Length: Hashable & Sendable>: Hashable, Sendable {
  case inverse(power: Double, every: Length)
  case sigmoid(midpoint: Length, width: Length)
  case noise(seed: UInt64, every: Length)

  /// The law with its lengths in another form.
  func mapped<Other, Failure>(
    _ transform: (Length) throws(Failure) -> Other
  ) throws(Failure) -> TimeLaw<Other> {
    switch self {
    case .inverse(let power, let every):
      .inverse(power: power, every: try transform(every))
    case .sigmoid(let midpoint, let width):
      .sigmoid(midpoint: try transform(midpoint), width: try transform(width))
    case .noise(let seed, let every):
      .noise(seed: seed, every: try transform(every))
    }
  }

  /// The length that time is measured in, which is positive, with its name.
  var unit: (name: String, length: Length) {
    switch self {
    case .inverse(_, let every), .noise(_, let every): ("every", every)
    case .sigmoid(_, let width): ("width", width)
    }
  }
}

extension TimeLaw<Double> {
  /// The value at a time, a law that goes from `a` towards `b`.
  ///
  /// An instant less than `tolerance` before the next number of the noise has that number.
  func value(from a: Double, to b: Double, at time: Double, tolerance: Double) -> Double {
    let left: Double
    switch self {
    case .inverse(let power, let every):
      let base = 1 + max(time, 0) / every
      left = power == 0.5 ? 1 / base.squareRoot() : Elementary.power(base, -power)
    case .sigmoid(let midpoint, let width):
      left = Elementary.logistic(-(time - midpoint) / width)
    case .noise(let seed, let every):
      let index = min(max(((time + tolerance) / every).rounded(.down), 0), 0x1p62)
      left = 1 - CounterNoise.share(seed: seed, index: UInt64(index))
    }
    let value = a * left + b * (1 - left)
    return a < b ? min(max(value, a), b) : min(max(value, b), a)
  }
}

// MARK: - Curves

extension Curve {
  /// A share `(1 + t / every)⁻ᵖᵒʷᵉʳ` of the way back to the start is left at the time `t`.
  ///
  /// Caffe's `inv` policy has `every = 1 / gamma` steps; a power of ½ after a warm-up as long as
  /// `every` is the inverse square root of Vaswani and others 2017 (arXiv 1706.03762). The law never
  /// arrives at the ramp's last value: it is the floor that it sinks towards.
  ///
  /// - Parameters:
  ///   - power: How fast it falls, > 0.
  ///   - every: The time after which `2⁻ᵖᵒʷᵉʳ` is left, > 0.
  /// - Returns: A law that does not depend on the ramp's length.
  public static func inverse(power: Double = 1, every: Span) -> Curve {
    Curve(form: .law(.inverse(power: power, every: every)))
  }

  /// A share `1 / (1 + exp((t − midpoint) / width))` of the start is left at the time `t`: Caffe's
  /// `sigmoid` policy, with `width = 1 / gamma` steps.
  ///
  /// - Parameters:
  ///   - midpoint: When the value is half-way between the ends, ≥ 0.
  ///   - width: The time around the midpoint in which a share of 0.73 becomes ½, > 0.
  /// - Returns: A law that does not depend on the ramp's length.
  public static func sigmoid(midpoint: Span, width: Span) -> Curve {
    Curve(form: .law(.sigmoid(midpoint: midpoint, width: width)))
  }

  /// A number between the two ends, drawn anew, evenly, in every stretch of time.
  ///
  /// The number is a function of the seed and of how many stretches have passed: a value at a step does
  /// not depend on which others were looked at, and a resumed run sees the same ones.
  public static func noise(seed: UInt64, every: Span = 1.step) -> Curve {
    Curve(form: .law(.noise(seed: seed, every: every)))
  }
}

extension Curve {
  /// The curve in a schedule whose lengths are changed: a law's lengths change with them.
  func mappingSpans(_ transform: (Span) -> Span) -> Curve {
    guard case .law(let law) = form else { return self }
    return Curve(form: .law(law.mapped(transform)))
  }
}

// MARK: - Numbers from counters

/// Random numbers without state: number `index` of the stream `seed`.
///
/// SplitMix64's output function (Steele, Lea and Flood 2014) of a state that depends on both.
enum CounterNoise {
  /// A multiple of 2⁻⁵³ in 0..<1.
  static func share(seed: UInt64, index: UInt64) -> Double {
    // The seed is mixed on its own first: neighbouring seeds are not one stream, shifted.
    Double(mixed(mixed(seed) &+ index &* 0x9E37_79B9_7F4A_7C15) >> 11) * 0x1p-53
  }

  private static func mixed(_ state: UInt64) -> UInt64 {
    var z = state &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

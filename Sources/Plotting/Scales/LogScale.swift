/// A scale on which equal ratios take equal room, with decimal ticks.
///
/// Zero and negative values have no place on it.
public struct LogScale: Scale, Hashable {
  /// The data values at the two ends, both positive.
  public let domain: ClosedRange<Double>
  private let lower: Double
  private let upper: Double

  /// Makes a logarithmic scale.
  ///
  /// - Parameter domain: The data values at the two ends. Where the lower end is not positive the
  ///   scale starts three decades below the upper one; where neither is, it shows 0.1…1. Ends that
  ///   coincide are moved apart by a factor of two each.
  public init(domain: ClosedRange<Double>) {
    let limit = LinearScale.limit
    let top = domain.upperBound > 0 ? min(max(domain.upperBound, 1 / limit), limit) : 1
    var bottom = domain.lowerBound > 0 ? max(min(domain.lowerBound, limit), 1 / limit) : top / 1000
    if domain.upperBound <= 0 { bottom = 0.1 }
    let isNarrow = top / bottom < 1 + 1e-9
    self.domain = isNarrow ? (bottom / 2)...(top * 2) : bottom...top
    lower = decimalLogarithm(self.domain.lowerBound)
    upper = decimalLogarithm(self.domain.upperBound)
  }

  /// The position of a value: 0 at the lower end of the domain, 1 at the upper.
  public func fraction(of value: Double) -> Double? {
    guard value.isFinite && value > 0 else { return nil }
    return (decimalLogarithm(value) - lower) / (upper - lower)
  }

  /// Labels at powers of ten, or at 1, 2 and 5 times those when there is room for them.
  ///
  /// A domain inside less than a decade gets the ticks of a linear scale.
  public func ticks(atMost count: Int) -> [Tick] {
    let span = upper - lower
    if span < 0.8 { return LinearScale(domain: domain).ticks(atMost: count) }
    let first = decade(of: domain.lowerBound)
    let last = decade(of: domain.upperBound)
    let stride = max(1, Int((span / Double(max(count, 1))).rounded(.up)))
    let labelled: Set<Int> = span * 3 <= Double(count) ? [1, 2, 5] : [1]
    var ticks: [Tick] = []
    for exponent in first...last {
      // Between decades that are themselves skipped, the eight inner marks say nothing.
      for multiple in stride == 1 ? 1...9 : 1...1 {
        let scale = powerOfTen(abs(exponent))
        let value = exponent < 0 ? Double(multiple) / scale : Double(multiple) * scale
        guard value >= domain.lowerBound * (1 - 1e-9), value <= domain.upperBound * (1 + 1e-9)
        else { continue }
        let hasLabel = labelled.contains(multiple) && exponent.isMultiple(of: stride)
        let label = hasLabel ? NumberText.magnitude(multiple, exponent: exponent) : nil
        if stride == 1 || label != nil { ticks.append(Tick(value: value, label: label)) }
      }
    }
    return ticks
  }
}

/// A scale on which equal differences take equal room.
public struct LinearScale: Scale, Hashable {
  /// The data values at the two ends.
  public let domain: ClosedRange<Double>
  /// How tick values are written.
  public let style: NumberText.TickStyle
  /// Whether ticks stand at whole numbers only, as for steps.
  public let usesWholeTicks: Bool

  /// The largest magnitude that has a place of its own; what lies beyond is drawn there.
  static let limit = 1e300

  /// Makes a linear scale.
  ///
  /// - Parameters:
  ///   - domain: The data values at the two ends. A domain too narrow to tell its ends apart in
  ///     `Double` arithmetic is widened around its middle.
  ///   - style: How tick values are written.
  ///   - usesWholeTicks: Whether ticks stand at whole numbers only.
  public init(
    domain: ClosedRange<Double>, style: NumberText.TickStyle = .plain, usesWholeTicks: Bool = false
  ) {
    self.domain = Self.drawable(domain)
    self.style = style
    self.usesWholeTicks = usesWholeTicks
  }

  /// A domain that arithmetic can divide: finite, and wide enough for its own magnitude.
  private static func drawable(_ domain: ClosedRange<Double>) -> ClosedRange<Double> {
    let lower = min(max(domain.lowerBound, -limit), limit)
    let upper = min(max(domain.upperBound, -limit), limit)
    let magnitude = max(abs(lower), abs(upper))
    if magnitude < 1 / limit { return -1...1 }
    // Differences under 1e-10 of the values are rounding, not something to see.
    if upper - lower > magnitude * 1e-10 { return lower...upper }
    let margin = magnitude * 0.05
    return (lower - margin)...(upper + margin)
  }

  /// The position of a value: 0 at the lower end of the domain, 1 at the upper.
  public func fraction(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    let bounded = min(max(value, -Self.limit), Self.limit)
    return (bounded - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
  }

  /// Ticks at multiples of 1, 2 or 5 times a power of ten.
  public func ticks(atMost count: Int) -> [Tick] {
    let span = domain.upperBound - domain.lowerBound
    var (multiple, exponent) = Self.step(atLeast: span / Double(max(count, 1)))
    if usesWholeTicks && exponent < 0 { (multiple, exponent) = (1, 0) }
    // Negative powers of ten are not exact, their inverses are: 3 / 10 is 0.3 and 3 · 0.1 is not.
    let scale = powerOfTen(abs(exponent))
    let value = { (index: Int) -> Double in
      let units = Double(index * multiple)
      return exponent < 0 ? units / scale : units * scale
    }
    let step = value(1)
    // A tick at the very end of the domain stays although its quotient was rounded beyond it.
    let tolerance = 1e-9
    let first = Int((domain.lowerBound / step - tolerance).rounded(.up))
    let last = Int((domain.upperBound / step + tolerance).rounded(.down))
    guard first <= last else { return [] }
    let indices = Array(first...last)
    let labels = NumberText.tickLabels(
      indices.map { $0 * multiple }, exponent: exponent, style: style)
    return zip(indices, labels).map { Tick(value: value($0), label: $1) }
  }

  /// The smallest 1, 2 or 5 times a power of ten that is not below a width.
  private static func step(atLeast width: Double) -> (multiple: Int, exponent: Int) {
    let exponent = decade(of: width)
    let unit = powerOfTen(exponent)
    for multiple in [1, 2, 5] where Double(multiple) * unit >= width * (1 - 1e-9) {
      return (multiple, exponent)
    }
    return (1, exponent + 1)
  }
}

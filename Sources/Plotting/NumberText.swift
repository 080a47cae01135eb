/// Numbers as a reader of figures and tables wants them, the same on every machine.
public enum NumberText {
  /// How the ticks of a linear scale are written.
  public enum TickStyle: String, Hashable, Sendable, Codable {
    /// As decimals, with `k` and `M` for thousands and millions and `1e-4` for the very small.
    case plain
    /// As per cent: the value 0.25 is written `25%`.
    case percent
  }

  /// A number with a fixed count of decimals, for example `0.90`.
  ///
  /// - Parameters:
  ///   - value: The number; NaN gives `NaN`, infinities give `∞` and `−∞`.
  ///   - decimals: Digits after the point, 0…15.
  /// - Returns: The number; one too large to have that many decimals has six significant digits.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    let places = min(max(decimals, 0), 15)
    let scaled = (value * powerOfTen(places)).rounded()
    guard abs(scaled) < 9e15 else { return significant(value, digits: 6) }
    return decimal(Int(scaled), exponent: -places)
  }

  /// A number with at most so many significant digits, for example `0.0123`, `1.5` or `2e-5`.
  ///
  /// - Parameters:
  ///   - value: The number; NaN gives `NaN`, infinities give `∞` and `−∞`.
  ///   - digits: Significant digits, 1…15; zeros at the end are dropped.
  /// - Returns: The number, in powers of ten below 0.001 and from 10,000.
  public static func significant(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    guard value != 0 else { return "0" }
    let magnitude = abs(value)
    let places = min(max(digits, 1), 15)
    var exponent = decade(of: magnitude) - places + 1
    // Two factors, since one alone would underflow for the smallest numbers.
    let half = exponent / 2
    var mantissa = Int((magnitude / powerOfTen(half) / powerOfTen(exponent - half)).rounded())
    while mantissa != 0 && mantissa.isMultiple(of: 10) {
      mantissa /= 10
      exponent += 1
    }
    return (value < 0 ? minus : "") + self.magnitude(mantissa, exponent: exponent)
  }

  /// A share as per cent, for example `87.3 %`.
  ///
  /// - Parameters:
  ///   - value: The share; 1 is the whole.
  ///   - decimals: Digits after the point.
  /// - Returns: The share with a space before the sign.
  public static func percent(_ value: Double, decimals: Int = 1) -> String {
    value.isFinite ? fixed(value * 100, decimals: decimals) + " %" : nonFinite(value)
  }

  /// The typographic minus sign, as wide as the digits beside it.
  static let minus = "−"

  private static func nonFinite(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    return value < 0 ? minus + "∞" : "∞"
  }

  /// mantissa · 10^exponent, written out in full.
  static func decimal(_ mantissa: Int, exponent: Int) -> String {
    let sign = mantissa < 0 ? minus : ""
    var digits = String(mantissa.magnitude)
    if exponent >= 0 {
      return sign + digits + (mantissa == 0 ? "" : String(repeating: "0", count: exponent))
    }
    let missing = 1 - exponent - digits.count
    if missing > 0 { digits = String(repeating: "0", count: missing) + digits }
    return sign + digits.dropLast(-exponent) + "." + digits.suffix(-exponent)
  }

  /// A positive mantissa · 10^exponent as a decimal from 0.001 to 9999, else as `2e-5`.
  static func magnitude(_ mantissa: Int, exponent: Int) -> String {
    let digits = String(mantissa)
    let leading = exponent + digits.count - 1
    if leading >= -3 && leading < 4 { return decimal(mantissa, exponent: exponent) }
    let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
    return "\(digits.prefix(1))\(fraction)e\(leading)"
  }

  /// The labels of evenly spaced ticks m · 10^exponent, all in the same unit and to the same place.
  static func tickLabels(_ mantissas: [Int], exponent: Int, style: TickStyle) -> [String] {
    if style == .percent {
      return mantissas.map { decimal($0, exponent: exponent + 2) + "%" }
    }
    let largest = mantissas.map(\.magnitude).max() ?? 0
    guard largest > 0 else { return mantissas.map { _ in "0" } }
    let leading = String(largest).count - 1 + exponent
    return mantissas.map { mantissa in
      if mantissa == 0 { return "0" }
      switch leading {
      case -3..<4: return decimal(mantissa, exponent: exponent)
      case 4..<6: return decimal(mantissa, exponent: exponent - 3) + "k"
      case 6..<9: return decimal(mantissa, exponent: exponent - 6) + "M"
      default: return scientific(mantissa, exponent: exponent)
      }
    }
  }

  private static func scientific(_ mantissa: Int, exponent: Int) -> String {
    var (digits, power) = (mantissa.magnitude, exponent)
    while digits.isMultiple(of: 10) {
      digits /= 10
      power += 1
    }
    let text = String(digits)
    let fraction = text.count > 1 ? "." + text.dropFirst() : ""
    return "\(mantissa < 0 ? minus : "")\(text.prefix(1))\(fraction)e\(power + text.count - 1)"
  }
}

/// A column of numbers in the shortest of the forms that the script reads.
enum Column {
  /// Bits of the fraction that measured values keep, from `Float`'s own down to a relative error of
  /// 0.012 %.
  static let precisions = [23, 20, 18, 16, 14, 13, 12]
  /// Columns up to this length are written as decimals, all digits of them.
  private static let shortLength = 24
  /// The greatest relative error of values between the knots of a schedule.
  private static let knotTolerance = 1 / 131_072.0

  /// Values that are not to lose precision: places on an axis, and schedules.
  static func exact(_ values: [Double]) -> String {
    structured(values) ?? integers(values) ?? coded(values, bits: 23)
  }

  /// Values that were measured.
  static func measured(_ values: [Double], bits: Int) -> String {
    structured(values) ?? coded(values, bits: bits)
  }

  /// Values that are few, evenly spaced or piecewise linear; nil for others.
  static func structured(_ values: [Double]) -> String? {
    if values.count <= shortLength { return JSONText.numbers(values) }
    if let (from, by) = ColumnCoding.progression(values) {
      return JSONText.object([
        "n": "\(values.count)", "from": JSONText.number(from), "by": JSONText.number(by),
      ])
    }
    guard
      let knots = ColumnCoding.knots(
        values, tolerance: knotTolerance, limit: max(values.count / 8, 8))
    else { return nil }
    return JSONText.object([
      "n": "\(values.count)", "k": "\(knots.count)",
      "at": JSONText.string(ColumnCoding.text(knots)),
      "keys": JSONText.string(
        ColumnCoding.text(ColumnCoding.keys(knots.map { values[$0] }, bits: 23))),
    ])
  }

  /// Whole numbers as they are; nil when not all are.
  static func integers(_ values: [Double]) -> String? {
    guard values.allSatisfy({ $0 == $0.rounded() && abs($0) < 4e9 }) else { return nil }
    return JSONText.object([
      "n": "\(values.count)",
      "integers": JSONText.string(ColumnCoding.text(values.map { Int($0) })),
    ])
  }

  private static func coded(_ values: [Double], bits: Int) -> String {
    JSONText.object([
      "n": "\(values.count)", "bits": "\(bits)",
      "keys": JSONText.string(ColumnCoding.text(ColumnCoding.keys(values, bits: bits))),
    ])
  }
}

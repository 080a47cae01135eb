/// A colour of the terminal's own palette, so that it is readable on the background its user chose.
struct TerminalColor: Hashable, Sendable {
  /// The number of ECMA-48's "select graphic rendition".
  private let number: Int

  static let green = TerminalColor(number: 32)
  static let grey = TerminalColor(number: 90)
  /// What ends every colour.
  static let end = "\u{1b}[0m"

  /// Cyan, yellow, magenta, green, red, blue: curves whose first three are told apart by all eyes.
  private static let series = [36, 33, 35, 32, 31, 94]
  static var seriesCount: Int { series.count }

  private init(number: Int) { self.number = number }

  /// The colour of a curve.
  ///
  /// - Parameter index: Its place among at most `seriesCount`.
  init(series index: Int) { self.init(number: Self.series[index]) }

  /// What begins the colour.
  var start: String { "\u{1b}[\(number)m" }
}

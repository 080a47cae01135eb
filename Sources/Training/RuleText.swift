/// The text of a callback's rule: words and named numbers with commas between, `testLoss,patience=3`.
///
/// What is understood is taken out; a rule with something left is none.
struct RuleText {
  private var words: [String] = []
  private var numbers: [String: Double] = [:]

  /// Takes a text apart; nil where a number is none, or there twice.
  init?(_ text: String) {
    guard !text.isEmpty else { return }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        words.append(String(part))
        continue
      }
      guard let number = Double(sides[1]), number.isFinite,
        numbers.updateValue(number, forKey: String(sides[0])) == nil
      else { return nil }
    }
  }

  /// Whether everything has been understood.
  var isEmpty: Bool { words.isEmpty && numbers.isEmpty }

  /// The measurement that the rule watches, its first word; nil where that is another word.
  mutating func takeMeasurement(
    otherwise measurement: MetricsLog.Measurement
  ) -> MetricsLog.Measurement? {
    if words.isEmpty { return measurement }
    return MetricsLog.Measurement(rawValue: words.removeFirst())
  }

  /// A number by its name; nil where it is out of range.
  mutating func takeNumber(
    _ name: String, _ range: ClosedRange<Double>, otherwise: Double
  ) -> Double? {
    let number = numbers.removeValue(forKey: name) ?? otherwise
    return range.contains(number) ? number : nil
  }

  /// A whole number by its name; nil where it is out of range.
  mutating func takeCount(_ name: String, from minimum: Int = 0, otherwise: Int) -> Int? {
    takeNumber(name, Double(minimum)...1e9, otherwise: Double(otherwise))
      .flatMap { Int(exactly: $0) }
  }
}

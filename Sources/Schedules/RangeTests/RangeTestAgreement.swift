/// What several range tests of one recipe, each with its own seed, say together.
///
/// A rule's answer on one curve is a draw from a wide distribution. Over several seeds it is the
/// median, with the ratio of its largest to its smallest answer beside it, and nothing where that
/// ratio says that the answers are about different places.
public struct RangeTestAgreement: Hashable, Sendable, Codable {
  /// One rule over all curves.
  public struct Rule: Hashable, Sendable, Codable {
    /// The rule's name: `valley`, `slide`, `minimum`, `steep`, `steepest`, `smithBase`, `smithMax`.
    public let name: String
    /// The answers in the order of the curves, those without one left out.
    public let values: [Double]
    /// How many curves were asked.
    public let curveCount: Int
    /// The median answer, if the rule agrees with itself; otherwise the reason for none.
    public let suggestion: Outcome

    /// The largest answer over the smallest; nothing for fewer than two answers above 0.
    public var spread: Double? {
      guard values.count >= 2, let least = values.min(), let most = values.max(), least > 0 else {
        return nil
      }
      return most / least
    }
  }

  /// A median, or why there is none.
  public enum Outcome: Hashable, Sendable, Codable {
    /// The median of the answers.
    case median(value: Double)
    /// Why the rule suggests nothing.
    case none(reason: String)

    /// The median, if there is one.
    public var value: Double? {
      guard case .median(let value) = self else { return nil }
      return value
    }
  }

  /// The largest ratio of a rule's answers with which it still agrees with itself, > 1.
  public let tolerance: Double
  /// Every rule, the five for one rate first and then Smith's bounds.
  public let rules: [Rule]

  /// Asks every rule about every curve.
  ///
  /// - Parameters:
  ///   - curves: What the tests recorded, at least one.
  ///   - tolerance: The largest ratio of a rule's answers that counts as agreement, > 1: a factor of
  ///     3 is half a decade.
  /// - Throws: `ScheduleError.rangeTest` for no curves, or a tolerance of 1 or less.
  public init(_ curves: [RangeTestCurve], tolerance: Double = 3) throws(ScheduleError) {
    guard !curves.isEmpty else { throw .rangeTest(expected: "at least one curve", found: "none") }
    guard tolerance > 1 else {
      throw .rangeTest(expected: "a tolerance of more than 1", found: formatted(tolerance))
    }
    self.tolerance = tolerance
    let answers = curves.map { curve in
      let suggestions = curve.suggestions
      return suggestions.named + [
        ("smithBase", suggestions.smith.base), ("smithMax", suggestions.smith.max),
      ]
    }
    rules = answers[0].indices.map { index in
      let values = answers.compactMap { $0[index].suggestion.learningRate }
      return Rule(
        name: answers[0][index].name, values: values, curveCount: curves.count,
        suggestion: Self.outcome(
          values, of: curves.count, tolerance: tolerance,
          reason: answers[0][index].suggestion.reason))
    }
  }

  private static func outcome(
    _ values: [Double], of count: Int, tolerance: Double, reason: String
  ) -> Outcome {
    guard !values.isEmpty else {
      return .none(reason: count == 1 ? reason : "no curve has an answer")
    }
    // A rule that is silent about most seeds has no answer by luck.
    guard 2 * values.count > count else {
      return .none(reason: "only \(values.count) of \(count) curves have an answer")
    }
    let sorted = values.sorted()
    let (least, most) = (sorted[0], sorted[sorted.count - 1])
    guard most <= least * tolerance else {
      return .none(
        reason:
          "the answers disagree, from \(threeDigits(least)) to \(threeDigits(most)): more than "
          + "a factor of \(threeDigits(tolerance))")
    }
    let middle = sorted.count / 2
    return .median(
      value: sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2)
  }

  // MARK: - In words

  /// A sentence for each rule, in the order of the rules.
  public var sentences: [String] {
    rules.map { rule in
      switch rule.suggestion {
      case .none(let reason): "\(rule.name): none, \(reason)"
      case .median(let value):
        "\(rule.name): \(threeDigits(value)), \(Self.agreement(rule))"
      }
    }
  }

  private static func agreement(_ rule: Rule) -> String {
    guard rule.curveCount > 1 else { return "from one curve alone" }
    let asked =
      rule.values.count == rule.curveCount
      ? "\(rule.curveCount) curves" : "\(rule.values.count) of \(rule.curveCount) curves"
    guard let spread = rule.spread else { return "from \(asked)" }
    let word =
      switch spread {
      case ...1.1: "agree fully"
      case ...1.5: "agree closely"
      default: "agree roughly"
      }
    return "\(asked) \(word) (within a factor of \(threeDigits(spread)))"
  }
}

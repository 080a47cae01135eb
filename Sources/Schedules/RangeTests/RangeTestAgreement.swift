/// What several range tests of one recipe, each with its own seed, say together.
///
/// A rule's answer on one curve is a draw from a wide distribution. Over several seeds it is the
/// median, with the least and the largest answer and the factor between them beside it, and nothing
/// where that factor says that the answers are about different places.
public struct RangeTestAgreement: Hashable, Sendable, Codable {
  /// One rule over all curves.
  public struct Rule: Hashable, Sendable, Codable {
    /// The rule's name: `valley`, `slide`, `minimum`, `steep`, `steepest`, `smithBase`, `smithMax`.
    public let name: String
    /// The answers in the order of the curves, those without one left out.
    public let values: [Double]
    /// How many curves were asked.
    public let curveCount: Int
    /// How far the answers lie apart; nothing where there is none.
    public let spread: Spread?
    /// The median answer, if the rule agrees with itself; otherwise the reason for none.
    public let suggestion: Outcome
  }

  /// How far the answers of a rule lie apart.
  public struct Spread: Hashable, Sendable, Codable {
    /// The least answer.
    public let least: Double
    /// The median answer; of an even number the mean of the middle two.
    public let median: Double
    /// The largest answer.
    public let most: Double
    /// ``Hyperparameter/factor(from:to:)`` of the two; nothing where the least is a rate of 0.
    public let factor: Double?
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

  private let key: HyperparameterKey
  /// What the tests watched.
  public let measure: RangeTestMeasure
  /// The largest factor between a rule's answers with which it still agrees with itself, > 1.
  public let tolerance: Double
  /// Every rule, the five for one value first and then Smith's bounds.
  public let rules: [Rule]

  private enum CodingKeys: String, CodingKey {
    case key = "hyperparameter"
    case measure, tolerance, rules
  }

  /// What the tests changed.
  public var hyperparameter: Hyperparameter<Double> { Hyperparameter(key) }

  /// Asks every rule about every curve.
  ///
  /// - Parameters:
  ///   - curves: What the tests recorded, at least one, of one hyper-parameter and one measure.
  ///   - tolerance: The largest factor between a rule's answers that counts as agreement, > 1: a
  ///     factor of 3 is half a decade. Of a momentum it is the factor between the steps remembered,
  ///     1 / (1 − momentum).
  /// - Throws: `ScheduleError.rangeTest` for no curves, curves of different things, or a tolerance
  ///   of 1 or less.
  public init(_ curves: [RangeTestCurve], tolerance: Double = 3) throws(ScheduleError) {
    guard let first = curves.first else {
      throw .rangeTest(expected: "at least one curve", found: "none")
    }
    guard tolerance > 1 else {
      throw .rangeTest(expected: "a tolerance of more than 1", found: formatted(tolerance))
    }
    for curve in curves
    where curve.hyperparameter != first.hyperparameter || curve.measure != first.measure {
      throw .rangeTest(
        expected: "curves of the \(first.measure.title) over the \(first.hyperparameter.title)",
        found: "one of the \(curve.measure.title) over the \(curve.hyperparameter.title)")
    }
    key = first.hyperparameter.key
    measure = first.measure
    self.tolerance = tolerance
    let answers = curves.map { curve in
      let suggestions = curve.suggestions
      return suggestions.named + [
        ("smithBase", suggestions.smith.base), ("smithMax", suggestions.smith.max),
      ]
    }
    rules = answers[0].indices.map { index in
      let values = answers.compactMap { $0[index].suggestion.value }
      let spread = Self.spread(values, of: first.hyperparameter)
      return Rule(
        name: answers[0][index].name, values: values, curveCount: curves.count, spread: spread,
        suggestion: Self.outcome(
          spread, answers: values.count, of: curves.count, tolerance: tolerance,
          reason: answers[0][index].suggestion.reason))
    }
  }

  private static func spread(
    _ values: [Double], of hyperparameter: Hyperparameter<Double>
  ) -> Spread? {
    let sorted = values.sorted()
    guard let least = sorted.first, let most = sorted.last else { return nil }
    let middle = sorted.count / 2
    return Spread(
      least: least,
      median: sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2,
      most: most, factor: hyperparameter.factor(from: least, to: most))
  }

  private static func outcome(
    _ spread: Spread?, answers: Int, of count: Int, tolerance: Double, reason: String
  ) -> Outcome {
    guard let spread else {
      return .none(reason: count == 1 ? reason : "no curve has an answer")
    }
    // A rule that is silent about most seeds has no answer by luck.
    guard 2 * answers > count else {
      return .none(reason: "only \(answers) of \(count) curves have an answer")
    }
    guard let factor = spread.factor, factor <= tolerance else {
      return .none(
        reason:
          "the answers disagree, from \(threeDigits(spread.least)) to "
          + "\(threeDigits(spread.most)): more than a factor of \(threeDigits(tolerance))")
    }
    return .median(value: spread.median)
  }

  // MARK: - In words

  /// A sentence for each rule, in the order of the rules.
  public var sentences: [String] {
    rules.map { rule in
      let answer = rule.suggestion.value.map(threeDigits) ?? "none"
      return "\(rule.name): \(answer), \(rule.verdict)"
    }
  }
}

extension RangeTestAgreement.Rule {
  /// How far the curves agree, or why there is no answer: `3 curves agree closely (within a factor of
  /// 1.3)`.
  public var verdict: String {
    if case .none(let reason) = suggestion { return reason }
    guard curveCount > 1 else { return "from one curve alone" }
    let asked =
      values.count == curveCount
      ? "\(curveCount) curves" : "\(values.count) of \(curveCount) curves"
    guard values.count > 1, let factor = spread?.factor else { return "from \(asked)" }
    let word =
      switch factor {
      case ...1.1: "agree fully"
      case ...1.5: "agree closely"
      default: "agree roughly"
      }
    return "\(asked) \(word) (within a factor of \(threeDigits(factor)))"
  }
}

/// Every rule's opinion of one range test, side by side.
///
/// The rules disagree by design: they look for different things, and on noisy curves for the same
/// thing in different places. `spread` says by how much.
public struct Suggestions: Sendable, Hashable {
  /// fastai's `valley`: half-way down the longest fall of the smoothed loss.
  public let valley: Suggestion

  /// fastai's `slide`: where two slopes, fifteen points apart and coming from the right, agree.
  public let slide: Suggestion

  /// fastai's `minimum`: a tenth of the rate with the lowest smoothed loss; a tenth of no momentum.
  public let minimum: Suggestion

  /// fastai's `steep`: where the smoothed loss falls fastest per unit of the logarithm of the rate.
  public let steep: Suggestion

  /// pytorch-lr-finder's suggestion: where its smoothed loss falls fastest per update.
  public let steepest: Suggestion

  /// Smith's bounds for a cycle.
  public let smith: SmithBounds

  /// Asks every rule.
  ///
  /// - Parameter curve: What a range test recorded.
  public init(_ curve: RangeTestCurve) {
    let window = curve.fastaiWindow
    valley = .valley(window)
    slide = .slide(window)
    minimum = .minimum(window)
    steep = .steep(window)
    steepest = .steepest(curve.torchLRFinderWindow)
    smith = SmithBounds(curve)
  }

  /// The five rules for one value by their names, in the order above.
  public var named: [(name: String, suggestion: Suggestion)] {
    [
      ("valley", valley), ("slide", slide), ("minimum", minimum), ("steep", steep),
      ("steepest", steepest),
    ]
  }

  /// How far the five rules for one value agree, as a factor; see
  /// ``Hyperparameter/factor(from:to:)``.
  ///
  /// 1 is full agreement; rates a decade apart are 10. Absent when fewer than two rules have an
  /// answer, or when one of them is a rate of zero.
  public var spread: Double? {
    let values = named.compactMap(\.suggestion.value)
    guard values.count > 1, let least = values.min(), let most = values.max() else { return nil }
    let found = named.compactMap { entry -> Hyperparameter<Double>? in
      guard case .found(let hyperparameter, _, _, _) = entry.suggestion else { return nil }
      return hyperparameter
    }
    return found.first?.factor(from: least, to: most)
  }
}

extension RangeTestCurve {
  /// Every rule's opinion of this curve.
  public var suggestions: Suggestions { Suggestions(self) }
}

extension Suggestions: Codable {}

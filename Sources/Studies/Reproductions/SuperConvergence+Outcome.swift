import Plotting
public import Schedules
import Training

extension SuperConvergence {
  /// Everything that came out of a study.
  public struct Outcome: Sendable {
    /// What was asked for.
    public let study: SuperConvergence
    /// The range test.
    public let curve: RangeTestCurve
    /// The large learning rate, or why there is none.
    public let peak: Suggestion
    /// The 1cycle runs, one a seed; empty without a peak.
    public let oneCycle: [RunRecord]
    /// The standard runs: for each length, one a seed; the first length is 1cycle's.
    public let standard: [[RunRecord]]

    /// The runs of both regimes, one entry for each length.
    public var regimes: [[RunRecord]] {
      ([oneCycle] + standard).filter { !$0.isEmpty }
    }

    /// The epochs of the shortest standard run that was at least as accurate as 1cycle, for each
    /// seed; `nil` where none was.
    public var epochsToEqualAccuracy: [Int?] {
      oneCycle.indices.map { seed in
        guard let target = oneCycle[seed].testAccuracy else { return nil }
        return standard.first { ($0[seed].testAccuracy ?? 0) >= target }?[seed].recipe.epochs
      }
    }

    /// How many times 1cycle's epochs the standard regime needs, over the seeds that have an answer;
    /// `nil` if a seed has none.
    public var epochRatio: Sample? {
      let ratios = epochsToEqualAccuracy.compactMap { epochs in
        epochs.map { Double($0) / Double(study.epochs) }
      }
      return ratios.isEmpty || ratios.count < oneCycle.count ? nil : Sample(ratios)
    }

    /// 1cycle's accuracy minus the standard regime's after the same epochs, in a share of 1, over
    /// the seeds; `nil` if a run diverged.
    public var accuracyGain: Sample? {
      guard let equal = standard.first, !equal.isEmpty, equal.count == oneCycle.count else {
        return nil
      }
      let gains = zip(oneCycle, equal).compactMap { ours, theirs in
        ours.testAccuracy.flatMap { a in theirs.testAccuracy.map { a - $0 } }
      }
      return gains.count == oneCycle.count ? Sample(gains) : nil
    }

    /// The longest standard run that was made, in epochs.
    public var longestStandardRun: Int { standard.last?.first?.recipe.epochs ?? 0 }

    /// Why there is no comparison, if there is none.
    public var failure: String? {
      if peak.value == nil {
        return "the range test gives no large learning rate: \(peak.reason)"
      }
      for run in oneCycle {
        if let divergence = run.divergence {
          return "\(run.name), seed \(run.recipe.seed): \(divergence)"
        }
      }
      return nil
    }
  }
}

// MARK: - As a table

extension SuperConvergence.Outcome {
  /// The header of ``tableRows``; all but the first column hold numbers.
  public static let tableHeader = ["regime", "epochs", "test accuracy", "seconds"]

  /// One row for each regime and length.
  public var tableRows: [[String]] {
    regimes.compactMap { runs in
      guard let run = runs.first else { return nil }
      let accuracies = runs.compactMap(\.testAccuracy)
      return [
        Self.regime(run), "\(run.recipe.epochs)",
        accuracies.count < runs.count ? "diverged" : Self.percent(Sample(accuracies)),
        NumberText.fixed(Sample(runs.map(\.wallSeconds)).mean, decimals: 1),
      ]
    }
  }

  /// Each regime's name with its plan in the text form.
  public var regimePlans: [(name: String, words: [String])] {
    [oneCycle.first, standard.first?.first].compactMap(\.self).map { run in
      (Self.regime(run), run.recipe.plan.words)
    }
  }

  /// A run's name without its length.
  static func regime(_ run: RunRecord) -> String {
    String(run.name.prefix { $0 != "," })
  }

  /// The two answers, each as a sentence.
  public var sentences: [String] {
    if let failure { return [failure] }
    var sentences: [String] = []
    if let gain = accuracyGain {
      let points = NumberText.fixed(abs(gain.mean) * 100, decimals: 2)
      let interval = gain.halfWidth.map { " ± \(NumberText.fixed($0 * 100, decimals: 2))" } ?? ""
      sentences.append(
        "At equal budget (\(SuperConvergence.text(epochs: study.epochs))) 1cycle is \(points)\(interval) percentage points "
          + (gain.mean >= 0 ? "more" : "less") + " accurate than the standard regime.")
    }
    if let ratio = epochRatio {
      let interval = ratio.halfWidth.map { " ± \(NumberText.fixed($0, decimals: 1))" } ?? ""
      sentences.append(
        "To equal accuracy the standard regime needs \(NumberText.fixed(ratio.mean, decimals: 1))"
          + "\(interval) times as many epochs"
          + (ratio.mean <= 1 ? ": 1cycle is not faster here." : "."))
    } else if !standard.isEmpty {
      let missing = epochsToEqualAccuracy.filter { $0 == nil }.count
      let ratio = NumberText.fixed(
        Double(longestStandardRun) / Double(study.epochs), decimals: 1)
      sentences.append(
        "The standard regime did not reach 1cycle's accuracy within "
          + "\(SuperConvergence.text(epochs: longestStandardRun)) "
          + (oneCycle.count == 1 ? "" : "on \(missing) of \(oneCycle.count) seeds ")
          + "(more than \(ratio) times as many).")
    }
    return sentences
  }

  private static func percent(_ sample: Sample) -> String {
    let interval = sample.halfWidth.map { " ± \(NumberText.fixed($0 * 100, decimals: 2))" } ?? ""
    return "\(NumberText.fixed(sample.mean * 100, decimals: 2))\(interval) %"
  }
}

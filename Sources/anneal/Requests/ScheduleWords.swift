import Plotting
import Schedules
import Studies

/// What the schedule words of a command line mean.
///
/// Words of different hyper-parameters (`lr=… momentum=…`) are one plan. Several words of the same one,
/// or several without a name, are alternatives to be compared. A word without a name is a learning rate.
struct ScheduleWords: Sendable {
  /// What is shown: one curve for each word.
  struct Curve: Hashable, Sendable {
    /// The hyper-parameter in a plan, the word itself in a comparison.
    var label: String
    /// The text form.
    var text: String
    /// The schedule as one reads it aloud.
    var words: String
    /// The value during each step.
    var values: [Double]
  }

  /// One plan for all words, or one for each.
  let plans: [Plan]
  /// Whether the words are alternatives.
  var isComparison: Bool { labels != nil }
  private let labels: [String]?

  /// Reads the words.
  ///
  /// - Throws: `ScheduleError` for a word that is no schedule; `CommandError` where some words are
  ///   alternatives and others are not.
  init(_ words: [String]) throws {
    let parts = try words.map(Self.plan)
    let names = Set(parts.flatMap { $0.entries.map(\.qualifiedName) })
    if names.count == parts.count {
      plans = [
        Plan {
          for part in parts { part }
        }
      ]
      labels = nil
    } else if names.count == 1 {
      plans = parts
      labels = words
    } else {
      throw CommandError.failure(
        .usage,
        "expected one schedule for each hyper-parameter, or several of one to compare; found "
          + words.map { "'\($0)'" }.joined(separator: ", "))
    }
  }

  /// The picture of the values over a run.
  ///
  /// - Throws: `ScheduleError` where a schedule does not fit the run.
  func figure(over horizon: Horizon) throws(ScheduleError) -> Figure {
    var runs: [ScheduleFigure.Run] = []
    for plan in plans {
      let name = labels?[runs.count] ?? "plan"
      runs.append(ScheduleFigure.Run(name: name, plan: try plan.resolved(over: horizon)))
    }
    let words = plans.flatMap(\.words).joined(separator: " ")
    return ScheduleFigure(
      title: "\(words.contains(" ") ? "Schedules" : "Schedule") over "
        + "\(NumberText.grouped(horizon.stepCount)) steps",
      // Alternatives are named beside their curves.
      subtitle: isComparison || words.count > 100 ? nil : words, runs: runs,
      stepsPerEpoch: horizon.stepsPerEpoch
    ).figure
  }

  /// The values of every word over a run.
  ///
  /// - Throws: `ScheduleError` where a schedule does not fit the run.
  func curves(over horizon: Horizon) throws(ScheduleError) -> [Curve] {
    var curves: [Curve] = []
    for plan in plans {
      let resolved = try plan.resolved(over: horizon)
      for ((entry, word), values) in zip(zip(plan.entries, plan.words), resolved.entries) {
        curves.append(
          Curve(
            label: labels?[curves.count] ?? entry.qualifiedName,
            text: String(word.drop { $0 != "=" }.dropFirst()), words: entry.schedule.inWords,
            values: resolved.roundedValues(of: values)))
      }
    }
    return curves
  }

  private static func plan(_ word: String) throws(ScheduleError) -> Plan {
    // A preset's own parameters have equals signs too: onecycle(peak=0.4).
    let name = word.prefix { $0 != "=" }
    if name.count < word.count, !name.contains("(") { return try Plan(words: [word]) }
    let schedule = try Schedule(parsing: word)
    return Plan { Scheduled(.learningRate, schedule) }
  }
}

extension Plan.Entry {
  /// The hyper-parameter's name, with its group if it has one: `stem:learningRate`.
  var qualifiedName: String { (group.map { $0 + ":" } ?? "") + name }
}

extension ResolvedPlan {
  /// The values of an entry as a run uses them: whole numbers are rounded.
  func roundedValues(of entry: Entry) -> [Double] {
    for key in [Hyperparameter<Int>.batchSize, .imageSize] where key.name == entry.name {
      if let values = self[key, entry.group] { return values.map(Double.init) }
    }
    return Array(entry.values)
  }
}

import Plotting
import Schedules
import Studies

/// All that the page shows of a plan, computed by what the other commands use.
struct ScheduleAnswer: Encodable {
  struct Word: Encodable {
    var text: String
    var words: String
  }

  struct Finding: Encodable {
    var schedule: String
    var step: Int?
    var text: String
  }

  struct Difference: Encodable {
    var schedule: String
    var text: String
  }

  struct Export: Encodable {
    var name: String
    var text: String
  }

  /// What of the runs is in the figure, so that the page can let it grow.
  struct Overlay: Encodable {
    struct Panel: Encodable {
      /// In `RunningFigure`.
      var from: Int
      /// In the plan's figure.
      var to: Int
    }

    /// The latest event whose points are in it.
    var event: String
    var runs: [String]
    var panels: [Panel]
  }

  /// The text as it was typed, or as a drag has made it.
  var text: String
  var words: [Word]
  var findings: [Finding]
  var differences: [Difference]
  var differenceError: String?
  var sliders: [TextSlider]
  var exports: [Export]
  /// The run's length in words.
  var length: String
  /// `nil` where alternatives are compared, which are drawn without runs.
  var overlay: Overlay?

  /// The figure, which is sent as it writes itself.
  let figure: Figure

  private enum CodingKeys: String, CodingKey {
    case text, words, findings, differences, differenceError, sliders, exports, length, overlay
  }

  /// Answers a question.
  ///
  /// - Parameters:
  ///   - question: What the page asks.
  ///   - runs: Runs whose rates and momenta are drawn beside the plan's.
  ///   - event: The latest event that told of them.
  /// - Throws: `ScheduleQuestion.Mistake` where the text is no plan or does not fit the run.
  init(
    _ question: ScheduleQuestion, beside runs: [FollowedRun], upTo event: EventLog.ID
  ) throws(ScheduleQuestion.Mistake) {
    let horizon = try question.horizon()
    var text = question.text
    var words = try ScheduleQuestion.schedules(text)
    do {
      if let drag = question.drag {
        let parts = drag.id.split(separator: ":").compactMap { Int($0) }
        if parts.count == 2, !words.isComparison {
          text = try words.plans[0].movingKnot(
            parts[1], ofEntry: parts[0], to: drag.x, value: max(0, drag.y), over: horizon
          ).description
          words = try ScheduleQuestion.schedules(text)
        }
      }
      figure = try Self.figure(words, over: horizon, beside: runs)
      self.words = try words.curves(over: horizon).map { Word(text: $0.text, words: $0.words) }
    } catch {
      throw (error as? ScheduleQuestion.Mistake) ?? ScheduleQuestion.Mistake(error)
    }
    self.text = text
    let labels = ScheduleQuestion.words(of: text).map(\.word)
    findings = words.plans.enumerated().flatMap { index, plan in
      plan.lint(over: horizon).map { found in
        Finding(
          schedule: words.isComparison ? labels[index] : found.key, step: found.finding.step,
          text: found.finding.description)
      }
    }
    (differences, differenceError) = Self.differences(
      words, from: question.reference, over: horizon)
    sliders = TextSlider.all(
      in: text, steps: horizon.stepCount, stepsPerEpoch: horizon.stepsPerEpoch)
    exports = words.isComparison ? [] : Self.exports(words.plans[0], over: horizon)
    length = Self.words(for: horizon)
    overlay = words.isComparison ? nil : Self.overlay(of: runs, on: figure, upTo: event)
  }

  /// The answer as JSON.
  var json: String {
    "{\"figure\":\(figure.payload())," + String(JSON.text(self).dropFirst())
  }

  // MARK: - Parts

  private static func figure(
    _ words: ScheduleWords, over horizon: Horizon, beside runs: [FollowedRun]
  ) throws -> Figure {
    let plain = try words.figure(over: horizon)
    if words.isComparison { return plain }
    let plan = words.plans[0]
    let recorded = runs.compactMap(\.scheduled)
    let shown =
      recorded.isEmpty
      ? plain
      : ScheduleFigure(
        title: plain.title,
        runs: [ScheduleFigure.Run(name: "plan", plan: try plan.resolved(over: horizon))] + recorded,
        stepsPerEpoch: horizon.stepsPerEpoch
      ).figure
    return Figure(
      title: shown.title, subtitle: nil, description: shown.description, x: shown.x,
      plots: shown.plots.map { withoutPoints(of: recorded, $0) }, notes: shown.notes,
      theme: shown.theme,
      naming: shown.naming, progress: shown.progress,
      handles: try handles(of: plan, over: horizon))
  }

  private static func overlay(
    of runs: [FollowedRun], on figure: Figure, upTo event: EventLog.ID
  ) -> Overlay {
    let panels = RunningFigure.panels.enumerated().compactMap { number, axis in
      figure.plots.firstIndex { $0.y.title == axis.title }
        .map { Overlay.Panel(from: number, to: $0) }
    }
    return Overlay(
      event: "\(event)", runs: runs.filter { $0.scheduled != nil }.map(\.name), panels: panels)
  }

  private static func words(for horizon: Horizon) -> String {
    let steps =
      NumberText.grouped(horizon.stepCount) + (horizon.stepCount == 1 ? " step" : " steps")
    guard let stepsPerEpoch = horizon.stepsPerEpoch else { return steps }
    let epochs = NumberText.significant(Double(horizon.stepCount) / stepsPerEpoch, digits: 4)
    return "\(steps), which are \(epochs) \(epochs == "1" ? "epoch" : "epochs")"
  }

  /// A plot without the points that name a run's peak and its restarts: a run that goes on may have them
  /// still before it, and its line grows while they stay.
  private static func withoutPoints(of runs: [ScheduleFigure.Run], _ plot: Plot) -> Plot {
    let names = Set(runs.map(\.name))
    return Plot(
      y: plot.y,
      marks: plot.marks.filter { mark in
        guard let run = (mark as? PointMark)?.run else { return true }
        return !names.contains(run)
      }, heightShare: plot.heightShare, allowsSmoothing: plot.allowsSmoothing)
  }

  private static func handles(of plan: Plan, over horizon: Horizon) throws -> [Handle] {
    var panels: [String] = []
    var handles: [Handle] = []
    for (number, (entry, word)) in zip(plan.entries, plan.words).enumerated() {
      if !panels.contains(entry.name) { panels.append(entry.name) }
      let panel = panels.firstIndex(of: entry.name) ?? 0
      // A schedule that is multiplied by another one is not drawn where its knots are.
      let own = word.drop { $0 != "=" }.dropFirst()
      guard own.hasPrefix(entry.schedule.description) else { continue }
      handles += try entry.schedule.knots(over: horizon).prefix(40).map { knot in
        Handle(
          id: "\(number):\(knot.index)", panel: panel, x: knot.step, y: knot.value,
          label: "\(entry.qualifiedName), \(knot.label)")
      }
    }
    return handles
  }

  private static func differences(
    _ words: ScheduleWords, from reference: String, over horizon: Horizon
  ) -> ([Difference], String?) {
    guard !words.isComparison, reference.contains(where: { !$0.isWhitespace }) else {
      return ([], nil)
    }
    do {
      let other = try ScheduleQuestion.schedules(reference)
      guard !other.isComparison else { return ([], "expected one plan to compare with") }
      let first = try words.plans[0].resolved(over: horizon).entries
      let second = try other.plans[0].resolved(over: horizon).entries
      return (
        first.map { entry in
          let name = (entry.group.map { $0 + ":" } ?? "") + entry.name
          guard let twin = second.first(where: { $0.name == entry.name && $0.group == entry.group })
          else { return Difference(schedule: name, text: "only here") }
          return Difference(
            schedule: name, text: text(of: entry.values.difference(from: twin.values)))
        }, nil
      )
    } catch {
      return ([], ScheduleQuestion.Mistake.reference(error))
    }
  }

  private static func text(of difference: ScheduleDifference) -> String {
    guard difference.differingSteps > 0 else {
      return "equal at all \(difference.stepCount) steps"
    }
    func short(_ value: Double) -> String { NumberText.significant(value, digits: 4) }
    return "largest gap \(short(difference.largestGap)) at step \(difference.step) "
      + "(\(short(difference.values[0])) and \(short(difference.values[1]))); different at "
      + "\(difference.differingSteps) of \(difference.stepCount) steps; sums "
      + "\(short(difference.sums[0])) and \(short(difference.sums[1]))"
  }

  private static func exports(_ plan: Plan, over horizon: Horizon) -> [Export] {
    let words = plan.words.map { "  \(quoted($0))," }.joined(separator: "\n")
    let swift = "import Schedules\n\nlet plan = try Plan(words: [\n\(words)\n])\n"
    let python: String
    do { python = try plan.exported(to: .pytorch, over: horizon) } catch {
      python = "# \(error.description)\n"
    }
    return [
      Export(name: "Swift", text: swift), Export(name: "text", text: plan.description),
      Export(name: "JSON", text: JSON.text(plan, isReadable: true)),
      Export(name: "PyTorch", text: python),
    ]
  }

  /// A word as a Swift literal; words have neither control characters nor, but in names, quotes.
  private static func quoted(_ word: String) -> String {
    "\"" + word.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
  }
}

extension ScheduleQuestion.Mistake {
  fileprivate static func reference(_ error: any Error) -> String {
    (error as? ScheduleQuestion.Mistake)?.text ?? ScheduleQuestion.Mistake(error).text
  }
}

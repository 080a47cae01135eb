import Plotting
public import Schedules
public import Studies

extension Schedule: Displayable {
  /// The curve over a run that suits the schedule's lengths, under it the schedule's text.
  public var mimeBundle: MIMEBundle {
    scheduleBundle(text: description) { horizon throws(ScheduleError) in
      ScheduleFigure.Run(name: "", values: try resolved(over: horizon), as: "value")
    }
  }
}

extension Plan: Displayable {
  /// The curves over a run that suits the plan's lengths, under them the plan's text.
  public var mimeBundle: MIMEBundle {
    scheduleBundle(text: description) { horizon throws(ScheduleError) in
      ScheduleFigure.Run(name: "", plan: try resolved(over: horizon))
    }
  }
}

extension ImportedPlan: Displayable {
  /// The plan's curves and its text.
  public var mimeBundle: MIMEBundle { plan.mimeBundle }
}

extension ResolvedPlan: Displayable {
  /// The curves.
  public var mimeBundle: MIMEBundle {
    ScheduleFigure(title: "", runs: [ScheduleFigure.Run(name: "", plan: self)]).mimeBundle
  }
}

extension ResolvedSchedule: Displayable {
  /// The curve.
  public var mimeBundle: MIMEBundle {
    ScheduleFigure(
      title: "", runs: [ScheduleFigure.Run(name: "", values: self, as: "value")]
    ).mimeBundle
  }
}

extension RangeTestCurve: Displayable {
  /// The curve with every rule's opinion of it.
  public var mimeBundle: MIMEBundle { RangeTestFigure(self).mimeBundle }
}

extension Suggestions: Displayable {
  /// A table of what each rule says and why.
  public var mimeBundle: MIMEBundle {
    table(
      ["rule", hyperparameterTitle, "because"],
      named.map { name, suggestion in
        [
          name, suggestion.value.map { NumberText.significant($0, digits: 3) } ?? "–",
          suggestion.reason,
        ]
      }
    ).mimeBundle
  }

  private var hyperparameterTitle: String {
    for case .found(let hyperparameter, _, _, _) in named.map(\.suggestion) {
      return hyperparameter.title
    }
    return "value"
  }
}

/// Draws several schedules over one run.
///
///     compare(["cosine": .cosine(from: 0.1), "linear": .linear(from: 0.1)], over: Horizon(steps: 100))
///
/// - Parameters:
///   - schedules: Names and schedules, in the order in which they are drawn.
///   - horizon: The run.
///   - hyperparameter: What they are schedules of.
///   - title: The heading.
/// - Returns: The figure.
/// - Throws: `ScheduleError` for a schedule that does not fit the run.
public func compare(
  _ schedules: KeyValuePairs<String, Schedule>, over horizon: Horizon,
  of hyperparameter: Hyperparameter<Double> = .learningRate, title: String = ""
) throws(ScheduleError) -> ScheduleFigure {
  var runs: [ScheduleFigure.Run] = []
  for (name, schedule) in schedules {
    let values = try schedule.resolved(over: horizon)
    runs.append(ScheduleFigure.Run(name: name, values: values, as: hyperparameter.name))
  }
  return ScheduleFigure(title: title, runs: runs, stepsPerEpoch: horizon.stepsPerEpoch)
}

/// Draws several plans over one run.
///
/// - Parameters:
///   - plans: Names and plans, in the order in which they are drawn.
///   - horizon: The run.
///   - title: The heading.
/// - Returns: The figure.
/// - Throws: `ScheduleError` for a plan that does not fit the run.
public func compare(
  _ plans: KeyValuePairs<String, Plan>, over horizon: Horizon, title: String = ""
) throws(ScheduleError) -> ScheduleFigure {
  var runs: [ScheduleFigure.Run] = []
  for (name, plan) in plans {
    runs.append(ScheduleFigure.Run(name: name, plan: try plan.resolved(over: horizon)))
  }
  return ScheduleFigure(title: title, runs: runs, stepsPerEpoch: horizon.stepsPerEpoch)
}

extension ScheduleFigure.Run {
  /// A run of one schedule's values.
  init(name: String, values: ResolvedSchedule, as hyperparameter: String) {
    self.init(
      name: name,
      curves: [
        ScheduleFigure.Curve(
          hyperparameter: hyperparameter, steps: values.indices.map(Double.init),
          values: values.allValues())
      ])
  }
}

/// Curves over a run that suits them, with their text; the text and the reason where there is no such run.
private func scheduleBundle(
  text: String, _ run: (Horizon) throws(ScheduleError) -> ScheduleFigure.Run
) -> MIMEBundle {
  do throws(ScheduleError) {
    let natural = try NaturalHorizon { horizon throws(ScheduleError) in
      try run(horizon).curves.map(\.values)
    }
    let figure = ScheduleFigure(
      title: "", runs: [try run(natural.horizon)],
      stepsPerEpoch: natural.countsEpochs ? natural.horizon.stepsPerEpoch : nil
    ).figure
    let shown = figure.mimeBundle
    return MIMEBundle(
      text: text,
      html: shown["text/html"].map { "\($0)<p><code>\(SVG.escaped(text))</code></p>" },
      svg: shown["image/svg+xml"])
  } catch {
    return MIMEBundle(text: "\(text) (no curve: \(error))")
  }
}

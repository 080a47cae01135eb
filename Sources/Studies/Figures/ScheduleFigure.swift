public import Plotting
public import Schedules

/// The values of one or several schedules over a run, a panel for every hyper-parameter.
public struct ScheduleFigure: Hashable, Sendable {
  /// The values of one hyper-parameter.
  public struct Curve: Hashable, Sendable {
    /// The hyper-parameter's name in lower camel case, for example `learningRate`.
    public let hyperparameter: String
    /// The name of the group of parameters; nil for all.
    public let group: String?
    /// Optimiser steps, rising.
    public let steps: [Double]
    /// The value at each step.
    public let values: [Double]

    /// Makes a curve.
    ///
    /// - Precondition: There is a value for every step.
    public init(hyperparameter: String, group: String? = nil, steps: [Double], values: [Double]) {
      precondition(steps.count == values.count, "a curve has a value for every step")
      self.hyperparameter = hyperparameter
      self.group = group
      self.steps = steps
      self.values = values
    }
  }

  /// A named plan.
  public struct Run: Hashable, Sendable {
    /// The name; shown when there are several plans.
    public let name: String
    /// The values of the plan's hyper-parameters.
    public let curves: [Curve]

    /// Makes a plan of its curves.
    public init(name: String, curves: [Curve]) {
      self.name = name
      self.curves = curves
    }
  }

  /// The heading.
  public let title: String
  /// A quieter line under the heading; nil for none.
  public let subtitle: String?
  /// The plans.
  public let runs: [Run]
  /// Optimiser steps per epoch; nil for an axis in steps.
  public let stepsPerEpoch: Double?

  /// Makes a figure of plain values.
  ///
  /// - Parameters:
  ///   - title: The heading.
  ///   - subtitle: A quieter line under the heading.
  ///   - runs: The plans.
  ///   - stepsPerEpoch: Optimiser steps per epoch, > 0; nil for an axis in steps.
  public init(
    title: String, subtitle: String? = nil, runs: [Run], stepsPerEpoch: Double? = nil
  ) {
    self.title = title
    self.subtitle = subtitle
    self.runs = runs
    self.stepsPerEpoch = stepsPerEpoch
  }

  /// The picture.
  public var figure: Figure {
    let keys = hyperparameters
    // The last update is one step short of the run's end.
    let last = runs.flatMap(\.curves).compactMap(\.steps.last).max() ?? 0
    let kind = stepsPerEpoch.map { Axis.Kind.epochs(stepsPerEpoch: $0) } ?? .whole
    return Figure(
      title: title, subtitle: subtitle, description: description,
      x: Axis(stepsPerEpoch == nil ? "step" : "epoch", kind: kind, domain: 0...(last + 1)),
      plots: keys.enumerated().map { panel, key in
        Plot(
          y: Axis(Self.words(key)), marks: marks(for: key, panel: panel),
          heightShare: panel == 0 && keys.count > 1 ? 1.4 : 1, allowsSmoothing: false)
      },
      progress: runs.compactMap(progress))
  }

  // MARK: - Parts

  /// The hyper-parameters of all plans, each once, in their order.
  private var hyperparameters: [String] {
    var seen: Set<String> = []
    return runs.flatMap(\.curves).map(\.hyperparameter).filter { seen.insert($0).inserted }
  }

  private func marks(for key: String, panel: Int) -> [any Mark] {
    var marks: [any Mark] = []
    var turns: [any Mark] = []
    for (number, run) in runs.enumerated() {
      let curves = run.curves.filter { $0.hyperparameter == key }
      for (index, curve) in curves.enumerated() {
        // Plans differ in colour and pattern, since their lines often cover each other; a plan
        // alone takes a colour for every panel, and a pattern for every group.
        let isAlone = runs.count == 1
        marks.append(
          LineMark(
            x: curve.steps, y: curve.values, ink: .series(isAlone ? panel : number),
            dash: isAlone ? .pattern(index) : .pattern(number + index),
            name: name(of: curve, in: run, isOneOfSeveral: curves.count > 1),
            run: isAlone ? nil : run.name))
        // Groups follow the others at a distance; what they share is marked once.
        if key == "learningRate", index == 0 {
          turns += curve.turns(
            ink: .series(isAlone ? panel : number), run: isAlone ? nil : run.name)
        }
      }
    }
    return marks + turns
  }

  /// The learning rate, over which a reader may look at the other panels.
  private func progress(of run: Run) -> Progress? {
    guard let rate = run.curves.first(where: { $0.hyperparameter == "learningRate" }) else {
      return nil
    }
    return Progress(
      run: runs.count > 1 ? run.name : nil, x: rate.steps,
      measures: [Progress.Measure(Axis(Self.words(rate.hyperparameter)), values: rate.values)])
  }

  private func name(of curve: Curve, in run: Run, isOneOfSeveral: Bool) -> String? {
    let parts = [runs.count > 1 ? run.name : nil, curve.group ?? (isOneOfSeveral ? "others" : nil)]
    let name = parts.compactMap { $0 }.joined(separator: ", ")
    return name.isEmpty ? nil : name
  }

  private var description: String {
    let sentences = runs.flatMap { run in
      run.curves.map { curve in
        let range = [curve.values.first, curve.values.max(), curve.values.min(), curve.values.last]
          .map { $0.map { NumberText.significant($0, digits: 3) } ?? "nothing" }
        let owner = runs.count > 1 ? "\(run.name): " : ""
        let group = curve.group.map { " of \($0)" } ?? ""
        return "\(owner)\(Self.words(curve.hyperparameter))\(group) starts at \(range[0]), "
          + "is at most \(range[1]) and at least \(range[2]), and ends at \(range[3])."
      }
    }
    return sentences.joined(separator: " ")
  }

  /// `learningRate` as "learning rate".
  private static func words(_ name: String) -> String {
    name.reduce(into: "") { text, letter in
      text += letter.isUppercase ? " " + letter.lowercased() : String(letter)
    }
  }
}

// MARK: - Resolved plans

extension ScheduleFigure.Run {
  /// Makes a plan of its resolved schedules.
  ///
  /// Every step of a short run is drawn. Of a long one, so many steps are that more would fall into
  /// the same pixels, and the steps on both sides of every knot.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - plan: The resolved schedules.
  public init(name: String, plan: ResolvedPlan) {
    self.init(
      name: name,
      curves: plan.entries.map { entry in
        let steps = Self.drawnSteps(of: entry.values)
        return ScheduleFigure.Curve(
          hyperparameter: entry.name, group: entry.group, steps: steps.map(Double.init),
          values: Self.values(of: entry, in: plan, at: steps))
      })
  }

  /// The values in force: those of integers rounded as the training sees them.
  private static func values(
    of entry: ResolvedPlan.Entry, in plan: ResolvedPlan, at steps: [Int]
  ) -> [Double] {
    let integers = [Hyperparameter<Int>.batchSize, .imageSize].first { $0.name == entry.name }
    if let integers, let rounded = plan[integers, entry.group] {
      return steps.map { Double(rounded[$0]) }
    }
    return steps.map { entry.values[$0] }
  }

  private static func drawnSteps(of values: ResolvedSchedule) -> [Int] {
    let limit = 4000
    if values.count <= limit { return Array(values.indices) }
    var steps: Set<Int> = [values.count - 1]
    let stride = Double(values.count - 1) / Double(limit)
    for index in 0..<limit { steps.insert(Int((Double(index) * stride).rounded())) }
    // A schedule may have more knots than pixels; what is between the drawn steps then is a blur.
    for knot in values.knots.prefix(limit) {
      let step = Int(knot.rounded(.down))
      for near in (step - 1)...(step + 1) where values.indices.contains(near) { steps.insert(near) }
    }
    return steps.sorted()
  }
}

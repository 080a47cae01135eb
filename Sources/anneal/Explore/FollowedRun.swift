import Plotting
import Schedules
import Studies
import Training

/// A run whose records are looked at again and again while it goes on.
struct FollowedRun: Sendable {
  /// New points of one panel of `RunningFigure`.
  struct Points: Hashable, Sendable {
    var panel: Int
    var x: [Double]
    var y: [Double]
  }

  let name: String
  private(set) var log = MetricsLog()
  private var tail: FileTail

  /// Follows the run of a folder, from its beginning.
  ///
  /// - Throws: `TrainingError` for a folder that holds no run.
  init(folder: String, name: String) throws(TrainingError) {
    self.name = name
    tail = FileTail(path: try RunFolder(opening: folder).metricsPath)
    _ = poll()
  }

  /// What is new: points to append, `nil` where the run is to be drawn anew.
  mutating func poll() -> [Points]? {
    switch tail.poll() {
    case nil: return []
    case .lines(let lines):
      let (steps, epochs) = (log.steps.count, log.epochs.count)
      let resumes = log.resumedSteps.count
      for line in lines { _ = log.append(jsonLine: line) }
      // A line is interrupted only where it is drawn as a whole.
      guard log.resumedSteps.count == resumes else { return nil }
      return points(fromStep: steps, epoch: epochs)
    case .restart(let lines):
      log = MetricsLog()
      for line in lines { _ = log.append(jsonLine: line) }
      return nil
    }
  }

  /// The points of the records from some on, a list for each panel that has any.
  func points(fromStep: Int = 0, epoch: Int = 0) -> [Points] {
    let steps = log.steps[fromStep...]
    let measured = steps.filter { $0.loss != nil }
    let epochs = log.epochs[epoch...]
    let ends = epochs.isEmpty ? [:] : log.steps.reduce(into: [:]) { $0[$1.epoch] = $1.step + 1 }
    return [
      Points(panel: 0, x: measured.map { Double($0.step) }, y: measured.map { $0.loss ?? .nan }),
      Points(
        panel: 1, x: epochs.map { Double(ends[$0.epoch] ?? $0.epoch + 1) },
        y: epochs.map(\.testAccuracy)),
      Points(panel: 2, x: steps.map { Double($0.step) }, y: steps.map(\.learningRate)),
      Points(panel: 3, x: steps.map { Double($0.step) }, y: steps.map(\.momentum)),
    ].filter { !$0.x.isEmpty }
  }

  /// What the run set, beside a plan; nothing before its first step.
  var scheduled: ScheduleFigure.Run? {
    guard !log.steps.isEmpty else { return nil }
    // What is more than the pixels across only makes the answer longer.
    let stride = max(1, log.steps.count / 2000)
    let records = log.steps.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    let steps = records.map { Double($0.step) }
    return ScheduleFigure.Run(
      name: name,
      curves: [
        ScheduleFigure.Curve(
          hyperparameter: "learningRate", steps: steps, values: records.map(\.learningRate)),
        ScheduleFigure.Curve(
          hyperparameter: "momentum", steps: steps, values: records.map(\.momentum)),
      ])
  }
}

/// Loss, accuracy, learning rate and momentum of runs over their steps: what grows while they go on.
struct RunningFigure {
  /// What is drawn, a panel each.
  static let panels = [
    Axis("training loss"), Axis("test accuracy", kind: .percent), Axis("learning rate"),
    Axis("momentum"),
  ]

  let runs: [FollowedRun]

  var figure: Figure {
    Figure(
      title: "Runs", description: "Loss, accuracy, learning rate and momentum of runs over steps.",
      x: Axis("step", kind: .whole, includesZero: true),
      plots: Self.panels.enumerated().map { panel, axis in
        Plot(
          y: axis,
          marks: runs.enumerated().flatMap { number, run in
            run.points().filter { $0.panel == panel }.map { points in
              LineMark(
                x: points.x, y: points.y, ink: .series(number), dash: .pattern(0),
                name: runs.count > 1 ? run.name : nil, run: run.name,
                breaks: run.log.resumedSteps.map(Double.init))
            }
          },
          heightShare: panel == 0 ? 1.4 : 0.7, allowsSmoothing: panel == 0)
      })
  }

  /// The points as `update` of a figure takes them.
  static func append(_ points: [FollowedRun.Points], run: String) -> String {
    func list(_ values: [Double]) -> String {
      "[" + values.map { $0.isFinite ? "\($0)" : "null" }.joined(separator: ",") + "]"
    }
    let name = JSON.text(run)
    return points.map {
      "{\"panel\":\($0.panel),\"run\":\(name),\"x\":\(list($0.x)),\"y\":\(list($0.y))}"
    }.joined(separator: ",")
  }
}

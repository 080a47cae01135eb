import Foundation
import Plotting

/// Writes the figures that the tests in a browser open, with the numbers that they are to find.
@main
enum FigureSamples {
  static func main() throws {
    guard CommandLine.arguments.count == 2 else {
      print("usage: FigureSamples FOLDER")
      exit(64)
    }
    let folder = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    try write(runs.html(id: "runs"), "runs.html")
    try write(runs.interactiveSVG(id: "runs"), "runs.svg")
    try write(runs.svg(id: "runs"), "runs-static.svg")
    try write(runs.payload(), "runs.json")
    try write(rangeTest.html(id: "range"), "range.html")
    try write(rangeTest.svg(id: "range"), "range-static.svg")
    try write(gallery.html(id: "sheet"), "sheet.html")
    try write(large.html(id: "large"), "large.html")
    try write(many.html(id: "many"), "many.html")
    try write(page, "page.html")
    try write(schedule.html(id: "schedule"), "schedule.html")
    try write(thinned.html(id: "thinned", dataLimit: 20_000), "thinned.html")
    try write(runs.interactiveSVG(id: "runs"), "fragment.txt")
    let known = Known(
      runsStep: 500, fastLoss: loss(500, 80), slowLoss: loss(500, 250), rate: rate(500),
      momentum: momentum(500), largeSpike: 61_803, largeSpikeLoss: 9.25,
      thinnedSpike: 12_345, thinnedMeans: Smoothing.exponential(thinnedLosses, weight: 0.99))
    try JSONEncoder().encode(known).write(to: folder.appendingPathComponent("known.json"))
  }

  struct Known: Encodable {
    var runsStep: Int
    var fastLoss: Double
    var slowLoss: Double
    var rate: Double
    var momentum: Double
    var largeSpike: Int
    var largeSpikeLoss: Double
    var thinnedSpike: Int
    var thinnedMeans: [Double]
  }

  // MARK: - Formulas

  static func loss(_ step: Double, _ scale: Double) -> Double { 2.3 / (1 + step / scale) }

  static func rate(_ step: Double) -> Double {
    step < 300 ? 0.016 + 0.384 * step / 300 : 0.4 * (1000 - step) / 700
  }

  static func momentum(_ step: Double) -> Double {
    step < 300 ? 0.95 - 0.1 * step / 300 : 0.85 + 0.1 * (step - 300) / 700
  }

  /// Repeatable noise in −0.5…0.5.
  static func noise(_ index: Int, _ seed: Int) -> Double {
    var state = UInt64(truncatingIfNeeded: index &* 2_654_435_761 &+ seed &* 40_503) | 1
    for _ in 0..<3 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
    }
    return Double(state >> 11) / Double(1 << 53) - 0.5
  }

  // MARK: - Figures

  static let runs: Figure = {
    let steps = (0..<1000).map(Double.init)
    let epochs = stride(from: 100.0, through: 1000, by: 100).map { $0 }
    let names = ["1cycle", "step decay"]
    let progress = names.enumerated().map { number, name in
      Progress(
        run: name, x: [0, 300, 1000],
        measures: [
          Progress.Measure(Axis("epoch", kind: .whole), values: [0, 3, 10]),
          Progress.Measure(Axis("samples", kind: .whole), values: [0, 38_400, 128_000]),
          Progress.Measure(
            Axis("wall time (s)"), values: [0, 30, 100].map { $0 * Double(number + 1) }),
          Progress.Measure(
            Axis("learning rate"), values: number == 0 ? [0.016, 0.4, 0] : [0.1, 0.1, 0.01]),
        ])
    }
    func losses(_ scale: Double, _ seed: Int) -> [Double] {
      // Noise everywhere but at the step whose value is known.
      steps.map { loss($0, scale) + ($0 == 500 ? 0 : 0.12 * noise(Int($0), seed)) }
    }
    return Figure(
      title: "Two runs, with <angles> & \"quotes\"", subtitle: "resumed at step 640",
      description: "Losses, accuracies and schedules of two runs.",
      x: Axis("step", kind: .whole, domain: 0...1000),
      plots: [
        Plot(
          y: Axis("training loss"),
          marks: [
            LineMark(
              x: steps, y: losses(80, 1), name: names[0], breaks: [640]),
            LineMark(x: steps, y: losses(250, 2), ink: .series(1), dash: .dashed, name: names[1]),
          ], heightShare: 1.4),
        Plot(
          y: Axis("test accuracy", kind: .percent),
          marks: [
            RuleMark.horizontal(at: 0.85, label: "85.0 %"),
            BandMark(
              x: epochs, lower: epochs.map { 0.86 - 40 / ($0 + 60) },
              upper: epochs.map { 0.9 - 40 / ($0 + 60) }, ink: .series(1), run: names[1]),
            LineMark(
              x: epochs, y: epochs.map { 0.9 - 18 / ($0 + 40) }, name: names[0]),
            LineMark(
              x: epochs, y: epochs.map { 0.88 - 40 / ($0 + 60) }, ink: .series(1), dash: .dashed,
              name: names[1]),
            PointMark(x: 1000, y: 0.9 - 18 / 1040, label: "best", run: names[0]),
          ], allowsSmoothing: false),
        Plot(
          y: Axis("learning rate"),
          marks: [
            LineMark(x: steps, y: steps.map(rate), name: names[0]),
            LineMark(
              x: steps, y: steps.map { $0 < 600 ? 0.1 : 0.01 }, ink: .series(1), dash: .dashed,
              name: names[1]),
          ], allowsSmoothing: false),
      ], progress: progress)
  }()

  static let rangeTest: Figure = {
    let rates = (0..<160).map { index in
      (0..<index).reduce(1e-5) { rate, _ in rate * 1.0926 }
    }
    let smooth = rates.map { 2.31 - 1.5 * $0 / ($0 + 0.01) + ($0 > 1 ? ($0 - 1) * 0.35 : 0) }
    return Figure(
      title: "Learning-rate range test", description: "Loss over the learning rate.",
      x: Axis("learning rate", kind: .logarithmic),
      plots: [
        Plot(
          y: Axis("loss", domain: 0.5...3),
          marks: [
            RegionMark(0.002...0.4, ink: .series(2), label: "Smith base–max"),
            LineMark(
              x: rates, y: smooth.enumerated().map { $1 + 0.3 * noise($0, 5) }, weight: .faint),
            LineMark(x: rates, y: smooth, name: "smoothed"),
            PointMark(
              x: [96, 108, 121].map { rates[$0] }, y: [96, 108, 121].map { smooth[$0] },
              labels: ["steepest", "valley", "minimum / 10"], ink: .series(1)),
            RuleMark.vertical(at: rates[151], label: "stopped"),
          ])
      ],
      notes: [
        Note("steepest", text: "the smoothed loss falls fastest here", ink: .series(1)),
        Note("valley", text: "half-way down the longest fall, which is <long>", ink: .series(1)),
        Note("slide", text: "needs points that this test does not have", ink: .muted),
      ])
  }()

  /// Small figures on one page.
  static let gallery = Gallery(
    title: "A sheet", subtitle: "of six", description: "Six lines.",
    figures: (1...6).map { number in
      Figure(
        title: "Number \(number)", description: "A line.", x: Axis("", kind: .whole),
        plots: [
          Plot(y: Axis(""), marks: [LineMark(x: [0, 100], y: [0, Double(number)])])
        ])
    })

  /// A schedule whose knots can be dragged.
  static let schedule = Figure(
    title: "A schedule", description: "Up and down.",
    x: Axis("epoch", kind: .epochs(stepsPerEpoch: 10), domain: 0...1000),
    plots: [
      Plot(
        y: Axis("learning rate"), marks: [LineMark(x: [0, 300, 1000], y: [0.016, 0.4, 0])],
        allowsSmoothing: false)
    ], handles: [Handle(id: "peak", x: 300, y: 0.4, label: "end of warm-up")])

  /// 200,001 points in three panels.
  static let large: Figure = {
    let count = 66_667
    let steps = (0..<count).map(Double.init)
    let losses = steps.indices.map { index in
      index == 61_803 ? 9.25 : 2.3 / (1 + steps[index] / 4000) * (1 + 0.4 * noise(index, 3))
    }
    let shares = steps.map { $0 / Double(count) * 1000 }
    return Figure(
      title: "A long run", description: "66,667 steps with a loss that jumps once.",
      x: Axis("step", kind: .whole),
      plots: [
        Plot(y: Axis("training loss"), marks: [LineMark(x: steps, y: losses)], heightShare: 1.4),
        Plot(
          y: Axis("learning rate"), marks: [LineMark(x: steps, y: shares.map(rate))],
          allowsSmoothing: false),
        Plot(
          y: Axis("momentum"),
          marks: [LineMark(x: steps, y: shares.map(momentum), ink: .series(1))],
          allowsSmoothing: false),
      ])
  }()

  /// More noise than the room for data can hold.
  static let thinnedLosses: [Double] = (0..<20_000).map { index in
    index == 12_345 ? 9.25 : 2.3 / (1 + Double(index) / 2000) * (1 + 0.8 * noise(index, 9))
  }

  static let thinned = Figure(
    title: "A thinned run", description: "20,000 steps in little room.",
    x: Axis("step", kind: .whole),
    plots: [
      Plot(
        y: Axis("training loss"),
        marks: [LineMark(x: (0..<20_000).map(Double.init), y: thinnedLosses)])
    ])

  /// 50 runs of 4,000 steps.
  static let many: Figure = {
    let steps = (0..<4000).map(Double.init)
    return Figure(
      title: "Fifty runs", description: "Losses of fifty runs.", x: Axis("step", kind: .whole),
      plots: [
        Plot(
          y: Axis("training loss"),
          marks: (0..<50).map { run in
            LineMark(
              x: steps,
              y: steps.indices.map {
                loss(steps[$0], 100 + 20 * Double(run)) * (1 + 0.2 * noise($0, run))
              }, ink: .series(run), name: "run \(run)")
          })
      ])
  }()

  /// Several figures on a page: two with the script and one without.
  static var page: String {
    """
    <!DOCTYPE html>
    <meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Figures</title>
    <h1>Figures</h1>
    \(runs.interactiveSVG(id: "first"))
    \(rangeTest.interactiveSVG(id: "second"))
    \(rangeTest.interactiveSVG(id: "third", includesScript: false))
    """
  }
}

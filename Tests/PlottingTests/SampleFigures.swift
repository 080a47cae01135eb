import Plotting
import TestSupport

/// Figures that the snapshots show: each is also an example.
enum SampleFigures {
  struct Sample: Sendable {
    let name: String
    let figure: Figure
    var width = 720.0
  }

  static func figure(_ marks: [any Mark], theme: Theme = .automatic) -> Figure {
    Figure(
      title: "Sample", description: "A sample.", x: Axis("x"),
      plots: [Plot(y: Axis("y"), marks: marks)], theme: theme)
  }

  static let all: [Sample] = [
    Sample(name: "schedule", figure: schedule),
    Sample(name: "schedule-narrow", figure: schedule, width: 360),
    Sample(name: "losses", figure: losses),
    Sample(name: "range-test", figure: rangeTest),
    Sample(name: "range-test-narrow", figure: rangeTest, width: 360),
    Sample(name: "notes", figure: notes),
    Sample(name: "notes-narrow", figure: notes, width: 320),
    Sample(name: "many", figure: many),
    Sample(name: "crossing-ends", figure: crossingEnds),
    Sample(name: "epochs", figure: epochs),
    Sample(name: "smoothed", figure: smoothed),
    Sample(name: "empty", figure: figure([])),
    Sample(name: "constant", figure: figure([LineMark(x: [0, 10], y: [0.9, 0.9], name: "0.9")])),
    Sample(name: "single-point", figure: figure([LineMark(x: [3], y: [0.5], name: "one step")])),
    Sample(
      name: "dark", figure: figure([LineMark(x: [0, 1], y: [0, 1], name: "dark")], theme: .dark)),
    Sample(
      name: "light",
      figure: figure([LineMark(x: [0, 1], y: [0, 1], name: "light")], theme: .light)
    ),
  ]

  /// A small repeatable source of noise in −0.5…0.5.
  private struct Noise {
    var state: UInt64

    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53) - 0.5
    }
  }

  private static var schedule: Figure {
    let steps = (0...1000).map(Double.init)
    let rate = steps.map { $0 < 300 ? 0.016 + 0.384 * $0 / 300 : 0.4 * (1000 - $0) / 700 }
    let momentum = steps.map { $0 < 300 ? 0.95 - 0.1 * $0 / 300 : 0.85 + 0.1 * ($0 - 300) / 700 }
    return Figure(
      title: "1cycle: learning rate and momentum",
      subtitle: "peak 0.4 after 30 % of 1,000 steps",
      description: "The learning rate rises to 0.4 and falls to 0; momentum mirrors it.",
      x: Axis("step", kind: .whole),
      plots: [
        Plot(y: Axis("learning rate"), marks: [LineMark(x: steps, y: rate)], heightShare: 1.4),
        Plot(y: Axis("momentum"), marks: [LineMark(x: steps, y: momentum, ink: .series(1))]),
      ])
  }

  private static var losses: Figure {
    var noise = Noise(state: 7)
    let steps = (0..<1500).map(Double.init)
    let fast = steps.map { 2.3 / (1 + $0 / 80) + 0.12 * noise.next() + ($0 == 1234 ? 1.1 : 0) }
    let slow = steps.map { 2.3 / (1 + $0 / 250) + 0.12 * noise.next() }
    return Figure(
      title: "Training loss", description: "Two noisy losses; one has a spike at step 1234.",
      x: Axis("step", kind: .whole),
      plots: [
        Plot(
          y: Axis("training loss"),
          marks: [
            LineMark(x: steps, y: slow, ink: .series(1), name: "step decay"),
            LineMark(x: steps, y: fast, name: "1cycle"),
          ])
      ])
  }

  private static var smoothed: Figure {
    var noise = Noise(state: 11)
    let steps = (0..<600).map(Double.init)
    let losses = steps.map { 2.3 / (1 + $0 / 80) + 0.3 * noise.next() }
    let line = LineMark(
      x: steps, y: losses, name: "1cycle", breaks: [400])
    return Figure(
      title: "Smoothed and resumed",
      description: "A noisy loss under its mean, resumed at step 400.",
      x: Axis("step", kind: .logarithmic),
      plots: [Plot(y: Axis("training loss"), marks: line.smoothed(weight: 0.9))])
  }

  /// Nine small schedules, two of them with long headings.
  static var gallery: Gallery {
    let steps = (0...100).map(Double.init)
    let figures = (1...9).map { number in
      Figure(
        title: number == 4 ? "A name that needs more than a single line" : "Power \(number)",
        subtitle: number == 8 ? nil : "polynomial(0.1,\(number))", description: "A falling rate.",
        x: Axis("", kind: .whole),
        plots: [
          Plot(
            y: Axis(""),
            marks: [
              LineMark(
                x: steps,
                y: steps.map { step in
                  (0..<number).reduce(0.1) { rate, _ in rate * (1 - step / 100) }
                })
            ])
        ])
    }
    return Gallery(
      title: "Nine powers", subtitle: "over a hundred steps", description: "Nine falling rates.",
      figures: figures)
  }

  private static var rangeTest: Figure {
    var noise = Noise(state: 3)
    let count = 160
    let rates = (0..<count).map { index in
      var rate = 1e-5
      for _ in 0..<index { rate *= 1.0926 }
      return rate
    }
    let smooth = rates.map { rate -> Double in
      let fall = rate / (rate + 0.01)
      return 2.31 - 1.5 * fall + (rate > 1 ? (rate - 1) * 0.35 : 0)
    }
    let raw = smooth.map { $0 + 0.3 * noise.next() }
    let marked = [96, 108, 121, 130]
    return Figure(
      title: "Learning-rate range test",
      description: "Loss over learning rate with four suggestions.",
      x: Axis("learning rate", kind: .logarithmic),
      plots: [
        Plot(
          y: Axis("loss", domain: 0.5...3),
          marks: [
            RegionMark(0.002...0.4, ink: .series(2), label: "Smith base–max"),
            LineMark(x: rates, y: raw, weight: .faint),
            LineMark(x: rates, y: smooth, name: "smoothed"),
            PointMark(
              x: marked.map { rates[$0] }, y: marked.map { smooth[$0] },
              labels: ["steepest", "valley", "minimum / 10", "minimum"], ink: .series(1)),
            RuleMark.vertical(at: rates[151], label: "stopped"),
          ])
      ])
  }

  private static var notes: Figure {
    Figure(
      title: "What is marked, explained", description: "A line with two points and their notes.",
      x: Axis("x"),
      plots: [
        Plot(
          y: Axis("y"),
          marks: [
            LineMark(x: [0, 10], y: [0, 10]),
            PointMark(x: [3, 7], y: [3, 7], labels: ["first", "second"], ink: .series(1)),
          ])
      ],
      notes: [
        Note("first", text: "where it begins to matter", ink: .series(1)),
        Note(
          "second",
          text: "a text so long that on any but the widest of pages it has to go on in the next "
            + "line, under its own beginning and not under the name",
          ink: .series(2)),
        Note("third: none", text: "needs three points, found two", ink: .muted),
        Note("a name alone", text: ""),
      ])
  }

  private static var many: Figure {
    let epochs = (1...20).map(Double.init)
    return Figure(
      title: "Ten runs", description: "Ten accuracies, two of them with repeated colours.",
      x: Axis("epoch", kind: .whole),
      plots: [
        Plot(
          y: Axis("test accuracy", kind: .percent),
          marks: (0..<10).map { run in
            LineMark(
              x: epochs, y: epochs.map { 0.95 - 0.6 / (1 + $0 / Double(run + 1)) },
              ink: .series(run), name: "seed \(run), rate 0.\(run + 1)")
          })
      ])
  }

  private static var crossingEnds: Figure {
    let steps = (0...100).map(Double.init)
    let marks = (0..<4).map { index in
      LineMark(
        x: steps, y: steps.map { (1 - $0 / 100) * (0.4 + 0.2 * Double(index)) },
        ink: .series(index), dash: .pattern(index),
        name: "peak \(["0.4", "0.6", "0.8", "1.0"][index])")
    }
    let band = BandMark(
      x: steps, lower: steps.map { 0.2 - $0 / 500 }, upper: steps.map { 0.3 - $0 / 500 },
      ink: .series(5), name: "interval")
    return Figure(
      title: "Lines that end in one place", description: "Four lines fall to zero.",
      x: Axis("step", kind: .whole),
      plots: [
        Plot(
          y: Axis("learning rate"), marks: [band] + marks + [TextMark("all meet", x: 60, y: 0.9)])
      ])
  }

  private static var epochs: Figure {
    let steps = stride(from: 79.0, through: 79 * 30, by: 79).map { $0 }
    return Figure(
      title: "Epochs to equal accuracy", subtitle: "mean and range of three seeds",
      description: "1cycle ends after 10 epochs; step decay needs 24 for the same accuracy.",
      x: Axis("epoch", kind: .epochs(stepsPerEpoch: 79), domain: 0...(79 * 30)),
      plots: [
        Plot(
          y: Axis("test accuracy", kind: .percent),
          marks: [
            RuleMark.horizontal(at: 0.88, label: "88.0 %"),
            BandMark(
              x: steps, lower: steps.map { 0.89 - 30 / ($0 + 60) - 0.01 },
              upper: steps.map { 0.89 - 30 / ($0 + 60) + 0.01 }, ink: .series(1)),
            LineMark(
              x: steps, y: steps.map { 0.89 - 30 / ($0 + 60) }, ink: .series(1), name: "step decay"),
            LineMark(
              x: Array(steps.prefix(10)), y: steps.prefix(10).map { 0.9 - 18 / ($0 + 40) },
              name: "1cycle"),
            PointMark(x: 79 * 10, y: 0.88, label: "epoch 10"),
          ])
      ])
  }
}

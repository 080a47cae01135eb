import Studies

/// Small made-up measurements that look like trainings.
enum SyntheticRuns {
  /// A repeatable source of noise in −0.5…0.5.
  struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53) - 0.5
    }
  }

  /// A range test: learning rates from 1e-5 by a constant factor, and noisy losses that fall
  /// between 0.001 and 1 and rise steeply after that.
  static func rangeTest(count: Int) -> (learningRates: [Double], losses: [Double]) {
    var noise = Noise(seed: 3)
    var rate = 1e-5
    var (rates, losses) = ([Double](), [Double]())
    for _ in 0..<count {
      rates.append(rate)
      let fall = rate / (rate + 0.02)
      let rise = rate > 0.8 ? (rate - 0.8) * (rate - 0.8) * 0.9 : 0
      losses.append(2.33 - 1.45 * fall + rise + 0.16 * noise.next())
      rate *= 1.14
    }
    return (rates, losses)
  }

  /// A run with a loss and an accuracy after every epoch for every seed.
  static func run(
    _ name: String, epochs: Int, best: Double, pace: Double, seeds: Int
  )
    -> RunsFigure.Run
  {
    let axis = (1...epochs).map(Double.init)
    var curves = (losses: [RunsFigure.Curve](), accuracies: [RunsFigure.Curve]())
    for seed in 0..<seeds {
      var noise = Noise(seed: UInt64(seed + 1))
      let accuracies = axis.map { epoch in
        best - 0.5 / (1 + epoch * epoch / pace) + 0.09 * noise.next() / epoch.squareRoot()
      }
      curves.accuracies.append(.init(epochs: axis, values: accuracies))
      curves.losses.append(.init(epochs: axis, values: accuracies.map { 2.6 * (1.04 - $0) }))
    }
    return RunsFigure.Run(name: name, losses: curves.losses, accuracies: curves.accuracies)
  }
}

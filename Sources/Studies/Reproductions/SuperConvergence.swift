public import Datasets
public import Networks
import Plotting
import Schedules
public import Training

/// Super-convergence: 1cycle at a large learning rate against the standard regime.
///
/// Smith and Topin 2018 (arXiv 1708.07120): a ResNet-56 on CIFAR-10 reaches 92.4 % in 10,000
/// iterations with a rate that cycles up to 3, and 91.2 % in 80,000 with a rate of 0.35 that is
/// divided by 10 twice. The study asks the same of any network and data:
///
/// 1. a range test, whose reading of the curve gives the large rate;
/// 2. 1cycle up to that rate, with the momentum running opposite, for ``epochs`` epochs;
/// 3. the standard regime for the same epochs, then for longer and longer runs (``longerRuns``), each
///    with its decay stretched over the whole of it, until one is as accurate as 1cycle was.
///
/// Nothing is assumed about the answer: the standard regime may win, tie or never get there.
public struct SuperConvergence: Hashable, Sendable, Codable {
  /// The network's name in the catalogue.
  public var network: String
  /// The data set's name in the catalogue, or its folder.
  public var data: String
  /// Images in a step, ≥ 1.
  public var batch: Int
  /// Epochs of the equal budget, ≥ 1.
  public var epochs: Int
  /// How often to repeat both regimes, ≥ 1; the seeds are 0, 1, ….
  public var seeds: Int
  /// How the training images are changed.
  public var augmentation: Augmentation
  /// The sweep: an exponential one from the first rate to the second in a number of steps.
  public var rangeTest: Sweep
  /// What every run shares, in the text form of a plan: weight decay.
  public var shared: [String]
  /// The standard regime, in the text form of a plan: the textbook rate, its decay, its momentum.
  public var standard: [String]
  /// Lengths of the standard regime's longer runs as multiples of `epochs`, rising, each > 1.
  public var longerRuns: [Double]

  /// An exponential range test.
  public struct Sweep: Hashable, Sendable, Codable {
    /// The first learning rate, > 0.
    public var from: Double
    /// The last learning rate, greater than the first.
    public var to: Double
    /// Updates, ≥ 2.
    public var steps: Int
    /// The momentum during the sweep.
    public var momentum: Double
  }

  /// Where a study is, for somebody who waits.
  public struct Progress: Sendable {
    /// What is going on, for example `1cycle, 5 epochs, seed 0`.
    public let title: String
    /// How far it is.
    public let report: ProgressReporter.Report?
    /// How far the range test is, in steps.
    public let rangeTestStep: Int?
  }

  /// Carries the study out.
  ///
  /// - Parameters:
  ///   - dataset: The images.
  ///   - backend: What it runs on.
  ///   - folder: Every run gets a folder of its own in it, and it must not hold any yet.
  ///   - observe: Is told where the study is.
  /// - Returns: Everything that came out.
  /// - Throws: What is wrong with the settings or keeps a run from being made or written.
  public func run(
    on dataset: Dataset, backend: any Backend, folder: String,
    observe: @escaping (Progress) -> Void
  ) throws -> Outcome {
    try validate()
    let runner = Runner(
      study: self, dataset: dataset, backend: backend, folder: folder, observe: observe)
    let curve = try runner.rangeTest()
    let peak = Self.peak(of: curve)
    var oneCycle: [RunRecord] = []
    var standard: [[RunRecord]] = [[]]
    guard let rate = peak.value.map(Self.rounded) else {
      return Outcome(study: self, curve: curve, peak: peak, oneCycle: [], standard: [])
    }
    for seed in 0..<seeds {
      oneCycle.append(
        try runner.train("1cycle", epochs: epochs, seed: seed, plan: oneCyclePlan(peak: rate)))
      standard[0].append(
        try runner.train("standard", epochs: epochs, seed: seed, plan: standardPlan()))
    }
    for length in longerLengths {
      guard Self.isMissing(standard, against: oneCycle) else { break }
      let longer = try (0..<seeds).map { seed in
        try runner.train("standard", epochs: length, seed: seed, plan: standardPlan())
      }
      standard.append(longer)
    }
    return Outcome(
      study: self, curve: curve, peak: peak, oneCycle: oneCycle, standard: standard)
  }

  /// The epochs of the longer runs: whole, rising, each once.
  var longerLengths: [Int] {
    let lengths = longerRuns.map { Int(($0 * Double(epochs)).rounded(.up)) }
    return Set(lengths).filter { $0 > epochs }.sorted()
  }

  /// Whether some seed has not yet reached, in any standard run, what its 1cycle run reached.
  private static func isMissing(_ standard: [[RunRecord]], against oneCycle: [RunRecord]) -> Bool {
    oneCycle.indices.contains { seed in
      guard let target = oneCycle[seed].testAccuracy else { return false }
      return !standard.contains { ($0[seed].testAccuracy ?? 0) >= target }
    }
  }

  /// The large learning rate that a range test gives: Smith's upper bound of the cycle.
  static func peak(of curve: RangeTestCurve) -> Suggestion {
    curve.suggestions.smith.max
  }

  /// A rate to two digits: a range test says no more, and nobody types sixteen.
  static func rounded(_ rate: Double) -> Double {
    Double(NumberText.significant(rate, digits: 2)) ?? rate
  }

  // MARK: - Plans

  /// 1cycle up to a rate, momentum opposite to it.
  func oneCyclePlan(peak: Double) throws -> Plan {
    let rate = Schedule.oneCycle(peak: peak, start: Self.rounded(peak / 25), end: 0)
    let shared = try Plan(words: shared)
    return Plan {
      Scheduled(.learningRate, rate)
      Scheduled(.momentum, rate.mirrored(into: 0.85...0.95))
      shared
    }
  }

  /// The standard regime.
  func standardPlan() throws -> Plan {
    try Plan(words: standard + shared)
  }

  private func validate() throws(TrainingError) {
    for (field, value) in [("epochs", epochs), ("seeds", seeds), ("batch", batch)] {
      guard (1...10_000).contains(value) else {
        throw .recipe(field: field, expected: "1 to 10000", found: "\(value)")
      }
    }
    guard longerRuns == longerRuns.sorted(), longerRuns.allSatisfy({ $0 > 1 && $0 <= 1000 })
    else {
      throw .recipe(
        field: "longerRuns", expected: "rising numbers above 1, at most 1000",
        found: "\(longerRuns)")
    }
  }
}

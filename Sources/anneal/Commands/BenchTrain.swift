import Datasets
import Kernels
import Networks
import Plotting
import Schedules
import Training

/// `anneal bench train`: how fast a training goes, beside what the machine can do.
enum BenchTrain {
  private static let network = Option.value(
    "network", "NETWORK", .choice(NetworkCatalog.entries.map(\.name)), default: "resnet20",
    "a network's name")
  private static let data = Option.value(
    "data", "DATA", .text, default: "synthetic", "a data set's name, or a folder"
  ).completed(by: .words(DatasetCatalog.entries.map(\.name)))
  private static let augment = Option.value(
    "augment", "LIST", .augmentation, default: "crop,flip",
    "or a list like altflip,cutout8")
  private static let steps = Option.value(
    "steps", "N", .count(1...100_000), default: "30", "steps to time in a round")
  private static let lossInterval = Option.value(
    "loss-every", "N", .count(1...100_000), default: "1",
    "read the loss, and wait, every N steps")
  private static let peer = Option.optional(
    "compare-to", "COMMAND", .text, "take turns with a command that prints images/s")
  private static let rounds = Option.value(
    "rounds", "R", .count(1...1000), default: "3", "turns with --compare-to")

  static let command = Command(
    name: "train",
    summary: "Time training steps, loading and augmentation included",
    options: [
      network.declaration, data.declaration, RecipeOptions.imageSize.declaration,
      RecipeOptions.batch.declaration, augment.declaration,
      RecipeOptions.precision.declaration, steps.declaration,
      lossInterval.declaration, StandardOptions.threads.declaration,
    ] + RecipeOptions.backends + [
      peer.declaration, rounds.declaration, StandardOptions.json.declaration,
    ],
    examples: [
      "anneal bench train --network resnet20 --batch 128 --json",
      "anneal bench train --compare-to 'python3 Tests/Peers/torch_training_speed.py'",
    ],
    action: .run(run))

  private static let warmup = 3

  fileprivate struct Report: Encodable {
    var network: String
    var data: String
    var batch: Int
    /// What it ran on, in words.
    var backend: String
    var kernels: String
    var precision: String
    var threads: Int
    /// The batch over the median step's seconds.
    var imagesPerSecond: Double
    var medianStepSeconds: Double
    var fastestStepSeconds: Double
    var slowestStepSeconds: Double
    var steps: Int
    /// The steps from one loss that is read to the next.
    var lossInterval: Int
    /// What the loader makes ready when no network takes processors and memory from it.
    var loaderImagesPerSecond: Double
    /// Of a forward and a backward pass, every product of every convolution formed.
    var flopsPerImage: Int
    var gigaflops: Double
    /// The most that the same kernels and threads reach in registers, measured beside the training;
    /// `nil` for a GPU.
    var peakGigaflops: Double?
    /// The part of that which the training reaches; above 1 where transforms save arithmetic.
    var share: Double?
    var comparison: Comparison?
  }

  fileprivate struct Comparison: Encodable {
    var command: String
    var imagesPerSecond: Double
    /// The ratio of the medians, above 1 when this program is faster.
    var ratio: Double
    /// Images per second of each round, in turn.
    var ownRounds: [Double]
    var peerRounds: [Double]
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let recipe = Recipe(
      network: try arguments(network), data: try arguments(data),
      imageSize: try arguments(RecipeOptions.imageSize), epochs: 1,
      batch: try arguments(RecipeOptions.batch), threads: try arguments(StandardOptions.threads),
      augmentation: try arguments(augment), precision: try arguments(RecipeOptions.precision),
      plan: try Plan(words: ["lr=0.01", "momentum=0.9"]))
    let choice = try RecipeOptions.backend(arguments, recipe, console)
    let dataset = try RecipeOptions.dataset(recipe, console)
    let peer = try arguments(peer).map(PeerCommand.init)
    let rounds = peer == nil ? 1 : try arguments(rounds)

    var peaks = choice.isProcessor ? [choice.measurePeak().gigaflops] : []
    var seconds: [[Double]] = []
    var peerRates: [Double] = []
    var graph: Graph?
    for round in 0..<rounds {
      let (trainer, steps) = try time(
        recipe, dataset, choice, steps: try arguments(steps),
        lossInterval: try arguments(lossInterval), console)
      graph = trainer.graph
      seconds.append(steps)
      if choice.isProcessor { peaks.append(choice.measurePeak().gigaflops) }
      if let peer {
        console.report("round \(round + 1) of \(rounds): \(peer.command)")
        peerRates.append(try peer.imagesPerSecond())
      }
    }
    guard let graph else { return .failed }

    let loaderRate = LoaderTimer.imagesPerSecond(
      dataset.training, batch: recipe.batch, augmentation: recipe.augmentation,
      steps: try arguments(steps), now: console.now)
    let report = report(
      recipe, choice, graph, seconds, lossInterval: try arguments(lossInterval),
      loaderRate: loaderRate, peak: peaks.max(),
      comparison: peer.map { comparison($0, batch: recipe.batch, seconds, peerRates) })
    if try arguments(StandardOptions.json) {
      try console.printJSON(report)
    } else {
      try console.print(report)
    }
    return .done
  }

  private static func time(
    _ recipe: Recipe, _ dataset: Dataset, _ choice: BackendChoice, steps: Int, lossInterval: Int,
    _ console: Console
  ) throws -> (Trainer, [Double]) {
    var recipe = recipe
    let stepsPerEpoch = max(1, dataset.training.count / recipe.batch)
    // An epoch's end cuts an interval short: at worst each has a single step that is timed.
    let most = (warmup + steps + 1) * lossInterval
    recipe.epochs = (most + stepsPerEpoch - 1) / stepsPerEpoch
    let trainer = try Trainer(recipe, dataset: dataset, backend: choice.backend)
    let batch = recipe.batch
    var bar = ProgressBar(
      "timing", total: (warmup + steps) * batch, unit: "images", console: console)
    let timer = StepTimer(
      warmup: warmup, count: steps, lossInterval: lossInterval, now: console.now
    ) {
      bar.advance(to: min($0, warmup + steps) * batch)
    }
    _ = try trainer.run([timer])
    bar.finish()
    return (trainer, timer.seconds)
  }

  private static func report(
    _ recipe: Recipe, _ choice: BackendChoice, _ graph: Graph, _ seconds: [[Double]],
    lossInterval: Int, loaderRate: Double, peak: Double?, comparison: Comparison?
  ) -> Report {
    let all = seconds.flatMap(\.self)
    let median = median(all)
    let flops = graph.rows.filter { $0.phase == .forward || $0.phase == .backward }
      .reduce(0) { $0 + $1.flops }
    let gigaflops = Double(flops) / median * 1e-9
    return Report(
      network: recipe.network, data: recipe.data, batch: recipe.batch,
      backend: choice.description, kernels: choice.isProcessor ? choice.variant.rawValue : "cuda",
      precision: recipe.precision.rawValue, threads: choice.threadCount,
      imagesPerSecond: Double(recipe.batch) / median, medianStepSeconds: median,
      fastestStepSeconds: all.min() ?? median, slowestStepSeconds: all.max() ?? median,
      steps: all.count, lossInterval: lossInterval, loaderImagesPerSecond: loaderRate,
      flopsPerImage: flops / recipe.batch,
      gigaflops: gigaflops,
      peakGigaflops: peak, share: peak.map { gigaflops / $0 }, comparison: comparison)
  }

  private static func comparison(
    _ peer: PeerCommand, batch: Int, _ seconds: [[Double]], _ peerRates: [Double]
  ) -> Comparison {
    let ownRates = seconds.map { Double(batch) / median($0) }
    return Comparison(
      command: peer.command, imagesPerSecond: median(peerRates),
      ratio: median(ownRates) / median(peerRates), ownRounds: ownRates, peerRounds: peerRates)
  }

  /// The middle value, the mean of the middle two where there is none.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}

extension Console {
  fileprivate func print(_ report: BenchTrain.Report) throws(CommandError) {
    func milliseconds(_ seconds: Double) -> String { NumberText.fixed(seconds * 1000, decimals: 1) }
    try print(
      "\(report.network) on \(report.data), batch \(report.batch), \(report.precision), "
        + report.backend)
    try print(
      "\(NumberText.rate(report.imagesPerSecond)) images/s: the median of \(report.steps) steps is "
        + "\(milliseconds(report.medianStepSeconds)) ms "
        + "(\(milliseconds(report.fastestStepSeconds)) to "
        + "\(milliseconds(report.slowestStepSeconds)))")
    var peak = ""
    if let gigaflops = report.peakGigaflops, let share = report.share {
      peak =
        "; the machine reaches \(NumberText.fixed(gigaflops, decimals: 1)) in registers: "
        + NumberText.percent(share)
    }
    try print(
      "\(NumberText.fixed(report.gigaflops, decimals: 1)) GFLOP/s of direct convolution's "
        + "arithmetic" + peak)
    try print(
      "the loader alone makes \(NumberText.rate(report.loaderImagesPerSecond)) images/s, "
        + NumberText.fixed(report.loaderImagesPerSecond / report.imagesPerSecond, decimals: 1)
        + " times as many")
    guard let comparison = report.comparison else { return }
    try print(
      "\(NumberText.fixed(comparison.ratio, decimals: 2)) times the "
        + "\(NumberText.rate(comparison.imagesPerSecond)) images/s of \(comparison.command)")
  }
}

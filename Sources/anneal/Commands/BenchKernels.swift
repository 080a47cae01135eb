import Datasets
import Kernels
import Networks
import Plotting
import Schedules
import Training

/// `anneal bench kernels`: where the time of a training step goes, kernel by kernel.
///
/// Every operation is timed in its place in the step, so that it finds the caches as a training
/// leaves them. Operations of one kind and shape share a row.
enum BenchKernels {
  private static let network = Option.value(
    "network", "NETWORK", .choice(NetworkCatalog.entries.map(\.name)), default: "resnet20",
    "a network's name")
  private static let steps = Option.value(
    "steps", "N", .count(1...10_000), default: "20", "steps to time, of which the median counts")

  static let command = Command(
    name: "kernels",
    summary: "Time every kernel of a network's training step",
    options: [
      network.declaration, RecipeOptions.batch.declaration, steps.declaration,
      BackendChoice.convolution.declaration, RecipeOptions.precision.declaration,
      StandardOptions.threads.declaration,
      StandardOptions.json.declaration,
    ],
    examples: [
      "anneal bench kernels --network resnet20 --batch 128",
      "anneal bench kernels --network resnet56 --convolution direct --json",
    ],
    action: .run(run))

  fileprivate struct Report: Encodable {
    var network: String
    var batch: Int
    var kernels: String
    var threads: Int
    var convolution: String
    /// What activations are kept as.
    var precision: String
    /// The most that these kernels and threads reach in registers.
    var peakGigaflops: Double
    /// A copy between large arrays, bytes read and written.
    var peakGigabytes: Double
    var stepMilliseconds: Double
    var rows: [Row]
  }

  /// All operations of one kind and shape.
  fileprivate struct Row: Encodable {
    var operation: String
    var shape: String
    var count: Int
    /// The median time of one of them.
    var milliseconds: Double
    /// Of the step's time, all of them together.
    var share: Double
    /// Of direct convolution's arithmetic, whatever the algorithm; `nil` where memory is the limit.
    var gigaflops: Double?
    /// Of the tensors it reads and writes, each once.
    var gigabytes: Double
    /// `gigaflops` or `gigabytes` as a part of the machine's peak.
    var peakShare: Double
  }

  private struct Key: Hashable {
    var operation: String
    var shape: String
    var flops: Int
    var bytes: Int
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let choice = try BackendChoice(
      threads: try arguments(StandardOptions.threads),
      convolution: try arguments(BackendChoice.convolution), environment: console.environment)
    let name = try arguments(network)
    let batch = try arguments(RecipeOptions.batch)
    let profile = Profile()
    var peak = choice.measurePeak()
    let precision = try arguments(RecipeOptions.precision)
    try train(
      network: name, batch: batch, precision, steps: try arguments(steps),
      choice.profilingBackend(profile, now: console.now), profile, console)
    let after = choice.measurePeak()
    if after.gigaflops > peak.gigaflops { peak = after }
    let rows = rows(profile.times, peak)
    let report = Report(
      network: name, batch: batch, kernels: choice.variant.rawValue, threads: choice.threadCount,
      convolution: choice.convolution.rawValue, precision: precision.rawValue,
      peakGigaflops: peak.gigaflops,
      peakGigabytes: peak.copyGigabytes,
      stepMilliseconds: rows.reduce(0) { $0 + $1.milliseconds * Double($1.count) }, rows: rows)
    if try arguments(StandardOptions.json) {
      try console.printJSON(report)
    } else {
      try console.print(report)
    }
    return .done
  }

  /// Trains on made-up images, a few steps before those that count.
  private static func train(
    network: String, batch: Int, _ precision: Precision, steps: Int, _ backend: any Backend,
    _ profile: Profile,
    _ console: Console
  ) throws {
    let dataset = try Dataset.load("synthetic")
    let warmup = 2
    let stepsPerEpoch = max(1, dataset.training.count / batch)
    let recipe = Recipe(
      network: network, data: "synthetic",
      epochs: (warmup + steps + stepsPerEpoch - 1) / stepsPerEpoch, batch: batch,
      augmentation: Augmentation(), optimizer: .nesterov, precision: precision,
      plan: try Plan(words: ["lr=0.01", "momentum=0.9"]))
    let trainer = try Trainer(
      recipe, dataset: dataset,
      backend: backend)
    var bar = ProgressBar("timing", total: warmup + steps, unit: "steps", console: console)
    let timer = StepTimer(warmup: warmup, count: steps, now: console.now) {
      if $0 == warmup { profile.forget() }
      bar.advance(to: $0)
    }
    _ = try trainer.run([timer])
    bar.finish()
  }

  private static func rows(
    _ operations: [Profile.Operation], _ peak: MachinePeak
  ) -> [Row] {
    var order: [Key] = []
    var times: [Key: [Double]] = [:]
    for operation in operations where operation.row.phase != .evaluate {
      let row = operation.row
      let key = Key(
        operation: row.operation, shape: "\(row.inputShape) → \(row.shape)", flops: row.flops,
        bytes: row.readByteCount + row.byteCount)
      if times[key] == nil { order.append(key) }
      times[key, default: []].append(BenchTrain.median(operation.seconds))
    }
    let total = times.values.joined().reduce(0, +)
    return order.map { key in
      let own = times[key] ?? []
      let median = BenchTrain.median(own)
      let gigaflops = key.flops > 0 ? Double(key.flops) / median * 1e-9 : nil
      let gigabytes = Double(key.bytes) / median * 1e-9
      return Row(
        operation: key.operation, shape: key.shape, count: own.count,
        milliseconds: median * 1e3, share: own.reduce(0, +) / total, gigaflops: gigaflops,
        gigabytes: gigabytes,
        peakShare: gigaflops.map { $0 / peak.gigaflops } ?? gigabytes / peak.copyGigabytes)
    }
  }
}

extension Console {
  fileprivate func print(_ report: BenchKernels.Report) throws(CommandError) {
    func fixed(_ value: Double, _ decimals: Int) -> String {
      NumberText.fixed(value, decimals: decimals)
    }
    var table = TextTable(
      .text("operation"), .text("shape"), .number("count"), .number("ms"), .number("of step"),
      .number("GFLOP/s"), .number("GB/s"), .number("of peak"))
    for row in report.rows {
      table.append(
        row.operation, row.shape, String(row.count), fixed(row.milliseconds, 3),
        NumberText.percent(row.share), row.gigaflops.map { fixed($0, 1) } ?? "",
        fixed(row.gigabytes, 1), NumberText.percent(row.peakShare))
    }
    try print(
      "\(report.network), batch \(report.batch), \(report.kernels) kernels, "
        + "\(report.convolution) convolution, \(report.precision), \(report.threads) "
        + "thread\(report.threads == 1 ? "" : "s")")
    for line in table.lines { try print(line) }
    try print(
      "a step: \(fixed(report.stepMilliseconds, 1)) ms; the machine: "
        + "\(fixed(report.peakGigaflops, 1)) GFLOP/s in registers, "
        + "\(fixed(report.peakGigabytes, 1)) GB/s copying")
  }
}

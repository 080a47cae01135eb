import Plotting
import Schedules

/// `anneal bench schedules`: how fast schedules are, and whether the parser stands any text.
enum BenchSchedules {
  private static let texts = Option.value(
    "texts", "N", .count(0...1_000_000_000), default: "0",
    "random and changed texts to parse, each read back")
  private static let rounds = Option.value(
    "rounds", "R", .count(1...1000), default: "5", "turns, of which the fastest counts")
  private static let seed = Option.value(
    "seed", "S", .seed, default: "1", "seed of the texts and steps")

  static let command = Command(
    name: "schedules",
    summary: "Time looking up and resolving schedules; try the parser",
    options: [
      rounds.declaration, texts.declaration, seed.declaration, StandardOptions.json.declaration,
    ],
    examples: [
      "anneal bench schedules",
      "anneal bench schedules --texts 10000000",
    ],
    action: .run(run))

  private struct Report: Encodable {
    /// The time of one value at a random step of a plan with 40 segments.
    var lookupNanoseconds: Double
    /// The time of a million steps of a schedule, from text to values.
    var millionStepsMilliseconds: Double
    var texts: TextReport?
  }

  private struct TextReport: Encodable {
    var tried = 0
    var accepted = 0
    var notReadBack = 0
    var wallSeconds = 0.0
    /// The first text that was not read back equal.
    var example: String?
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let seed = try arguments(seed)
    let rounds = try arguments(rounds)
    let count = try arguments(texts)
    let report = Report(
      lookupNanoseconds: try lookup(rounds: rounds, seed: seed, console),
      millionStepsMilliseconds: try resolving(rounds: rounds, console),
      texts: count > 0 ? tryTexts(count, seed: seed, console) : nil)
    if try arguments(StandardOptions.json) {
      try console.printJSON(report)
    } else {
      try print(report, console)
    }
    return report.texts.map { $0.notReadBack == 0 } ?? true ? .done : .failed
  }

  private static func print(_ report: Report, _ console: Console) throws(CommandError) {
    try console.print(
      "a value at a random step of a plan of 40 segments: "
        + "\(NumberText.fixed(report.lookupNanoseconds, decimals: 1)) ns")
    try console.print(
      "a million steps resolved into values: "
        + "\(NumberText.fixed(report.millionStepsMilliseconds, decimals: 1)) ms")
    guard let texts = report.texts else { return }
    try console.print(
      "\(NumberText.grouped(texts.tried)) texts in \(NumberText.duration(texts.wallSeconds)): "
        + "\(NumberText.grouped(texts.accepted)) accepted, "
        + (texts.notReadBack == 0
          ? "each of them read back equal"
          : "\(texts.notReadBack) not read back equal, the first '\(texts.example ?? "")'"))
  }

  /// Twenty ramps and holds of each of two hyper-parameters.
  private static func plan() throws -> Plan {
    let curves: [Curve] = [.linear, .cosine, .exponential, .polynomial(power: 2), .rex]
    let rate = Schedule {
      for index in 0..<20 {
        Ramp(from: 0.1, to: 0.2, over: 5.percent, curve: curves[index % curves.count])
      }
    }
    return Plan {
      Scheduled(.learningRate, rate)
      Scheduled(.momentum, rate.mirrored(into: 0.85...0.95))
    }
  }

  private static func lookup(rounds: Int, seed: UInt64, _ console: Console) throws -> Double {
    let steps = 1_000_000
    let resolved = try plan().resolved(over: Horizon(steps: steps))
    guard let rates = resolved[.learningRate], let momenta = resolved[.momentum] else { return 0 }
    let lookups = 200_000
    var state = seed
    var best = Double.infinity
    for _ in 0..<rounds {
      var sum = 0.0
      let start = console.now()
      for index in 0..<lookups {
        // A linear congruence: far cheaper than what is timed.
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let step = Int(state >> 33) % steps
        sum += index & 1 == 0 ? rates[step] : momenta[step]
      }
      // The sum is looked at, so that nothing of the loop can be left out.
      best = min(best, sum.isFinite ? console.now() - start : .infinity)
    }
    return best / Double(lookups) * 1e9
  }

  private static func resolving(rounds: Int, _ console: Console) throws -> Double {
    let run = Horizon(steps: 1_000_000)
    var best = Double.infinity
    for _ in 0..<rounds {
      let start = console.now()
      let values = try Schedule(parsing: "onecycle(0.1)").resolved(over: run).allValues()
      best = min(best, values.count == run.stepCount ? console.now() - start : .infinity)
    }
    return best * 1e3
  }

  private static func tryTexts(_ count: Int, seed: UInt64, _ console: Console) -> TextReport {
    var texts = RandomScheduleTexts(seed: seed)
    var report = TextReport()
    var bar = ProgressBar("parsing", total: count, unit: "texts", console: console)
    let start = console.now()
    for index in 0..<count {
      let text = texts.next()
      report.tried += 1
      if let schedule = try? Schedule(parsing: text) {
        report.accepted += 1
        if Schedule(schedule.description) != schedule {
          report.notReadBack += 1
          report.example = report.example ?? text
        }
      }
      if index % 10_000 == 0 { bar.advance(to: index) }
    }
    bar.finish()
    report.wallSeconds = console.now() - start
    return report
  }
}

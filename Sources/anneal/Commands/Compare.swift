import Plotting
import Schedules
import Studies
import Training

/// `anneal compare`: runs side by side in a table.
enum Compare {
  static let runs = Positional(
    name: "RUN", summary: "the folder of a run, as 'train --run' keeps it", isRepeatable: true,
    completion: .directory)

  static let command = Command(
    name: "compare",
    summary: "Compare runs: recipe, accuracy, time",
    positionals: [runs],
    options: [StandardOptions.json.declaration],
    examples: ["anneal compare runs/*"],
    action: .run(run))

  private struct Row: Encodable {
    var name: String
    var network: String
    var data: String
    var batch: Int
    var seed: UInt64
    var plan: [String]
    var epochs: Int
    /// Complete epochs, as the metrics show them.
    var completedEpochs: Int
    var testAccuracy: Double?
    var bestTestAccuracy: Double?
    var wallSeconds: Double
    var imagesPerSecond: Double?
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let rows = try arguments.positionals.map { path throws(TrainingError) in
      row(try RunRecord(folder: path))
    }
    if try arguments(StandardOptions.json) {
      try console.printJSON(rows)
      return .done
    }
    var table = TextTable(
      .text("run"), .text("network"), .text("data"), .number("batch"), .number("epochs"),
      .number("test accuracy"), .number("best"), .number("seconds"), .number("images/s"))
    for row in rows {
      table.append(
        row.name, row.network, row.data, "\(row.batch)",
        row.completedEpochs == row.epochs
          ? "\(row.epochs)" : "\(row.completedEpochs)/\(row.epochs)",
        row.testAccuracy.map { NumberText.percent($0, decimals: 2) } ?? "–",
        row.bestTestAccuracy.map { NumberText.percent($0, decimals: 2) } ?? "–",
        NumberText.fixed(row.wallSeconds, decimals: 1),
        row.imagesPerSecond.map(NumberText.rate) ?? "–")
    }
    for line in table.lines { try console.print(line) }
    try console.print()
    for row in rows { try console.print("\(row.name): \(row.plan.joined(separator: " "))") }
    return .done
  }

  private static func row(_ record: RunRecord) -> Row {
    let rates = record.log.epochs.map(\.imagesPerSecond).sorted()
    return Row(
      name: record.name, network: record.recipe.network, data: record.recipe.data,
      batch: record.recipe.batch, seed: record.recipe.seed, plan: record.recipe.plan.words,
      epochs: record.recipe.epochs, completedEpochs: record.log.epochs.count,
      testAccuracy: record.testAccuracy, bestTestAccuracy: record.bestTestAccuracy,
      wallSeconds: record.wallSeconds,
      imagesPerSecond: rates.isEmpty ? nil : rates[rates.count / 2])
  }
}

import Plotting
import Training

/// Shows a training while it goes on: progress on the diagnostics stream, a row for each epoch.
final class TrainingDisplay: Callback {
  /// The loss is shown beside the progress.
  let lossInterval: Int?
  private let console: Console
  private let printsEpochs: Bool
  private var bar: ProgressBar?
  private var start: RunStart?

  /// Makes a display.
  ///
  /// - Parameters:
  ///   - console: Where it shows.
  ///   - printsEpochs: Whether each epoch is a row of the result.
  ///   - lossInterval: How often a step's loss is wanted, in steps, ≥ 1.
  init(_ console: Console, printsEpochs: Bool, lossInterval: Int) {
    self.lossInterval = lossInterval
    self.console = console
    self.printsEpochs = printsEpochs
  }

  func handle(_ event: Event, of trainer: Trainer) -> Directive {
    switch event {
    case .runBegan(let start):
      self.start = start
      bar = ProgressBar(
        "training", total: start.timetable.imageCount(by: start.stepCount), unit: "images",
        completed: start.timetable.imageCount(by: start.firstStep), console: console)
      if printsEpochs {
        printRow(["epoch", "train loss", "test loss", "test accuracy", "seconds", "images/s"])
      }
    case .epochBegan: break
    case .stepEnded(let record):
      guard let start else { break }
      let loss = record.loss.map { "  loss \(NumberText.fixed($0, decimals: 4))" } ?? ""
      bar?.advance(
        to: start.timetable.imageCount(by: record.step + 1),
        note: "epoch \(record.epoch + 1)/\(start.recipe.epochs)\(loss)", value: record.loss)
    case .epochEnded(let record):
      bar?.finish()
      guard printsEpochs else { break }
      printRow([
        "\(record.epoch + 1)", record.trainLoss.map { NumberText.fixed($0, decimals: 4) } ?? "–",
        NumberText.fixed(record.testLoss, decimals: 4),
        NumberText.percent(record.testAccuracy, decimals: 2),
        NumberText.fixed(record.wallSeconds, decimals: 1),
        NumberText.rate(record.imagesPerSecond),
      ])
    case .runEnded: bar?.finish()
    }
    return .proceed
  }

  /// Rows come one by one while the training goes on, so that their columns are of fixed widths.
  private func printRow(_ cells: [String]) {
    let line = zip(cells, [5, 10, 9, 13, 7, 8]).map { cell, width in
      String(repeating: " ", count: max(0, width - cell.count)) + cell
    }.joined(separator: "  ")
    // A row that cannot be written does not end a training whose results are kept elsewhere.
    try? console.print(line)
  }
}

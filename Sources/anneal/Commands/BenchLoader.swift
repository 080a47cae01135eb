import Datasets
import Plotting
import Training

/// `anneal bench loader`: how fast images come, without a network that takes them.
enum BenchLoader {
  private static let data = Option.value(
    "data", "DATA", .text, default: "synthetic", "a data set's name, or a folder"
  ).completed(by: .words(DatasetCatalog.entries.map(\.name)))
  private static let augment = Option.value(
    "augment", "LIST", .augmentation, default: "crop,flip",
    "or a list like altflip,cutout8")
  private static let steps = Option.value(
    "steps", "N", .count(1...1_000_000), default: "200", "batches to time")

  static let command = Command(
    name: "loader",
    summary: "Time reading a data set and making batches of it, without training",
    options: [
      data.declaration, RecipeOptions.imageSize.declaration,
      RecipeOptions.skipBadImages.declaration, RecipeOptions.batch.declaration,
      augment.declaration, steps.declaration, StandardOptions.json.declaration,
    ],
    examples: ["anneal bench loader --data photographs --image-size 128 --batch 128"],
    action: .run(run))

  fileprivate struct Report: Encodable {
    var data: String
    var batch: Int
    /// Channels, height and width.
    var imageShape: [Int]
    /// Images read, of both splits.
    var imageCount: Int
    /// Reading, unpacking, decoding and resizing them, and measuring their normalisation.
    var readingSeconds: Double
    var imagesReadPerSecond: Double
    /// Batches timed.
    var steps: Int
    /// Ordering, augmenting and normalising, on the loader's one thread.
    var imagesPerSecond: Double
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let (name, batch, steps) = (
      try arguments(data), try arguments(RecipeOptions.batch), try arguments(steps)
    )
    let began = console.now()
    let dataset = try Dataset.load(
      name, imageSize: try arguments(RecipeOptions.imageSize),
      skipsBadImages: try arguments(RecipeOptions.skipBadImages))
    let readingSeconds = console.now() - began
    RecipeOptions.reportSkippedImages(dataset, console)
    let training = dataset.training
    guard batch <= training.count else {
      throw TrainingError.batchTooLarge(batch: batch, count: training.count)
    }
    let rate = LoaderTimer.imagesPerSecond(
      training, batch: batch, augmentation: try arguments(augment), steps: steps, now: console.now)
    let count = training.count + dataset.test.count
    let report = Report(
      data: name, batch: batch, imageShape: [training.channels, training.height, training.width],
      imageCount: count, readingSeconds: readingSeconds,
      imagesReadPerSecond: Double(count) / readingSeconds, steps: steps, imagesPerSecond: rate)
    if try arguments(StandardOptions.json) {
      try console.printJSON(report)
    } else {
      try console.print(report)
    }
    return .done
  }
}

extension Console {
  fileprivate func print(_ report: BenchLoader.Report) throws(CommandError) {
    let shape = report.imageShape.map(String.init).joined(separator: "×")
    try print(
      "\(report.data): \(NumberText.grouped(report.imageCount)) images of \(shape), read in "
        + "\(NumberText.fixed(report.readingSeconds, decimals: 2)) s: "
        + "\(NumberText.rate(report.imagesReadPerSecond)) images/s")
    try print(
      "\(NumberText.rate(report.imagesPerSecond)) images/s in \(report.steps) batches of "
        + "\(report.batch) on the loader's thread")
  }
}

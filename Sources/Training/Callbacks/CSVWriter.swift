/// Writes a row of comma-separated values after each epoch: fast.ai's `CSVLogger`, for spreadsheets.
///
/// The columns are `epoch` (from 0), `trainLoss`, `testLoss`, `testAccuracy` (0…1), `wallSeconds` and
/// `imagesPerSecond`, as in `metrics.jsonl`; what is missing or not finite is an empty cell.
public final class CSVWriter: Callback {
  private static let heading =
    "epoch,trainLoss,testLoss,testAccuracy,wallSeconds,imagesPerSecond\n"
  private let file: OutputFile

  /// Makes the file, or goes on with it.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - count: The epochs that were complete where the run goes on: rows of later ones are cut off.
  ///     Nil to begin a new file, in the place of one that is there.
  /// - Throws: `TrainingError.unwritable` with the system's reason.
  public init(_ path: String, keepingEpochs count: Int? = nil) throws(TrainingError) {
    guard let count, InputFile.exists(path) else {
      file = try OutputFile(path, replaces: true)
      try file.write(Array(Self.heading.utf8))
      return
    }
    let lines = try InputFile.bytes(path).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // The heading and a row for each epoch; what comes last has no line's end.
    let kept = lines.dropLast().prefix(1 + count)
    file = try OutputFile(path, keeping: kept.reduce(0) { $0 + $1.count + 1 })
    if kept.isEmpty { try file.write(Array(Self.heading.utf8)) }
  }

  /// Writes an epoch's row.
  public func handle(_ event: Event, of trainer: Trainer) throws(TrainingError) -> Directive {
    switch event {
    case .epochEnded(let record):
      let cells = [
        record.trainLoss, record.testLoss, record.testAccuracy, record.wallSeconds,
        record.imagesPerSecond,
      ].map { $0.map { $0.isFinite ? "\($0)" : "" } ?? "" }
      let row = (["\(record.epoch)"] + cells).joined(separator: ",") + "\n"
      try file.write(Array(row.utf8))
    case .runEnded: try file.synchronize()
    case .runBegan, .epochBegan, .stepEnded: break
    }
    return .proceed
  }
}

#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// Writes a run's scalars as TensorBoard's event files.
///
/// After each step `loss/train`, `learningRate` and `momentum`, after each epoch `loss/test`,
/// `accuracy/test` and `imagesPerSecond` at its last step. Every process writes a file of its own; one
/// that goes on tells TensorBoard from which step on the earlier files count no longer.
public final class TensorBoardWriter: Callback {
  /// How often a step's loss is written.
  public let lossInterval: Int?
  private let file: OutputFile
  private let events = TensorBoardEvents()
  private let now: () -> Double
  private var step = 0

  /// Makes a file.
  ///
  /// - Parameters:
  ///   - folder: TensorBoard's `--logdir`, or a folder in it; made unless it is there.
  ///   - lossInterval: How often a step's loss is wanted, in steps, ≥ 1.
  /// - Throws: `TrainingError.unwritable` with the system's reason.
  public convenience init(_ folder: String, lossInterval: Int = 1) throws(TrainingError) {
    try self.init(folder, lossInterval: lossInterval) { Date().timeIntervalSince1970 }
  }

  /// Makes a file.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - lossInterval: How often a step's loss is wanted, in steps, ≥ 1.
  ///   - now: Seconds since 1970.
  /// - Throws: `TrainingError.unwritable` with the system's reason.
  init(
    _ folder: String, lossInterval: Int = 1, now: @escaping () -> Double
  ) throws(TrainingError) {
    precondition(lossInterval >= 1, "losses are read every 1 or more steps")
    self.lossInterval = lossInterval
    self.now = now
    try OutputFile.makeFolder(folder)
    // Readers take files in the order of their names.
    let seconds = Int(now())
    var number = 0
    func path() -> String { "\(folder)/events.out.tfevents.\(seconds).\(number).anneal" }
    while InputFile.exists(path()) { number += 1 }
    file = try OutputFile(path())
    try file.write(events.fileVersion(wallTime: now()))
  }

  /// Writes the event's scalars.
  public func handle(_ event: Event, of trainer: Trainer) throws(TrainingError) -> Directive {
    switch event {
    case .runBegan(let start):
      step = max(0, start.firstStep - 1)
      try file.write(events.sessionStart(step: start.firstStep, wallTime: now()))
    case .epochBegan: break
    case .stepEnded(let record):
      step = record.step
      try write(
        (record.loss.map { [("loss/train", $0)] } ?? [])
          + [("learningRate", record.learningRate), ("momentum", record.momentum)])
    case .epochEnded(let record):
      try write([
        ("loss/test", record.testLoss), ("accuracy/test", record.testAccuracy),
        ("imagesPerSecond", record.imagesPerSecond),
      ])
    case .runEnded: try file.synchronize()
    }
    return .proceed
  }

  private func write(_ values: [(tag: String, value: Double)]) throws(TrainingError) {
    try file.write(events.scalars(values, step: step, wallTime: now()))
  }
}

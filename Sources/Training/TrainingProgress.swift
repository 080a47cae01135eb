/// How far a training has come: everything that its next step depends on beside the network's tensors.
///
/// The order of the samples and their augmentation are pure functions of (seed, epoch, sample), so the
/// step's number is the position of every random stream.
struct TrainingProgress: Hashable, Sendable {
  /// The number of the next step in the plan, from 0; the run's step count when all are made.
  var step = 0
  /// Complete epochs, evaluation included: the number of the epoch that `step` belongs to.
  var epoch = 0
  /// Updates made; fewer than `step` where a callback has cut epochs short.
  var updateCount = 0
  /// Updates made in the epoch that is not complete.
  var epochUpdateCount = 0
  /// How often the average of the weights was brought up to date.
  var averagingCount = 0
  /// The losses that were read in that epoch.
  var losses = Mean()
  /// Seconds from the beginning to the last event, in all the processes that had a part in it.
  var seconds = 0.0
  /// Seconds since the epoch's beginning, likewise.
  var epochSeconds = 0.0
  /// Set when a callback has seen enough: there is nothing to go on with.
  var isStopped = false
}

/// The mean of those of some numbers that are there.
struct Mean: Hashable, Sendable {
  var sum = 0.0
  var count = 0

  mutating func add(_ value: Double?) {
    guard let value else { return }
    sum += value
    count += 1
  }

  /// The mean; nil of nothing.
  var value: Double? { count == 0 ? nil : sum / Double(count) }
}

// MARK: - In a checkpoint

extension TrainingProgress {
  /// What a checkpoint's metadata says of it.
  ///
  /// Timings are no part of a finished training's checkpoint: two runs of a recipe end with the same
  /// bytes.
  func metadata(isFinished: Bool) -> [String: String] {
    var metadata = [
      "step": "\(step)", "epoch": "\(epoch)", "updates": "\(updateCount)",
      "epochUpdates": "\(epochUpdateCount)", "averagings": "\(averagingCount)",
      "epochLossSum": "\(losses.sum)",
      "epochLosses": "\(losses.count)", "stopped": "\(isStopped)",
    ]
    if !isFinished {
      metadata["seconds"] = "\(seconds)"
      metadata["epochSeconds"] = "\(epochSeconds)"
    }
    return metadata
  }

  /// Reads it back.
  ///
  /// - Parameters:
  ///   - metadata: A checkpoint's.
  ///   - timetable: The epochs of the run.
  ///   - path: The checkpoint's file, for messages.
  /// - Throws: `TrainingError.checkpointMetadata` for what is missing, no number, or out of the run.
  init(
    _ metadata: [String: String], timetable: Timetable, path: String
  ) throws(TrainingError) {
    func integer(_ key: String, _ range: ClosedRange<Int>) throws(TrainingError) -> Int {
      guard let value = metadata[key].flatMap({ Int($0) }), range.contains(value) else {
        throw .checkpointMetadata(
          key: key, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)",
          found: metadata[key], path: path)
      }
      return value
    }
    func number(_ key: String, otherwise: Double?) throws(TrainingError) -> Double {
      if metadata[key] == nil, let otherwise { return otherwise }
      guard let value = metadata[key].flatMap({ Double($0) }) else {
        throw .checkpointMetadata(
          key: key, expected: "a number", found: metadata[key], path: path)
      }
      return value
    }
    epoch = try integer("epoch", 0...timetable.epochCount)
    let first = timetable.firstStep(ofEpoch: epoch)
    let next = timetable.firstStep(ofEpoch: min(epoch + 1, timetable.epochCount))
    step = try integer("step", first...next)
    updateCount = try integer("updates", 0...step)
    epochUpdateCount = try integer("epochUpdates", 0...min(updateCount, step - first))
    averagingCount = try integer("averagings", 0...updateCount)
    losses.count = try integer("epochLosses", 0...epochUpdateCount)
    losses.sum = try number("epochLossSum", otherwise: nil)
    seconds = try number("seconds", otherwise: 0)
    epochSeconds = try number("epochSeconds", otherwise: 0)
    guard let isStopped = metadata["stopped"].flatMap({ Bool($0) }) else {
      throw .checkpointMetadata(
        key: "stopped", expected: "true or false", found: metadata["stopped"], path: path)
    }
    self.isStopped = isStopped
  }
}

#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// The records of a run as lines of JSON: `metrics.jsonl`.
///
/// A step is `{"step":…,"epoch":…,"learningRate":…,"momentum":…,"loss":…}`, an epoch
/// `{"epoch":…,"trainLoss":…,"testLoss":…,"testAccuracy":…,"wallSeconds":…,"imagesPerSecond":…}`.
/// A loss that is not finite is null, one that was not read is left out. Two runs of one recipe
/// write the same bytes but for the last two numbers of an epoch, which are timings.
public struct MetricsLog: Hashable, Sendable {
  /// The steps, in order.
  public private(set) var steps: [StepRecord] = []
  /// The epochs, in order.
  public private(set) var epochs: [EpochRecord] = []

  /// Makes an empty log.
  public init() {}

  /// Appends a step.
  public mutating func append(_ record: StepRecord) { steps.append(record) }

  /// Appends an epoch.
  public mutating func append(_ record: EpochRecord) { epochs.append(record) }
}

// MARK: - Writing

extension StepRecord {
  /// The record as one line of JSON, without the line's end.
  public var jsonLine: String {
    JSONText.object(
      [
        ("step", "\(step)"), ("epoch", "\(epoch)"),
        ("learningRate", JSONText.number(learningRate)), ("momentum", JSONText.number(momentum)),
      ] + (loss.map { [("loss", JSONText.number($0))] } ?? []))
  }
}

extension EpochRecord {
  /// The record as one line of JSON, without the line's end.
  public var jsonLine: String {
    JSONText.object(
      [("epoch", "\(epoch)")] + (trainLoss.map { [("trainLoss", JSONText.number($0))] } ?? [])
        + [
          ("testLoss", JSONText.number(testLoss)), ("testAccuracy", JSONText.number(testAccuracy)),
          ("wallSeconds", JSONText.number(wallSeconds)),
          ("imagesPerSecond", JSONText.number(imagesPerSecond)),
        ])
  }
}

// MARK: - Reading

extension MetricsLog {
  /// Reads a file.
  ///
  /// A last line without its end is a record that was being written when the run was killed; it is
  /// left out.
  ///
  /// - Parameter path: The file.
  /// - Throws: What cannot be read, with the line.
  public init(path: String) throws(TrainingError) {
    self = try Self.prefix(path: path).log
  }

  /// Reads the records up to a point of the run.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - step: Steps of this number and later ones are left out.
  ///   - epoch: Epochs of this number and later ones are left out.
  /// - Returns: The records, and the bytes of their lines: they stand at the beginning of the file.
  /// - Throws: What cannot be read, with the line.
  static func prefix(
    path: String, step: Int = .max, epoch: Int = .max
  ) throws(TrainingError) -> (log: MetricsLog, byteCount: Int) {
    let contents = try InputFile.bytes(path)
    var log = MetricsLog()
    var byteCount = 0
    var lines = contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    lines.removeLast()
    let decoder = JSONDecoder()
    for (index, line) in lines.enumerated() {
      guard let record = try? decoder.decode(Line.self, from: Data(line)) else {
        let text = String(decoding: line, as: UTF8.self)
        throw .malformedMetrics(
          path: path, line: index + 1, found: text.count > 60 ? "\(text.prefix(57))…" : text)
      }
      switch record {
      case .step(let record):
        guard record.step < step else { return (log, byteCount) }
        log.steps.append(record)
      case .epoch(let record):
        guard record.epoch < epoch else { return (log, byteCount) }
        log.epochs.append(record)
      }
      byteCount += line.count + 1
    }
    return (log, byteCount)
  }

  /// Appends the record of a line, for those who follow a run that is still being written.
  ///
  /// - Parameter line: The line, without its end.
  /// - Returns: Whether the line was a record; nothing is appended otherwise.
  public mutating func append(jsonLine line: some Collection<UInt8>) -> Bool {
    guard let record = try? JSONDecoder().decode(Line.self, from: Data(line)) else { return false }
    switch record {
    case .step(let record): steps.append(record)
    case .epoch(let record): epochs.append(record)
    }
    return true
  }

  /// Either kind of line; only a step has a member `step`.
  private enum Line: Decodable {
    case step(StepRecord)
    case epoch(EpochRecord)

    private enum CodingKeys: String, CodingKey {
      case step, epoch, learningRate, momentum, loss
      case trainLoss, testLoss, testAccuracy, wallSeconds, imagesPerSecond
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      func number(_ key: CodingKeys) throws -> Double {
        try container.decodeNil(forKey: key) ? .nan : container.decode(Double.self, forKey: key)
      }
      let epoch = try container.decode(Int.self, forKey: .epoch)
      if container.contains(.step) {
        self = .step(
          StepRecord(
            step: try container.decode(Int.self, forKey: .step), epoch: epoch,
            learningRate: try number(.learningRate), momentum: try number(.momentum),
            loss: container.contains(.loss) ? try number(.loss) : nil))
      } else {
        self = .epoch(
          EpochRecord(
            epoch: epoch,
            trainLoss: container.contains(.trainLoss) ? try number(.trainLoss) : nil,
            testLoss: try number(.testLoss), testAccuracy: try number(.testAccuracy),
            wallSeconds: try number(.wallSeconds), imagesPerSecond: try number(.imagesPerSecond)))
      }
    }
  }
}

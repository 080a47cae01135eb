#if canImport(FoundationEssentials)
private import FoundationEssentials
#else
private import Foundation
#endif

/// The records of a run as lines of JSON: `metrics.jsonl`.
///
/// A step is `{"step":…,"epoch":…,"learningRate":…,"momentum":…,"loss":…}`, an epoch
/// `{"epoch":…,"trainLoss":…,"testLoss":…,"testAccuracy":…,"wallSeconds":…,"imagesPerSecond":…}`.
/// A loss that is not finite is null, one that was not read is left out. Where the run was resumed there
/// is a line `{"resumedAtStep":…}` before the step that came next. But for those lines and the last two
/// numbers of an epoch, which are timings, two runs of one recipe write the same bytes.
public struct MetricsLog: Hashable, Sendable {
  /// The steps, in order.
  public private(set) var steps: [StepRecord] = []
  /// The epochs, in order.
  public private(set) var epochs: [EpochRecord] = []
  /// The steps before which the run was resumed, in order.
  public private(set) var resumedSteps: [Int] = []

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

extension MetricsLog {
  /// A line of JSON, without its end, that tells of a run resumed before a step.
  static func jsonLine(resumedAtStep step: Int) -> String {
    JSONText.object([("resumedAtStep", "\(step)")])
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
      let isBefore =
        switch record {
        case .step(let record): record.step < step
        case .epoch(let record): record.epoch < epoch
        case .resumedAtStep(let place): place < step
        }
      guard isBefore else { break }
      log.append(record)
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
    append(record)
    return true
  }

  private mutating func append(_ line: Line) {
    switch line {
    case .step(let record): steps.append(record)
    case .epoch(let record): epochs.append(record)
    case .resumedAtStep(let step): resumedSteps.append(step)
    }
  }

  /// One of the kinds of lines; only a step has a member `step`.
  private enum Line: Decodable {
    case step(StepRecord)
    case epoch(EpochRecord)
    case resumedAtStep(Int)

    private enum CodingKeys: String, CodingKey {
      case resumedAtStep, step, epoch, learningRate, momentum, loss
      case trainLoss, testLoss, testAccuracy, wallSeconds, imagesPerSecond
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      func number(_ key: CodingKeys) throws -> Double {
        try container.decodeNil(forKey: key) ? .nan : container.decode(Double.self, forKey: key)
      }
      if container.contains(.resumedAtStep) {
        self = .resumedAtStep(try container.decode(Int.self, forKey: .resumedAtStep))
        return
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

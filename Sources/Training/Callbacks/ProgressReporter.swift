/// Turns a run's events into what a person wants to see while waiting.
public final class ProgressReporter: Callback {
  /// Where a run is.
  public struct Report: Hashable, Sendable {
    /// Updates made.
    public let step: Int
    /// Updates of the whole run.
    public let stepCount: Int
    /// The epoch that the last update belongs to, from 0.
    public let epoch: Int
    /// Epochs of the whole run.
    public let epochCount: Int
    /// The learning rate of the last update.
    public let learningRate: Double
    /// The last loss that was read.
    public let loss: Double?
    /// The test accuracy after the last complete epoch, 0…1.
    public let testAccuracy: Double?
    /// Training images per second since the run began or was resumed, evaluations included.
    public let imagesPerSecond: Double
    /// Seconds until the end at this rate.
    public let secondsLeft: Double
  }

  /// The loss is wanted whenever a report is made.
  public let lossInterval: Int?
  private let interval: Int
  private let report: (Report) -> Void
  private var clock = Stopwatch()
  private var start: RunStart?
  private var testAccuracy: Double?

  /// Makes the callback.
  ///
  /// - Parameters:
  ///   - interval: Steps between two reports, ≥ 1; the first and the last step have one anyway.
  ///   - report: Is told where the run is.
  public init(every interval: Int = 1, report: @escaping (Report) -> Void) {
    precondition(interval >= 1, "reports are 1 or more steps apart")
    self.interval = interval
    lossInterval = interval
    self.report = report
  }

  /// Makes a report where one is due.
  public func handle(_ event: Event, of trainer: Trainer) -> Directive {
    switch event {
    case .runBegan(let start):
      self.start = start
      clock = Stopwatch()
      testAccuracy = nil
    case .stepEnded(let record):
      guard let start, isDue(record.step, of: start.stepCount) else { break }
      report(report(on: record, of: start))
    case .epochEnded(let record): testAccuracy = record.testAccuracy
    case .epochBegan, .runEnded: break
    }
    return .proceed
  }

  private func isDue(_ step: Int, of stepCount: Int) -> Bool {
    step.isMultiple(of: interval) || step == stepCount - 1
  }

  private func report(on record: StepRecord, of start: RunStart) -> Report {
    let made = record.step + 1
    let seconds = clock.seconds
    func images(_ step: Int) -> Double { Double(start.timetable.imageCount(by: step)) }
    let imagesPerSecond = (images(made) - images(start.firstStep)) / seconds
    return Report(
      step: made, stepCount: start.stepCount, epoch: record.epoch,
      epochCount: start.recipe.epochs, learningRate: record.learningRate, loss: record.loss,
      testAccuracy: testAccuracy,
      imagesPerSecond: imagesPerSecond,
      secondsLeft: (images(start.stepCount) - images(made)) / imagesPerSecond)
  }
}

import Plotting
public import Training

extension RunsFigure.Run {
  /// Which of the losses that a training records.
  public enum Loss: String, Hashable, Sendable, Codable {
    /// The mean over an epoch's steps.
    case training
    /// The mean over the test split after an epoch.
    case test

    /// The title of its axis.
    public var title: String { "\(rawValue) loss" }
  }

  /// Makes a run of what its seeds recorded.
  ///
  /// An epoch's measurements stand at its end: those of the first epoch, number 0, at 1.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - logs: The records of every seed.
  ///   - loss: Which losses are drawn.
  ///   - includesSteps: Whether the loss of every single step is drawn too, which also shows a run
  ///     that diverged before its first epoch was over, and the learning rate and the momentum.
  ///   - batch: Images in every step, for a count of samples; nil for none.
  public init(
    name: String, logs: [MetricsLog], loss: Loss = .training, includesSteps: Bool = false,
    batch: Int? = nil
  ) {
    let first = includesSteps ? logs.first : nil
    let losses = logs.map { log in
      RunsFigure.Curve(epochsOf: log) { loss == .test ? $0.testLoss : $0.trainLoss ?? .nan }
    }
    self.init(
      name: name, losses: losses.filter { $0.values.contains(where: \.isFinite) },
      accuracies: logs.map { RunsFigure.Curve(epochsOf: $0, \.testAccuracy) }
        .filter { !$0.epochs.isEmpty },
      stepLosses: includesSteps
        ? logs.compactMap { log in RunsFigure.Curve(stepsOf: log) { $0.loss } } : [],
      learningRate: first.flatMap { log in RunsFigure.Curve(stepsOf: log) { $0.learningRate } },
      momentum: first.flatMap { log in RunsFigure.Curve(stepsOf: log) { $0.momentum } },
      progress: logs.first.map { Self.measures(of: $0, name: name, batch: batch) } ?? [])
  }

  /// Steps, samples, the learning rate and seconds over epochs.
  private static func measures(of log: MetricsLog, name: String, batch: Int?) -> [Progress] {
    var tables: [Progress] = []
    if let steps = RunsFigure.Curve(stepsOf: log, { Double($0.step + 1) }) {
      var measures = [Progress.Measure(Axis("step", kind: .whole), values: steps.values)]
      if let batch {
        let samples = steps.values.map { $0 * Double(batch) }
        measures.append(Progress.Measure(Axis("samples", kind: .whole), values: samples))
      }
      measures.append(
        Progress.Measure(Axis("learning rate"), values: log.steps.map(\.learningRate)))
      tables.append(Progress(run: name, x: steps.epochs, measures: measures))
    }
    if !log.epochs.isEmpty {
      let seconds = Progress.Measure(
        Axis("wall time (s)"), values: [0] + log.epochs.map(\.wallSeconds))
      tables.append(
        Progress(run: name, x: [0] + log.epochs.map { Double($0.epoch + 1) }, measures: [seconds]))
    }
    return tables
  }
}

extension RunsFigure.Curve {
  /// Values of epochs, each at its end.
  fileprivate init(epochsOf log: MetricsLog, _ value: (EpochRecord) -> Double) {
    self.init(
      epochs: log.epochs.map { Double($0.epoch + 1) }, values: log.epochs.map(value),
      breaks: log.resumedSteps.isEmpty ? [] : Self.breaks(log, Self.places(log.steps)))
  }

  /// Values of steps over epochs, each at its step's end; nil when there are none.
  fileprivate init?(stepsOf log: MetricsLog, _ value: (StepRecord) -> Double?) {
    let measured = log.steps.compactMap { record in value(record).map { (record, $0) } }
    guard !measured.isEmpty else { return nil }
    let places = Self.places(log.steps)
    self.init(
      epochs: measured.map { record, _ in Self.epoch(of: record, at: 1, places) },
      values: measured.map(\.1), breaks: Self.breaks(log, places))
  }

  /// Where the run was resumed: halfway through the step that came next, which is after the end of the
  /// step before and before its own.
  private static func breaks(
    _ log: MetricsLog, _ places: [Int: (first: Int, count: Int)]
  ) -> [Double] {
    log.resumedSteps.compactMap { step in
      log.steps.first { $0.step >= step }.map { epoch(of: $0, at: 0.5, places) }
    }
  }

  /// The epoch at which a share of a step is over.
  private static func epoch(
    of record: StepRecord, at share: Double, _ places: [Int: (first: Int, count: Int)]
  ) -> Double {
    guard let place = places[record.epoch] else { return Double(record.epoch) }
    return Double(record.epoch) + (Double(record.step - place.first) + share) / Double(place.count)
  }

  /// The first step and the number of steps of each epoch.
  ///
  /// An epoch ends where the next one begins. The last one is as long as the one before it, or as far
  /// as it has come where that is further or the first.
  private static func places(_ records: [StepRecord]) -> [Int: (first: Int, count: Int)] {
    var places: [Int: (first: Int, count: Int)] = [:]
    for record in records {
      guard let place = places[record.epoch] else {
        let before = places[record.epoch - 1]
        let count = before.map { record.step - $0.first } ?? 1
        if let before { places[record.epoch - 1] = (before.first, count) }
        places[record.epoch] = (record.step, count)
        continue
      }
      places[record.epoch] = (place.first, max(place.count, record.step + 1 - place.first))
    }
    return places
  }
}

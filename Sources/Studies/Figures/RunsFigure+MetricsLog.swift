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
  ///     that diverged before its first epoch was over.
  public init(
    name: String, logs: [MetricsLog], loss: Loss = .training, includesSteps: Bool = false
  ) {
    let losses = logs.map { log in
      RunsFigure.Curve(log.epochs) { loss == .test ? $0.testLoss : $0.trainLoss ?? .nan }
    }
    self.init(
      name: name, losses: losses.filter { $0.values.contains(where: \.isFinite) },
      accuracies: logs.map { RunsFigure.Curve($0.epochs, \.testAccuracy) }
        .filter { !$0.epochs.isEmpty },
      stepLosses: includesSteps ? logs.compactMap { RunsFigure.Curve(steps: $0.steps) } : [])
  }
}

extension RunsFigure.Curve {
  fileprivate init(_ records: [EpochRecord], _ value: (EpochRecord) -> Double) {
    self.init(epochs: records.map { Double($0.epoch + 1) }, values: records.map(value))
  }

  /// The losses of steps over epochs; nil when none was read.
  fileprivate init?(steps records: [StepRecord]) {
    let measured = records.compactMap { record in record.loss.map { (record, $0) } }
    guard !measured.isEmpty else { return nil }
    let places = Self.places(records)
    self.init(
      epochs: measured.map { record, _ in
        guard let place = places[record.epoch] else { return Double(record.epoch) }
        return Double(record.epoch) + Double(record.step + 1 - place.first) / Double(place.count)
      }, values: measured.map(\.1))
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

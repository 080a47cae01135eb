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
    let stepsPerEpoch = Self.stepsPerEpoch(records)
    self.init(
      epochs: measured.map { Double($0.0.step + 1) / stepsPerEpoch }, values: measured.map(\.1))
  }

  /// Every epoch has as many steps, so the first step of a later epoch tells how many; a run that
  /// ended within its first epoch is drawn as if that was all of it.
  private static func stepsPerEpoch(_ records: [StepRecord]) -> Double {
    let turn = zip(records, records.dropFirst()).first { $0.epoch < $1.epoch }
    if let first = turn?.1, first.epoch > 0 { return Double(first.step) / Double(first.epoch) }
    return Double((records.last?.step ?? 0) + 1)
  }
}

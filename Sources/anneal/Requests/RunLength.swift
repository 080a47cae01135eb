import Schedules

/// The options that say how long a run is and what its units are.
enum RunLength {
  /// The most steps whose values are worth listing.
  static let limit = 10_000_000

  static let steps = Option.optional("steps", "N", .count(1...limit), "updates of the run")
  private static let epochs = Option.optional(
    "epochs", "E", .count(1...limit), "epochs of the run, instead of --steps")
  private static let stepsPerEpoch = Option.optional(
    "steps-per-epoch", "K", .count(1...limit), "updates in an epoch, the unit 'ep'")
  private static let batch = Option.optional(
    "batch", "B", .count(), "samples in an update, the unit 'sp'")
  private static let tokens = Option.optional(
    "tokens-per-sample", "T", .positive, "tokens in a sample, the unit 'tok'")
  private static let closed = Option.flag(
    "closed", "the last update reaches the end, as in PyTorch")

  static let options = [
    steps.declaration, epochs.declaration, stepsPerEpoch.declaration, batch.declaration,
    tokens.declaration, closed.declaration,
  ]

  /// The run that the options describe.
  ///
  /// - Throws: `CommandError` when they describe none, or two.
  static func horizon(_ arguments: Arguments) throws(CommandError) -> Horizon {
    let stepsPerEpoch = try arguments(stepsPerEpoch)
    let count: Int
    switch (try arguments(steps), try arguments(epochs)) {
    case (let steps?, nil): count = steps
    case (nil, let epochs?):
      guard let stepsPerEpoch else {
        throw .failure(.usage, "--epochs needs --steps-per-epoch K beside it")
      }
      let (product, overflow) = epochs.multipliedReportingOverflow(by: stepsPerEpoch)
      guard !overflow, product <= limit else {
        throw .failure(
          .usage, "--epochs \(epochs) of \(stepsPerEpoch) steps are more than \(limit) steps")
      }
      count = product
    case (nil, nil): throw .failure(.usage, "the run's length is missing: --steps N")
    case (_?, _?): throw .failure(.usage, "--steps and --epochs exclude each other")
    }
    return Horizon(
      steps: count, stepsPerEpoch: stepsPerEpoch.map(Double.init),
      samplesPerStep: try arguments(batch).map(Double.init),
      tokensPerSample: try arguments(tokens),
      end: try arguments(closed) ? .closed : .halfOpen)
  }
}

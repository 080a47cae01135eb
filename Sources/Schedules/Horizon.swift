/// What the units of a ``Span`` mean in one run: how many steps it has and what a step holds.
///
/// A ratio that a schedule does not use may be left out; one that it needs and does not find is an
/// error when the schedule is resolved, never a guess.
public struct Horizon: Hashable, Sendable {
  /// Where the last update of a run stands.
  public enum End: String, Hashable, Sendable, Codable, CaseIterable {
    /// The last update is one step short of the schedule's end, as in fastai, timm and optax.
    case halfOpen
    /// The last update is at the schedule's end, as in PyTorch's `OneCycleLR`.
    case closed
  }

  /// The number of optimiser updates in the run, ≥ 1.
  public var stepCount: Int
  /// Optimiser updates per pass over the training data, > 0.
  public var stepsPerEpoch: Double?
  /// The updates of every epoch, where they differ; they then stand before `stepsPerEpoch`.
  public var epochLengths: EpochLengths?
  /// Training samples per optimiser update, > 0.
  public var samplesPerStep: Double?
  /// The batch size of every update, where it changes; it then stands before `samplesPerStep`.
  public var batchSizes: BatchSizes?
  /// Tokens per training sample, > 0.
  public var tokensPerSample: Double?
  /// Whether the last update reaches the schedule's end.
  public var end: End

  /// A run of a number of optimiser updates.
  public init(
    steps: Int, stepsPerEpoch: Double? = nil, samplesPerStep: Double? = nil,
    tokensPerSample: Double? = nil, end: End = .halfOpen
  ) {
    self.stepCount = steps
    self.stepsPerEpoch = stepsPerEpoch
    self.samplesPerStep = samplesPerStep
    self.tokensPerSample = tokensPerSample
    self.end = end
  }

  /// A run whose batch size changes, with an update for each batch.
  ///
  /// A length in samples or tokens is then walked from where its phase begins. Epochs stay what
  /// `stepsPerEpoch` says.
  ///
  /// - Precondition: There is at least one batch, and all are ≥ 1.
  public init(
    batchSizes: some Sequence<Int>, stepsPerEpoch: Double? = nil, tokensPerSample: Double? = nil,
    end: End = .halfOpen
  ) {
    let sizes = BatchSizes(batchSizes)
    self.init(
      steps: sizes.stepCount, stepsPerEpoch: stepsPerEpoch, tokensPerSample: tokensPerSample,
      end: end)
    self.batchSizes = sizes
  }

  /// A run of whole epochs that differ in length.
  ///
  /// A length in epochs is then walked from where its phase begins.
  public init(
    epochLengths: EpochLengths, samplesPerStep: Double? = nil, end: End = .halfOpen
  ) {
    self.init(steps: epochLengths.stepCount, samplesPerStep: samplesPerStep, end: end)
    self.epochLengths = epochLengths
  }

  /// A run of whole epochs.
  public init(epochs: Int, stepsPerEpoch: Int, end: End = .halfOpen) {
    let (product, overflow) = epochs.multipliedReportingOverflow(by: stepsPerEpoch)
    // A product that does not fit stays out of range, so that resolving reports it.
    self.init(steps: overflow ? .max : product, stepsPerEpoch: Double(stepsPerEpoch), end: end)
  }
}

// MARK: - Lengths in steps

extension Horizon {
  /// The longest run that can be resolved, in steps.
  static let maximumStepCount = 1_000_000_000_000

  /// The schedule's length in steps: where the remainder ends.
  var length: Double { Double(end == .closed ? stepCount - 1 : stepCount) }

  /// Whether the lengths of a schedule depend on where they begin.
  func isWalked(by schedule: Schedule) -> Bool {
    schedule.containsSpan { span in
      (batchSizes != nil && span.isMeasuredInSamples) || (epochLengths != nil && span.epochs != 0)
    }
  }

  /// How far apart two instants may be and still count as the same step.
  ///
  /// Sums of spans are off by a few units in the last place; a knot that close to a step is on it.
  var tolerance: Double { max(1e-9, Double(stepCount) * 1e-14) }

  func validate() throws(ScheduleError) {
    guard (1...Horizon.maximumStepCount).contains(stepCount) else {
      throw .runLength(steps: stepCount)
    }
    let ratios = [
      ("stepsPerEpoch", stepsPerEpoch), ("samplesPerStep", samplesPerStep),
      ("tokensPerSample", tokensPerSample),
    ]
    for case (let name, let ratio?) in ratios where !(ratio > 0 && ratio.isFinite) {
      throw .ratio(name: name, value: ratio)
    }
  }

  /// A span's stated length in steps, its shares of the remainder left out.
  ///
  /// - Parameters:
  ///   - span: The length.
  ///   - start: Where it begins, in steps; nothing inside cycles, which are everywhere the same.
  ///   - phase: Whose length it is.
  /// - Returns: Steps; their number depends on the start only where batch sizes or epochs change.
  /// - Throws: A ``ScheduleError`` where the run lacks a ratio.
  func steps(
    of span: Span, from start: Double?, phase: @autoclosure () -> String
  ) throws(ScheduleError) -> Double {
    var total = span.steps
    if span.percent != 0 { total += span.percent * Double(stepCount) / 100 }
    if span.epochs != 0 {
      if let epochLengths {
        guard let start else { throw .unitNeeds("epochs of one length", phase: phase()) }
        let done = epochLengths.epochs(by: start + total)
        total = epochLengths.step(byEpochs: done + span.epochs) - start
      } else {
        guard let stepsPerEpoch else { throw .unitNeeds("stepsPerEpoch", phase: phase()) }
        total += span.epochs * stepsPerEpoch
      }
    }
    var samples = span.samples
    if span.tokens != 0 {
      guard let tokensPerSample else { throw .unitNeeds("tokensPerSample", phase: phase()) }
      samples += span.tokens / tokensPerSample
    }
    guard samples != 0 else { return total }
    if let batchSizes {
      guard let start else { throw .unitNeeds("a constant batch size", phase: phase()) }
      let seen = batchSizes.samples(by: start + total)
      return batchSizes.step(bySamples: seen + samples) - start
    }
    guard let samplesPerStep else { throw .unitNeeds("samplesPerStep", phase: phase()) }
    total += samples / samplesPerStep
    return total
  }
}

// MARK: - Codable

extension Horizon: Codable {
  /// Decodes a horizon; ratios may be absent, and `end` is `halfOpen` unless given.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      steps: try container.decode(Int.self, forKey: .stepCount),
      stepsPerEpoch: try container.decodeIfPresent(Double.self, forKey: .stepsPerEpoch),
      samplesPerStep: try container.decodeIfPresent(Double.self, forKey: .samplesPerStep),
      tokensPerSample: try container.decodeIfPresent(Double.self, forKey: .tokensPerSample),
      end: try container.decodeIfPresent(End.self, forKey: .end) ?? .halfOpen)
    epochLengths = try container.decodeIfPresent(EpochLengths.self, forKey: .epochLengths)
    batchSizes = try container.decodeIfPresent(BatchSizes.self, forKey: .batchSizes)
  }
}

import Datasets
import Networks
import Tensors

/// A program whose steps several processes make together, each with its share of a step's parts.
///
/// With A parts in a step and P processes, process r puts the parts r, P + r, 2P + r, … through its copy
/// of the network. After each round the gradients of its P parts are added to the sums of the step in the
/// order of the parts, so the sums, and with them the update that every process makes of them, are
/// those of one process that makes all A parts itself (but for the last bits where the collective sums on
/// devices, in their own order). So are the losses, which are exchanged for each
/// part, and the running statistics of batch norm: a process runs its part with a momentum of 1, which
/// leaves the part's own statistics in the place of the running ones, and the parts' are then counted in
/// one after the other.
final class SharedSteps {
  let program: TrainingProgram
  private let collective: any Collective
  private let buckets: [HostBucket]
  private let statistics: [Slot]
  private var running: HostBuffer

  /// Prepares the exchange.
  ///
  /// - Precondition: The parts of a step are a multiple of the processes.
  init(_ program: TrainingProgram, _ collective: any Collective) {
    let graph = program.graph
    precondition(
      graph.configuration.accumulation.isMultiple(of: collective.count),
      "\(graph.configuration.accumulation) parts for \(collective.count) processes")
    self.program = program
    self.collective = collective
    buckets = graph.gradientBuckets().map { HostBucket($0) }
    statistics = graph.runningStatistics
    running = HostBuffer(count: statistics.reduce(0) { $0 + graph[$1].shape.count })
  }

  /// The batches that are this process's.
  var share: BatchShare { BatchShare(index: collective.rank, of: collective.count) }

  /// Makes one update of the parts of all processes.
  ///
  /// - Parameters:
  ///   - loader: Gives this process's parts.
  ///   - inputs: Everything that changes from step to step.
  ///   - readsLoss: Whether the loss is wanted, the same in every process.
  /// - Returns: The mean loss of all parts before the update, if it is wanted.
  /// - Throws: Why the other processes cannot go on.
  func step(
    _ loader: Loader, _ inputs: StepInputs, readsLoss: Bool
  ) throws(CollectiveError) -> Double? {
    let graph = program.graph
    let parts = graph.configuration.accumulation
    var own = inputs
    own.batchNormMomentum = 1
    running.withMutableSpan { read(statistics, into: &$0) }
    var loss = 0.0
    for _ in 0..<parts / collective.count {
      loader.withNextBatch { program.differentiate($0, own) }
      // Before anything waits for the device: buckets may travel while it still computes.
      for bucket in buckets { try exchange(bucket) }
      if readsLoss || !statistics.isEmpty {
        let message = PartMessage(
          loss: readsLoss ? program.meanLoss(validCount: graph.configuration.batch) : 0,
          statistics: ownStatistics())
        for bytes in try collective.gather(message.bytes) {
          let message = PartMessage(bytes: bytes)
          loss += message.loss
          count(message.statistics, momentum: inputs.batchNormMomentum)
        }
      }
    }
    running.withSpan { write($0, to: statistics) }
    program.program.run(.update)
    return readsLoss ? loss / Double(parts) : nil
  }

  /// Judges a split, each process some of its batches.
  ///
  /// - Parameters:
  ///   - dataset: The split.
  ///   - augmentation: The views of each image whose mean logits are judged.
  ///   - judgesAverage: Whether the averages of the weights are judged in their place.
  /// - Returns: What one process would have found.
  /// - Throws: Why the other processes cannot go on.
  func evaluate(
    _ dataset: ImageDataset, augmentation: TestTimeAugmentation, judgesAverage: Bool
  ) throws(CollectiveError) -> Evaluation {
    if judgesAverage { program.exchangeAverages() }
    defer { if judgesAverage { program.exchangeAverages() } }
    let own = program.sums(dataset, augmentation: augmentation, share: share)
    let all = try collective.gather(BatchSums.bytes(own)).map { BatchSums.list($0) }
    let batches = all.map(\.count).reduce(0, +)
    return Evaluation(
      adding: (0..<batches).map { all[$0 % collective.count][$0 / collective.count] },
      count: dataset.count)
  }

  // MARK: - Gradients

  private func exchange(_ own: HostBucket) throws(CollectiveError) {
    let bucket = own.bucket
    if try collective.accumulate(bucket, of: program.program) { return }
    own.values.withMutableSpan { read(bucket.gradients, into: &$0) }
    own.totals.withMutableSpan { read(bucket.sums, into: &$0) }
    try own.values.withSpan { (values) throws(CollectiveError) in
      try own.totals.withMutableSpan { (totals) throws(CollectiveError) in
        try collective.add(values, onto: &totals)
      }
    }
    own.totals.withSpan { write($0, to: bucket.sums) }
  }

  /// Reads slots one behind the other.
  private func read(_ slots: [Slot], into values: inout MutableSpan<Float>) {
    unsafe values.withUnsafeMutableBufferPointer { values in
      var first = 0
      for slot in slots {
        let end = first + program.graph[slot].shape.count
        var part = unsafe UnsafeMutableBufferPointer(rebasing: values[first..<end]).mutableSpan
        program.program.read(slot, into: &part)
        first = end
      }
    }
  }

  /// Writes slots that stand one behind the other.
  private func write(_ values: Span<Float>, to slots: [Slot]) {
    var first = 0
    for slot in slots {
      let end = first + program.graph[slot].shape.count
      program.program.write(values.extracting(first..<end), to: slot)
      first = end
    }
  }

  // MARK: - Running statistics

  private func ownStatistics() -> [Float] {
    var values = [Float](repeating: 0, count: running.count)
    var span = values.mutableSpan
    read(statistics, into: &span)
    return values
  }

  /// Counts a part's statistics in, with the arithmetic of batch norm itself.
  private func count(_ part: [Float], momentum: Float) {
    let keep = 1 - Double(momentum)
    running.withMutableSpan { running in
      for index in part.indices {
        running[index] = Float(
          keep * Double(running[index]) + Double(momentum) * Double(part[index]))
      }
    }
  }
}

/// A bucket with room for its values on the host.
private final class HostBucket {
  let bucket: GradientBucket
  var values: HostBuffer
  var totals: HostBuffer

  init(_ bucket: GradientBucket) {
    self.bucket = bucket
    values = HostBuffer(count: bucket.valueCount)
    totals = HostBuffer(count: bucket.valueCount)
  }
}

/// What a process says of a part beside its gradients.
struct PartMessage: Hashable {
  var loss: Double
  var statistics: [Float]

  init(loss: Double, statistics: [Float]) {
    (self.loss, self.statistics) = (loss, statistics)
  }

  var bytes: [UInt8] {
    unsafe withUnsafeBytes(of: loss) { unsafe Array($0) }
      + statistics.withUnsafeBytes { unsafe Array($0) }
  }

  /// Reads what another process of this program wrote.
  init(bytes: [UInt8]) {
    (loss, statistics) = unsafe bytes.withUnsafeBytes { bytes in
      unsafe (
        bytes.loadUnaligned(as: Double.self),
        stride(from: 8, to: bytes.count, by: 4).map {
          unsafe bytes.loadUnaligned(fromByteOffset: $0, as: Float.self)
        }
      )
    }
  }
}

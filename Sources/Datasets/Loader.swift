import Dispatch
import Synchronization
import Tensors

/// A batch of a split, carried out and ready to be handed to a program.
///
/// Valid inside the closure of `Loader.withNextBatch` only: its memory is used for a later batch.
public final class LoadedBatch: @unchecked Sendable {
  // A batch belongs to the loader's thread or to the run's thread, never to both: the ring's
  // semaphores hand it over.

  /// Which samples it holds, and what happened to each.
  public fileprivate(set) var description: BatchDescription
  fileprivate var images: HostBuffer
  fileprivate var labels: HostBuffer
  fileprivate var others: HostBuffer

  /// Whether it has pixels; otherwise a device makes them from the description.
  public let hasImages: Bool

  fileprivate init(size: Int, imageSize: Int, hasImages: Bool) {
    description = BatchDescription(epoch: 0, step: 0, samples: [], choices: [])
    self.hasImages = hasImages
    images = HostBuffer(count: hasImages ? size * imageSize : 0)
    labels = HostBuffer(count: size)
    others = HostBuffer(count: 2 * size)
  }

  /// The number of samples; images and labels after them are 0.
  public var validCount: Int { description.validCount }

  /// Calls `body` with the normalised pixels, `[n, c, h, w]`.
  ///
  /// - Precondition: The batch has images.
  public func withImages<Result, Failure: Error>(
    _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(hasImages, "the batch is only described")
    return try images.withSpan(body)
  }

  /// Calls `body` with the class indices, `[n]`.
  public func withLabels<Result, Failure: Error>(
    _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try labels.withSpan(body)
  }

  /// Calls `body` with the classes that samples are mixed with, `[n]`, and their shares, `[n]`; both
  /// are 0 for samples that are not mixed.
  public func withOthers<Result, Failure: Error>(
    _ body: (_ labels: Span<Float>, _ shares: Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try others.withSpan { (values) throws(Failure) in
      let count = values.count / 2
      return try body(values.extracting(0..<count), values.extracting(count..<2 * count))
    }
  }

  fileprivate func fill(_ writer: BatchWriter, scratch: inout HostBuffer) {
    guard hasImages else {
      return labels.withMutableSpan { labels in
        others.withMutableSpan { others in
          writer.writeLabels(description, labels: &labels, others: &others)
        }
      }
    }
    images.withMutableSpan { images in
      labels.withMutableSpan { labels in
        others.withMutableSpan { others in
          scratch.withMutableSpan { scratch in
            writer.write(
              description, images: &images, labels: &labels, others: &others, scratch: &scratch)
          }
        }
      }
    }
  }
}

/// Prepares the batches of consecutive epochs on a background thread, in order.
///
/// What comes out is a function of the plan alone; the thread only decides when. It works at most
/// `prefetch` batches ahead, in memory that is allocated once.
///
///     let loader = Loader(data.training, plan: plan, epochs: 0..<10)
///     while let loss = loader.withNextBatch({ batch in step(batch) }) { … }
public final class Loader {
  /// The batches' description.
  public let plan: BatchPlan
  private let writer: BatchWriter
  private let imageSize: Int
  private let makesImages: Bool
  private let prefetch: Int
  private let share: BatchShare
  private let lastEpoch: Int
  private var ring: Ring
  /// The next batch to be handed out, counted within the share.
  private var epoch: Int
  private var step: Int

  /// Starts to prepare batches.
  ///
  /// - Parameters:
  ///   - dataset: The split.
  ///   - plan: Its batches.
  ///   - epochs: The epochs to go through.
  ///   - firstStep: The step of the first epoch to begin with, 0 to the steps of an epoch; those
  ///     before it are not prepared.
  ///   - share: Which of an epoch's batches to prepare.
  ///   - prefetch: Batches prepared ahead, ≥ 1.
  ///   - makesImages: Whether batches have pixels; a device that holds the split needs none.
  /// - Precondition: The plan is one of this split's sample count; every share begins at `firstStep`
  ///   with a batch of its own.
  public init(
    _ dataset: ImageDataset, plan: BatchPlan, epochs: Range<Int>, firstStep: Int = 0,
    share: BatchShare = .all, prefetch: Int = 2, makesImages: Bool = true
  ) {
    precondition(
      plan.sampler.count == dataset.count,
      "the plan is for \(plan.sampler.count) samples, the split has \(dataset.count)")
    precondition(prefetch >= 1, "at least one batch is prepared ahead")
    let stepsPerEpoch = plan.sampler.stepsPerEpoch
    precondition(
      0...stepsPerEpoch ~= firstStep, "step \(firstStep) is outside 0...\(stepsPerEpoch)")
    precondition(
      firstStep.isMultiple(of: share.count), "step \(firstStep) is no multiple of \(share.count)")
    self.plan = plan
    self.share = share
    writer = BatchWriter(dataset, augmentation: plan.augmentation)
    imageSize = dataset.imageSize
    self.makesImages = makesImages
    self.prefetch = prefetch
    let ownSteps = share.batchCount(of: stepsPerEpoch)
    let ownFirst = firstStep / share.count
    let isPastEpoch = ownFirst >= ownSteps && !epochs.isEmpty
    // A share of fewer batches than there are shares may have none at all.
    epoch = ownSteps == 0 ? epochs.upperBound : epochs.lowerBound + (isPastEpoch ? 1 : 0)
    step = isPastEpoch ? 0 : ownFirst
    lastEpoch = epochs.upperBound
    ring = Ring(
      plan: plan, writer: writer, imageSize: imageSize, epochs: epoch..<lastEpoch,
      firstStep: step, share: share, prefetch: prefetch, makesImages: makesImages)
  }

  deinit {
    ring.stop()
  }

  /// Hands out the next batch, waiting for it if need be; nil after the last epoch's last.
  public func withNextBatch<Result, Failure: Error>(
    _ body: (LoadedBatch) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    guard epoch < lastEpoch else { return nil }
    let batch = ring.take()
    defer { ring.giveBack() }
    step += 1
    if step == share.batchCount(of: plan.sampler.stepsPerEpoch) {
      step = 0
      epoch += 1
    }
    return try body(batch)
  }

  /// Leaves out whatever comes before the first batch of an epoch.
  ///
  /// - Precondition: `epoch` is not before the current one.
  public func skip(toEpoch epoch: Int) {
    precondition(epoch >= self.epoch, "epoch \(epoch) has passed")
    if epoch == self.epoch, step == 0 { return }
    ring.stop()
    self.epoch = min(epoch, lastEpoch)
    step = 0
    ring = Ring(
      plan: plan, writer: writer, imageSize: imageSize, epochs: self.epoch..<lastEpoch,
      firstStep: 0, share: share, prefetch: prefetch, makesImages: makesImages)
  }
}

/// A ring of batches that one thread fills and another empties.
///
/// Two semaphores count the free and the filled places; each also orders memory, so that a batch's
/// contents are seen whole by the thread that it is handed to.
private final class Ring: @unchecked Sendable {
  private let batches: [LoadedBatch]
  private let free = DispatchSemaphore(value: 0)
  private let filled = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)
  private let isStopped = Atomic(false)
  /// The place of the next batch to be taken; the taking thread's own.
  private var next = 0

  init(
    plan: BatchPlan, writer: BatchWriter, imageSize: Int, epochs: Range<Int>, firstStep: Int,
    share: BatchShare, prefetch: Int, makesImages: Bool
  ) {
    // One more than is prepared ahead: the batch in use.
    batches = (0...prefetch).map { _ in
      LoadedBatch(
        size: plan.sampler.batchSize, imageSize: imageSize, hasImages: makesImages)
    }
    for _ in batches { free.signal() }
    startBackgroundThread { [self] in
      fill(
        plan: plan, writer: writer, imageSize: imageSize, epochs: epochs, firstStep: firstStep,
        share: share)
      finished.signal()
    }
  }

  private func fill(
    plan: BatchPlan, writer: BatchWriter, imageSize: Int, epochs: Range<Int>, firstStep: Int,
    share: BatchShare
  ) {
    var order: [Int] = []
    var scratch = HostBuffer(count: plan.augmentation.mixes ? imageSize : 0)
    var place = 0
    for epoch in epochs {
      plan.sampler.fill(&order, epoch: epoch)
      let first = epoch == epochs.lowerBound ? firstStep : 0
      for own in first..<share.batchCount(of: plan.sampler.stepsPerEpoch) {
        free.wait()
        if isStopped.load(ordering: .acquiring) { return }
        let batch = batches[place]
        plan.describe(
          &batch.description, epoch: epoch, step: share.batch(own), order: order)
        batch.fill(writer, scratch: &scratch)
        filled.signal()
        place = (place + 1) % batches.count
      }
    }
  }

  func take() -> LoadedBatch {
    filled.wait()
    return batches[next]
  }

  func giveBack() {
    next = (next + 1) % batches.count
    free.signal()
  }

  /// Ends the filling thread and waits until it has ended.
  func stop() {
    isStopped.store(true, ordering: .releasing)
    free.signal()
    finished.wait()
  }
}

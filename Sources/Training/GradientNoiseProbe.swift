import Datasets
import Networks
public import Schedules
import Tensors

/// How the noise of the gradients is measured along a test: at how many places, over how many batches.
///
/// At each place the parameters are held while the gradients of several batches, disjoint and none
/// of the training's own, are computed. The mean of their squared norms belongs to the batch in
/// use; the squared norm of their mean to a batch that is as many times as large (McCandlish and
/// others 2018, arXiv 1812.06162, appendix A.1, where the batches are those of parallel workers).
/// Weight decay is no part of these gradients, and each batch is normalised by its own
/// statistics, as in training. Nothing of the training changes by it.
///
/// A place costs as much as its number of updates, without the optimiser's part.
public struct GradientNoiseProbe: Hashable, Sendable {
  /// The batches that are compared at a place, ≥ 2.
  public let batchCount: Int
  /// The places, spread evenly over the updates, ≥ 1.
  public let placeCount: Int

  /// Makes a probe.
  ///
  /// - Precondition: `batchCount` ≥ 2, `placeCount` ≥ 1.
  public init(batchCount: Int = 8, placeCount: Int = 10) {
    precondition(batchCount >= 2, "noise shows between at least 2 batches, found \(batchCount)")
    precondition(placeCount >= 1, "noise is measured at 1 place or more, found \(placeCount)")
    self.batchCount = batchCount
    self.placeCount = placeCount
  }

  /// The noise at one place.
  public struct Place: Hashable, Sendable {
    /// The update before which it was measured, from 0.
    public let update: Int
    /// The measured norms and what follows from them.
    public let scale: GradientNoiseScale
  }
}

extension HyperparameterFinder.Result {
  /// The places that speak for a training: those between Smith's bounds, where the loss falls and the
  /// training holds.
  ///
  /// Below them the network is still the initial one, whose gradients are large and alike; beyond
  /// them the loss rises because the steps are too large, and the gradients with it, so that the
  /// noise seems small. Where the curve has no bounds, or no place between them, it is the places up
  /// to the lowest smoothed loss.
  public var tellingPlaces: [GradientNoiseProbe.Place] {
    let smoothed = RangeTestSmoothing.fastai.smoothed(curve.losses)
    guard let lowest = smoothed.indices.min(by: { smoothed[$0] < smoothed[$1] }) else { return [] }
    let smith = curve.suggestions.smith
    let (base, max) = (smith.base.index ?? 0, smith.max.index ?? lowest)
    let between = noise.filter { $0.update >= base && $0.update <= max }
    return between.isEmpty ? noise.filter { $0.update <= lowest } : between
  }
}

/// A probe at work.
struct GradientNoiseMeter {
  private(set) var places: [GradientNoiseProbe.Place] = []
  private let probe: GradientNoiseProbe
  private let loader: Loader
  private let firstEpoch: Int
  private let interval: Int

  /// Prepares to measure along a training.
  ///
  /// - Parameters:
  ///   - probe: At how many places, over how many batches.
  ///   - dataset: The training images.
  ///   - batches: The training's batches.
  ///   - firstEpoch: The training's number of epochs: the orders after it are the meter's.
  ///   - updateCount: The updates of the training.
  /// - Throws: `TrainingError.recipe` if an epoch has fewer batches than the probe wants.
  init(
    _ probe: GradientNoiseProbe, dataset: ImageDataset, batches: BatchPlan,
    afterEpoch firstEpoch: Int, updateCount: Int
  ) throws(TrainingError) {
    let available = batches.sampler.stepsPerEpoch
    guard probe.batchCount <= available else {
      throw .recipe(
        field: "batch",
        expected:
          "at least \(probe.batchCount) batches in an epoch to measure the gradient's noise",
        found: "\(available)")
    }
    self.probe = probe
    self.firstEpoch = firstEpoch
    interval = max(1, updateCount / probe.placeCount)
    // Images are changed as strongly as the training's are at that moment.
    var batches = batches
    let strengths = batches.strengths.flatMap(\.self)
    if !strengths.isEmpty {
      let parts = strengths.count / updateCount
      for update in stride(from: 0, to: updateCount, by: interval) {
        batches.strengths.append([strengths[update * parts]])
      }
    }
    loader = Loader(
      dataset, plan: batches, epochs: firstEpoch..<firstEpoch + updateCount / interval + 1)
  }

  /// Measures, if it is the update's turn; a place where a norm is not finite is left out.
  mutating func observe(_ program: TrainingProgram, before update: Int, _ inputs: StepInputs) {
    guard update.isMultiple(of: interval) else { return }
    loader.skip(toEpoch: firstEpoch + update / interval)
    let scale = program.gradientNoise(loader, batchCount: probe.batchCount, inputs)
    if let scale { places.append(GradientNoiseProbe.Place(update: update, scale: scale)) }
  }
}

extension TrainingProgram {
  /// The norms of the gradients of some batches, one by one and of their mean, at the parameters as
  /// they are; changes neither parameters nor running statistics.
  ///
  /// - Parameters:
  ///   - loader: Gives the batches, all of them full.
  ///   - batchCount: How many to take, ≥ 2.
  ///   - inputs: Those of a training step.
  /// - Returns: The two measurements; nil where a norm is not finite.
  func gradientNoise(
    _ loader: Loader, batchCount: Int, _ inputs: StepInputs
  ) -> GradientNoiseScale? {
    var inputs = inputs
    // The batches' statistics do not go into the running ones.
    inputs.batchNormMomentum = 0
    let counts = graph.parameters.map { graph[$0.gradient].shape.count }
    var sums = counts.map { [Double](repeating: 0, count: $0) }
    var squares = 0.0
    for _ in 0..<batchCount {
      loader.withNextBatch { differentiate($0, inputs) }
      for (index, parameter) in graph.parameters.enumerated() {
        var values = [Float](repeating: 0, count: counts[index])
        var span = values.mutableSpan
        program.read(parameter.gradient, into: &span)
        for position in values.indices {
          let value = Double(values[position])
          squares += value * value
          sums[index][position] += value
        }
      }
    }
    let count = Double(batchCount)
    let squareOfMean = sums.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } } / (count * count)
    return try? GradientNoiseScale(
      small: .init(batchSize: graph.configuration.batch, squaredNorm: squares / count),
      large: .init(
        batchSize: graph.configuration.batch * batchCount, squaredNorm: squareOfMean))
  }
}

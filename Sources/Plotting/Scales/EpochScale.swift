/// A scale whose data are optimiser steps and whose ticks are whole epochs.
///
/// Runs with different batch sizes have different steps per epoch; their marks are then given in
/// epochs on a `LinearScale` instead.
public struct EpochScale: Scale, Hashable {
  /// The steps at the two ends.
  public let domain: ClosedRange<Double>
  /// Optimiser steps in one epoch, > 0; not necessarily whole.
  public let stepsPerEpoch: Double
  private let epochs: LinearScale

  /// Makes a scale of epochs.
  ///
  /// - Parameters:
  ///   - domain: The steps at the two ends.
  ///   - stepsPerEpoch: Optimiser steps in one epoch.
  /// - Precondition: `stepsPerEpoch` is positive and finite.
  public init(domain: ClosedRange<Double>, stepsPerEpoch: Double) {
    precondition(stepsPerEpoch > 0 && stepsPerEpoch.isFinite, "an epoch has at least one step")
    let epochs = LinearScale(
      domain: (domain.lowerBound / stepsPerEpoch)...(domain.upperBound / stepsPerEpoch),
      usesWholeTicks: true)
    self.epochs = epochs
    self.stepsPerEpoch = stepsPerEpoch
    let steps = { (epoch: Double) in epoch * stepsPerEpoch }
    self.domain = steps(epochs.domain.lowerBound)...steps(epochs.domain.upperBound)
  }

  /// The position of a step: 0 at the lower end of the domain, 1 at the upper.
  public func fraction(of value: Double) -> Double? {
    epochs.fraction(of: value / stepsPerEpoch)
  }

  /// Ticks at whole epochs, labelled with the epoch and placed at its step.
  public func ticks(atMost count: Int) -> [Tick] {
    epochs.ticks(atMost: count).map { Tick(value: $0.value * stepsPerEpoch, label: $0.label) }
  }
}

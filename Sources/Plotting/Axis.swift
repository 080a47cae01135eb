/// One direction of a plot: what it measures, on which scale, and how far it reaches.
public struct Axis: Hashable, Sendable {
  /// The kind of scale.
  public enum Kind: Hashable, Sendable {
    /// Equal differences take equal room.
    case linear
    /// Equal ratios take equal room; zero and below have no place.
    case logarithmic
    /// Linear, with ticks at whole numbers only: steps, or epochs that are numbered as such.
    case whole
    /// Linear, with data in optimiser steps and ticks at whole epochs.
    case epochs(stepsPerEpoch: Double)
    /// Linear, with shares written as per cent.
    case percent
  }

  /// What is measured, with the unit if it has one, for example "learning rate".
  public let title: String
  /// The kind of scale.
  public let kind: Kind
  /// The values at the two ends; nil to show all data.
  public let domain: ClosedRange<Double>?
  /// Whether an automatic domain reaches to zero.
  public let includesZero: Bool

  /// Makes an axis.
  ///
  /// - Parameters:
  ///   - title: What is measured.
  ///   - kind: The kind of scale.
  ///   - domain: The values at the two ends; nil to show all data.
  ///   - includesZero: Whether an automatic domain reaches to zero.
  public init(
    _ title: String, kind: Kind = .linear, domain: ClosedRange<Double>? = nil,
    includesZero: Bool = false
  ) {
    self.title = title
    self.kind = kind
    self.domain = domain
    self.includesZero = includesZero
  }

  /// An extent to collect the data of this axis in.
  var emptyExtent: Extent { Extent(isPositiveOnly: kind == .logarithmic) }

  /// The scale for the data of a plot.
  ///
  /// - Parameters:
  ///   - extent: The data's range.
  ///   - margin: Free room at each end of an automatic domain, as a share of the data's span.
  /// - Returns: The scale of the axis's kind.
  func scale(for extent: Extent, margin: Double) -> any Scale {
    let range = domain ?? automaticDomain(for: extent, margin: margin)
    switch kind {
    case .linear: return LinearScale(domain: range)
    case .logarithmic: return LogScale(domain: range)
    case .whole: return LinearScale(domain: range, usesWholeTicks: true)
    case .epochs(let stepsPerEpoch): return EpochScale(domain: range, stepsPerEpoch: stepsPerEpoch)
    case .percent: return LinearScale(domain: range, style: .percent)
    }
  }

  private func automaticDomain(for extent: Extent, margin: Double) -> ClosedRange<Double> {
    var extent = extent
    if includesZero { extent.include(0) }
    guard let range = extent.range else { return kind == .logarithmic ? 0.1...1 : 0...1 }
    if kind == .logarithmic {
      let room = decimalLogarithm(range.upperBound / range.lowerBound) * margin
      // Half a decade at most, where a handful of points spans very many.
      let factor = 1 + min(room, 0.5) * 2.3
      return margin == 0 ? range : (range.lowerBound / factor)...(range.upperBound * factor)
    }
    let limit = LinearScale.limit
    let bottom = min(max(range.lowerBound, -limit), limit)
    let top = min(max(range.upperBound, -limit), limit)
    let span = top - bottom
    var lower = bottom - span * margin
    var upper = top + span * margin
    // An axis that nearly reaches zero had better reach it, and must not go past it: there are no
    // negative losses or rates for the reader to wonder about.
    if margin > 0 && span > 0 {
      if bottom >= 0 && bottom < span * 0.15 { lower = 0 }
      if top <= 0 && -top < span * 0.15 { upper = 0 }
    }
    return lower...upper
  }
}

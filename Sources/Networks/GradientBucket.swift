import Tensors

/// Gradients that processes add up at one go: as one flat list of values, in the order in which the
/// backward pass completes them.
///
/// One message for each parameter would be mostly waiting, one for all of them could only begin when
/// the backward pass has ended; a few buckets of some megabytes are between the two (Li and others
/// 2020, arXiv 2006.15704, section 3.2.3).
public struct GradientBucket: Hashable, Sendable {
  /// The gradients of the parameters.
  public let gradients: [Slot]
  /// The sums of a step's parts that they are added to, one for each.
  public let sums: [Slot]
  /// The values of all of them.
  public let valueCount: Int
  /// The position, in the backward pass, of the operation after which the gradients are whole.
  public let lastOperation: Int

  /// The bytes of the values.
  public var byteCount: Int { 4 * valueCount }

  /// Bytes in a bucket unless told otherwise.
  public static let byteLimit = 8 << 20
}

extension Graph {
  /// The gradients of all parameters in buckets, in the order in which the backward pass completes them.
  ///
  /// - Parameter byteLimit: The most bytes of a bucket with more than one parameter, ≥ 1.
  /// - Returns: Every parameter's gradient, once.
  /// - Precondition: A step has several parts, so that there are sums.
  public func gradientBuckets(
    byteLimit: Int = GradientBucket.byteLimit
  ) -> [GradientBucket] {
    precondition(byteLimit >= 1, "a bucket holds 1 byte or more, found \(byteLimit)")
    let lastWrites = lastBackwardWrites
    let completed = parameters.enumerated().map { index, parameter in
      guard let sum = parameter.gradientSum, let last = lastWrites[parameter.gradient] else {
        preconditionFailure("\(self[parameter.values].name) has no gradient to add up")
      }
      return (index: index, gradient: parameter.gradient, sum: sum, last: last)
    }.sorted { ($0.last, $0.index) < ($1.last, $1.index) }
    var buckets: [GradientBucket] = []
    var first = completed.startIndex
    while first < completed.endIndex {
      var (end, count) = (first, 0)
      while end < completed.endIndex {
        let next = self[completed[end].gradient].shape.count
        if end > first, 4 * (count + next) > byteLimit { break }
        (end, count) = (end + 1, count + next)
      }
      let members = completed[first..<end]
      buckets.append(
        GradientBucket(
          gradients: members.map(\.gradient), sums: members.map(\.sum), valueCount: count,
          lastOperation: completed[end - 1].last))
      first = end
    }
    return buckets
  }

  /// The position, in the backward pass, of the last operation that writes each slot.
  package var lastBackwardWrites: [Slot: Int] {
    var positions: [Slot: Int] = [:]
    for (position, operation) in operations(.backward).enumerated() {
      for slot in operation.writes { positions[slot] = position }
    }
    return positions
  }

  /// The running statistics of batch norm, which move with every batch in training.
  public var runningStatistics: [Slot] {
    operations(.forward).flatMap { operation in
      guard case .batchNormForward(let op) = operation else { return [Slot]() }
      return [op.runningMean, op.runningVariance]
    }
  }
}
